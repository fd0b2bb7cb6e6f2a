import MaterialsCore

/// The vertices of a tessellation as a periodic network: where a sphere has most room, and the ways from one to the next.
///
/// Every vertex of the tessellation is a node once, whatever the number of cells that meet there; every edge of a cell is an edge, once in
/// each direction. Clearance is the distance to the nearest surface of an atom (radius as given), negative inside atoms.
///
/// - Input:    a tessellation and radii in Å (those whose squares weighted it, or any others; none: zero)
/// - Output:   nodes in the order of their first appearance (by atom), edges sorted by node, then other node, then offset
/// - Numerics: vertices nearer than `tolerance` (10⁻⁶ of the mean atomic diameter) are one node. Clearances
///   look at the atoms whose cells meet there: exact where all radii are equal; else a large atom beyond them may be nearer by its surface
/// - Cost:     a neighbour search over all vertices
/// - Source:   T. F. Willems, C. H. Rycroft, M. Kazi, J. C. Meza, M. Haranczyk, Microporous Mesoporous Mater. 149, 134 (2012),
///   doi:10.1016/j.micromeso.2011.08.020
public struct VoronoiNetwork: Sendable {
    /// An atom in some cell.
    public struct Site: Hashable, Sendable {
        /// Entry of the structure.
        public var atom: Int32
        /// Cells by which it is moved.
        public var image: CellOffset
    }

    /// A way along an edge of the tessellation.
    public struct Edge: Hashable, Sendable {
        /// Nodes.
        public var from, to: Int32
        /// Cells by which `to` is moved.
        public var offset: CellOffset
        /// Least clearance along the way, Å.
        public var bottleneck: Double
    }

    /// Position of each node, from the atom it was first found at (not wrapped).
    public private(set) var positions: [FractionalPosition] = []
    /// Distance to the nearest surface of an atom, Å: the radius of the largest sphere that fits there.
    public private(set) var clearances: [Double] = []
    /// `nodes + 1` offsets into `sites`.
    public private(set) var siteOffsets: [Int] = [0]
    /// Atoms whose cells meet at each node: four, or more where the crystal's symmetry wants it.
    public private(set) var sites: [Site] = []
    /// `nodes + 1` offsets into `edges`.
    public private(set) var edgeOffsets: [Int] = [0]
    /// Edges in both directions.
    public private(set) var edges: [Edge] = []

    /// Nodes.
    public var nodeCount: Int { positions.count }
    /// Atoms at a node.
    public func sites(of node: Int) -> ArraySlice<Site> { sites[siteOffsets[node]..<siteOffsets[node + 1]] }
    /// Edges that leave a node.
    public func edges(of node: Int) -> ArraySlice<Edge> { edges[edgeOffsets[node]..<edgeOffsets[node + 1]] }

    /// Makes the network of a tessellation of the crystal.
    public init(_ tessellation: VoronoiTessellation, _ crystal: CrystalStructure, radii: [Double] = []) throws(CandidateDefect) {
        precondition(tessellation.atomCount == crystal.count && (radii.isEmpty || radii.count == crystal.count))
        let radii = radii.isEmpty ? [Double](repeating: 0, count: crystal.count) : radii
        let merged = try MergedVertices(tessellation, crystal)
        positions = merged.representatives.map { merged.positions[$0] }
        addSites(merged, tessellation, crystal, radii)
        addEdges(merged, tessellation, radii)
    }

    private mutating func addSites(
        _ merged: MergedVertices, _ tessellation: VoronoiTessellation, _ crystal: CrystalStructure, _ radii: [Double]
    ) {
        var members = [[Site]](repeating: [], count: merged.representatives.count)
        clearances = [Double](repeating: .infinity, count: members.count)
        for v in merged.positions.indices {
            let (node, atom) = (Int(merged.nodes[v]), Int(merged.atoms[v]))
            let site = Site(atom: Int32(atom), image: CellOffset(0 &- merged.shifts[v]))
            if !members[node].contains(site) { members[node].append(site) }
            clearances[node] = min(clearances[node], tessellation.vertices[v].length - radii[atom])
        }
        for node in members.indices {
            sites += members[node].sorted { $0.atom != $1.atom ? $0.atom < $1.atom : $0.image < $1.image }
            siteOffsets.append(sites.count)
        }
    }

