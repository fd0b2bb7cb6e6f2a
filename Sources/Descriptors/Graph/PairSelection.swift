import MaterialsCore
import Neighborhoods

/// Pairs of a neighbour list, some of which become edges.
struct PairSelection {
    /// All pairs within a radius.
    let list: NeighborList
    /// Which of them are edges.
    var keeps: [Bool]
    /// Covers all pairs, so that nobody has to look.
    let keepsAll: Bool

    init(_ list: NeighborList, keepsAll: Bool = true) {
        (self.list, self.keepsAll) = (list, keepsAll)
        keeps = keepsAll ? [] : [Bool](repeating: false, count: list.pairCount)
    }

    func keeps(_ pair: Int) -> Bool { keepsAll || keeps[pair] }

    /// The same edges among the pairs within a longer radius.
    func widened(_ crystal: CrystalStructure, cutoff: Double) throws(CandidateDefect) -> PairSelection {
        var wider = PairSelection(try NeighborList(crystal, cutoff: cutoff), keepsAll: false)
        for i in 0..<list.atomCount {
            // Both lists have the same order, so the shorter one is met in passing.
            var next = wider.list.range(of: i).lowerBound
            for e in list.range(of: i) {
                while wider.list.neighbors[next] != list.neighbors[e] || wider.list.images[next] != list.images[e] { next += 1 }
                wider.keeps[next] = keeps(e)
            }
        }
        return wider
    }

    /// Keeps the reverse of every edge.
    mutating func symmetrize() {
        for i in 0..<list.atomCount {
            for e in list.range(of: i) where keeps[e] {
                // Rounding can leave the reverse of the longest pairs outside the list.
                if let reverse = reverse(of: e, from: i) { keeps[reverse] = true }
            }
        }
    }

    /// The pair j → i of a pair i → j, by bisection of the sorted pairs of j.
    private func reverse(of pair: Int, from i: Int) -> Int? {
        let range = list.range(of: Int(list.neighbors[pair]))
        let image = 0 &- list.images[pair].cells
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if Self.isBefore(Int(list.neighbors[middle]), list.images[middle].cells, i, image) { low = middle + 1 } else { high = middle }
        }
        return low < range.upperBound && Int(list.neighbors[low]) == i && list.images[low].cells == image ? low : nil
    }

    /// The order of edges that leave one atom.
    static func isBefore(_ j: Int, _ m: SIMD3<Int32>, _ k: Int, _ n: SIMD3<Int32>) -> Bool {
        if j != k { return j < k }
        if m.x != n.x { return m.x < n.x }
        return m.y != n.y ? m.y < n.y : m.z < n.z
    }

    /// Adds the edges as a graph.
    func append(to graphs: inout CrystalGraphColumn, _ atomicNumbers: [UInt8]) {
        for i in 0..<list.atomCount {
            for e in list.range(of: i) where keepsAll || keeps[e] {
                graphs.appendEdge(
                    to: UInt32(list.neighbors[e]), image: list.images[e].cells, vector: list.vectors[e], distance: list.distances[e])
            }
            graphs.endNode(atomicNumbers[i])
        }
        graphs.endGraph()
    }
}

/// Takes the atoms of some elements out of a net and joins those that they joined.
struct BridgeContraction {
    private struct Edge {
        var target: Int32
        var image: SIMD3<Int32>
        var vector: CartesianVector
    }

    /// Edges of each atom that stays.
    private var edges: [[Edge]]
    private let atomicNumbers: [UInt8]
    /// New number of each atom; negative for those taken out.
    private var numbers: [Int32]

    init(_ pairs: PairSelection, _ atomicNumbers: [UInt8], _ bridges: [UInt8]) throws(CandidateDefect) {
        self.atomicNumbers = atomicNumbers
        numbers = []
        var next: Int32 = 0
        for z in atomicNumbers {
            let stays = !bridges.contains(z)
            numbers.append(stays ? next : -1)
            if stays { next += 1 }
        }
        if next == 0 { throw CandidateDefect("empty-graph", "all atoms are among the elements in 'bridges'") }
        edges = [[Edge]](repeating: [], count: Int(next))
        collect(pairs)
    }

    private mutating func collect(_ pairs: PairSelection) {
        let list = pairs.list
        for i in 0..<list.atomCount {
            for e in list.range(of: i) where pairs.keeps(e) {
                let j = Int(list.neighbors[e])
                if numbers[i] >= 0 {
                    if numbers[j] >= 0 { add(i, Edge(target: Int32(j), image: list.images[e].cells, vector: list.vectors[e])) }
                } else if numbers[j] >= 0 {
                    for f in list.range(of: i) where f != e && pairs.keeps(f) && numbers[Int(list.neighbors[f])] >= 0 {
                        let image = list.images[f].cells &- list.images[e].cells
                        add(j, Edge(target: list.neighbors[f], image: image, vector: list.vectors[f] - list.vectors[e]))
                    }
                }
            }
        }
    }

    private mutating func add(_ source: Int, _ edge: Edge) {
        if Int(edge.target) == source, edge.image == .zero { return }
        edges[Int(numbers[source])].append(edge)
    }

    /// Adds the net as a graph; edges over several bridges stand once.
    func append(to graphs: inout CrystalGraphColumn) {
        for i in atomicNumbers.indices where numbers[i] >= 0 {
            var last: Edge?
            let sorted = edges[Int(numbers[i])].sorted { PairSelection.isBefore(Int($0.target), $0.image, Int($1.target), $1.image) }
            for edge in sorted {
                if let last, last.target == edge.target, last.image == edge.image { continue }
                graphs.appendEdge(
                    to: UInt32(numbers[Int(edge.target)]), image: edge.image, vector: edge.vector, distance: edge.vector.length)
                last = edge
            }
            graphs.endNode(atomicNumbers[i])
        }
        graphs.endGraph()
    }
}
