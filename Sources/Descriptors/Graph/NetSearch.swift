import MaterialsCore

/// Breadth-first search through the infinite net that a crystal graph stands for.
///
/// A node of the net is a node of the graph and the cell it lies in. After `explore` the nodes met stand shell by shell, in the order in
/// which the sorted edges lead to them.
///
/// - Scope:    cells up to ±8,191 along each axis and 2²² nodes in the graph; beyond, `net-too-large`
/// - Cost:     one look-up in a hash table per edge of every node met
struct NetSearch {
    /// Nodes that one search may meet.
    private static let maximumNodes = 1 << 24
    private static let limit: Int32 = 8191

    let graph: CrystalGraphColumn
    /// Node of the graph, by order of discovery.
    private(set) var nodes: [Int32] = []
    /// Cell of each.
    private(set) var cells: [SIMD3<Int32>] = []
    /// Start of each shell in `nodes`, and the end.
    private(set) var shells: [Int] = []
    /// Number of shortest paths from the start to each node met.
    private(set) var paths: [Double] = []
    /// Open addressing; 0 is empty.
    private var keys: [UInt64]
    private var places: [Int32]

    /// Searches the only graph of a column.
    init(_ graph: CrystalGraphColumn) throws(CandidateDefect) {
        self.graph = graph
        keys = [UInt64](repeating: 0, count: 1 << 10)
        places = [Int32](repeating: 0, count: 1 << 10)
        if graph.nodeCount >= 1 << 22 { throw Self.tooLarge }
    }

    private static let tooLarge = CandidateDefect(
        "net-too-large", "the net reaches too far to be searched; choose fewer shells or shorter bonds")

    /// Number of nodes in shell `k`; 0 beyond the last.
    func shellCount(_ k: Int) -> Int { k + 1 < shells.count ? shells[k + 1] - shells[k] : 0 }

    /// Range of shell `k` in `nodes`.
    func shell(_ k: Int) -> Range<Int> { k + 1 < shells.count ? shells[k]..<shells[k + 1] : nodes.count..<nodes.count }

    /// Meets all nodes up to `depth` edges away from node `start` in cell `cell`; `blocked`, in the zero cell, is not passed.
    mutating func explore(from start: Int, cell: SIMD3<Int32> = .zero, depth: Int, blocked: Int? = nil) throws(CandidateDefect) {
        begin(start, cell, blocked)
        for _ in 0..<depth {
            try addShell()
            if shellCount(shells.count - 2) == 0 { break }
        }
    }

    /// Starts a search without going anywhere.
    mutating func begin(_ start: Int, _ cell: SIMD3<Int32>, _ blocked: Int?) {
        clear()
        if let blocked {
            let place = slot(Self.key(Int32(blocked), .zero))
            (keys[place], places[place]) = (Self.key(Int32(blocked), .zero), -1)
        }
        insert(Int32(start), cell, at: slot(Self.key(Int32(start), cell)), paths: 1)
        shells = [0, 1]
    }

    /// Goes one shell further.
    mutating func addShell() throws(CandidateDefect) {
        let last = shells[shells.count - 2]..<shells[shells.count - 1]
        for n in last {
            let edges = graph.edges(ofNode: Int(nodes[n]))
            for e in edges {
                let (target, cell) = (graph.targets[e], cells[n] &+ graph.images[e].cells)
                if Self.isFar(cell) { throw Self.tooLarge }
                let place = slot(Self.key(target, cell))
                if keys[place] == 0 {
                    if nodes.count >= Self.maximumNodes { throw Self.tooLarge }
                    insert(target, cell, at: place, paths: paths[n])
                } else if Int(places[place]) >= last.upperBound {
                    paths[Int(places[place])] += paths[n]
                }
            }
        }
        shells.append(nodes.count)
    }

    /// Place of a node of the net in `nodes`, where it was met.
    func place(of node: Int32, _ cell: SIMD3<Int32>) -> Int? {
        if Self.isFar(cell) { return nil }
        let key = Self.key(node, cell)
        let place = slot(key)
        return keys[place] == key && places[place] >= 0 ? Int(places[place]) : nil
    }

    private static func isFar(_ cell: SIMD3<Int32>) -> Bool {
        max(abs(cell.x), abs(cell.y), abs(cell.z)) > limit
    }

    /// Never 0.
    private static func key(_ node: Int32, _ cell: SIMD3<Int32>) -> UInt64 {
        let (a, b, c) = (UInt64(cell.x + limit + 1), UInt64(cell.y + limit + 1), UInt64(cell.z + limit + 1))
        return UInt64(node) << 42 | a << 28 | b << 14 | c
    }

    /// Where a key is, or would go.
    private func slot(_ key: UInt64) -> Int {
        let mask = keys.count - 1
        var place = Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> 24) & mask
        while keys[place] != 0, keys[place] != key { place = (place + 1) & mask }
        return place
    }

    private mutating func insert(_ node: Int32, _ cell: SIMD3<Int32>, at place: Int, paths count: Double) {
        (keys[place], places[place]) = (Self.key(node, cell), Int32(nodes.count))
        nodes.append(node)
        cells.append(cell)
        paths.append(count)
        if 2 * nodes.count + 2 > keys.count { grow() }
    }

    private mutating func grow() {
        let (oldKeys, oldPlaces) = (keys, places)
        keys = [UInt64](repeating: 0, count: 2 * oldKeys.count)
        places = [Int32](repeating: 0, count: keys.count)
        for i in oldKeys.indices where oldKeys[i] != 0 {
            let place = slot(oldKeys[i])
            (keys[place], places[place]) = (oldKeys[i], oldPlaces[i])
        }
    }

    private mutating func clear() {
        for i in keys.indices { keys[i] = 0 }
        nodes.removeAll(keepingCapacity: true)
        cells.removeAll(keepingCapacity: true)
        paths.removeAll(keepingCapacity: true)
        shells.removeAll(keepingCapacity: true)
    }
}