    private mutating func addEdges(_ merged: MergedVertices, _ tessellation: VoronoiTessellation, _ radii: [Double]) {
        var found: [Edge] = []
        for atom in 0..<tessellation.atomCount {
            let base = tessellation.vertexOffsets[atom]
            for face in tessellation.faces(of: atom) {
                let loop = tessellation.loops[tessellation.loopOffsets[face]..<tessellation.loopOffsets[face + 1]]
                var (p, q) = (base + Int(loop.last!), 0)
                for corner in loop {
                    q = base + Int(corner)
                    if let edge = merged.edge(p, q) {
                        let room = leastLength(tessellation.vertices[p], tessellation.vertices[q]) - radii[atom]
                        found.append(Edge(from: edge.from, to: edge.to, offset: edge.offset, bottleneck: room))
                        found.append(Edge(from: edge.to, to: edge.from, offset: -edge.offset, bottleneck: room))
                    }
                    p = q
                }
            }
        }
        found.sort(by: Self.isOrdered)
        var node = 0
        for var edge in found {
            // The narrowest comes first among those of the same way.
            if let last = edges.last, last.from == edge.from, last.to == edge.to, last.offset == edge.offset { continue }
            while node < Int(edge.from) {
                edgeOffsets.append(edges.count)
                node += 1
            }
            edge.bottleneck = min(edge.bottleneck, clearances[Int(edge.from)], clearances[Int(edge.to)])
            edges.append(edge)
        }
        while edgeOffsets.count <= nodeCount { edgeOffsets.append(edges.count) }
    }

    private static func isOrdered(_ a: Edge, _ b: Edge) -> Bool {
        if a.from != b.from { return a.from < b.from }
        if a.to != b.to { return a.to < b.to }
        return a.offset != b.offset ? a.offset < b.offset : a.bottleneck < b.bottleneck
    }

    /// Least distance from the origin along a segment.
    private func leastLength(_ p: CartesianVector, _ q: CartesianVector) -> Double {
        let d = q - p
        let along = max(0, min(1, -p.dot(d) / d.squaredLength))
        return (p + along * d).length
    }
}

/// Vertices of all cells and which of them are the same point of the crystal.
struct MergedVertices {
    /// Position of each vertex, beside its atom.
    private(set) var positions: [FractionalPosition] = []
    /// Atom of each vertex.
    private(set) var atoms: [Int32] = []
    /// Node of each vertex.
    private(set) var nodes: [Int32] = []
    /// position of the vertex = position of the node + shift.
    private(set) var shifts: [SIMD3<Int32>] = []
    /// First vertex of each node.
    private(set) var representatives: [Int] = []

    init(_ tessellation: VoronoiTessellation, _ crystal: CrystalStructure) throws(CandidateDefect) {
        for atom in 0..<tessellation.atomCount {
            for v in tessellation.vertexOffsets[atom]..<tessellation.vertexOffsets[atom + 1] {
                let f = crystal.lattice.fractional(tessellation.vertices[v]).coordinates
                positions.append(FractionalPosition(crystal.positions[atom].coordinates + f))
                atoms.append(Int32(atom))
            }
        }
        let points = CrystalStructure(
            lattice: crystal.lattice, atomicNumbers: [UInt8](repeating: 1, count: positions.count), positions: positions)
        let spacing = PortableMath.cbrt(crystal.lattice.volume / Double(max(crystal.count, 1)))
        merge(try NeighborList(points, cutoff: 1e-6 * spacing))
    }

    /// Walks from the first vertex of a node to all that lie on it.
    private mutating func merge(_ list: NeighborList) {
        nodes = [Int32](repeating: -1, count: positions.count)
        shifts = [SIMD3<Int32>](repeating: SIMD3(0, 0, 0), count: positions.count)
        for v in positions.indices where nodes[v] < 0 {
            let node = Int32(representatives.count)
            representatives.append(v)
            nodes[v] = node
            var open = [v]
            while let u = open.popLast() {
                for p in list.range(of: u) where nodes[Int(list.neighbors[p])] < 0 {
                    let w = Int(list.neighbors[p])
                    // u + 0 = w + image, and u = node + shift.
                    nodes[w] = node
                    shifts[w] = shifts[u] &- list.images[p].cells
                    open.append(w)
                }
            }
        }
    }

    /// The edge between two vertices of a cell; nil where they are one node.
    func edge(_ p: Int, _ q: Int) -> (from: Int32, to: Int32, offset: CellOffset)? {
        let offset = CellOffset(shifts[q] &- shifts[p])
        return nodes[p] == nodes[q] && offset == .zero ? nil : (nodes[p], nodes[q], offset)
    }
}
