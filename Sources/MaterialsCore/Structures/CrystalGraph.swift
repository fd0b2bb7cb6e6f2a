/// Crystal graphs one after the other, as flat arrays.
///
/// A node is an atom of the cell. An edge i → j with image n leads from atom i to atom j moved by n cells, so that two atoms may share
/// several edges (a multigraph) and an atom may have edges to its own images.
///
///     vector = (f_j + n − f_i)·L
///
/// Edges stand in the order of their source, then target, then image along a, b, c.
public struct CrystalGraphColumn: Equatable, Sendable {
    /// `count + 1` offsets into the nodes.
    public private(set) var nodeOffsets: [Int] = [0]
    /// Atomic number of each node.
    public private(set) var atomicNumbers: [UInt8] = []
    /// One offset more than nodes: the edges that leave each node.
    public private(set) var edgeOffsets: [Int] = [0]
    /// Node, counted within its graph, that each edge leaves.
    public private(set) var sources: [UInt32] = []
    /// Node, counted within its graph, that each edge leads to.
    public private(set) var targets: [UInt32] = []
    /// Cells by which the target is moved along a, b, c.
    public private(set) var images: [SIMD3<Int32>] = []
    /// From source to target, Å.
    public private(set) var vectors: [CartesianVector] = []
    /// Length of the vector, Å.
    public private(set) var distances: [Double] = []

    /// No graphs.
    public init() {}

    /// Number of graphs.
    public var count: Int { nodeOffsets.count - 1 }
    /// Number of nodes of all graphs.
    public var nodeCount: Int { atomicNumbers.count }
    /// Number of edges of all graphs.
    public var edgeCount: Int { targets.count }
    /// Nodes of a graph.
    public func nodes(_ graph: Int) -> Range<Int> { nodeOffsets[graph]..<nodeOffsets[graph + 1] }
    /// Edges of a graph.
    public func edges(_ graph: Int) -> Range<Int> { edgeOffsets[nodeOffsets[graph]]..<edgeOffsets[nodeOffsets[graph + 1]] }
    /// Edges that leave a node, counted over all graphs.
    public func edges(ofNode node: Int) -> Range<Int> { edgeOffsets[node]..<edgeOffsets[node + 1] }

    /// Adds an edge that leaves the node which `endNode` will add.
    public mutating func appendEdge(to target: UInt32, image: SIMD3<Int32>, vector: CartesianVector, distance: Double) {
        sources.append(UInt32(truncatingIfNeeded: atomicNumbers.count - nodeOffsets[nodeOffsets.count - 1]))
        targets.append(target)
        images.append(image)
        vectors.append(vector)
        distances.append(distance)
    }

    /// Adds a node; the edges added since the last one leave it.
    public mutating func endNode(_ atomicNumber: UInt8) {
        atomicNumbers.append(atomicNumber)
        edgeOffsets.append(targets.count)
    }

    /// Adds a graph of the nodes added since the last one.
    public mutating func endGraph() { nodeOffsets.append(atomicNumbers.count) }

    /// Takes back the nodes and edges that belong to no graph yet.
    public mutating func dropUnfinished() {
        atomicNumbers.removeSubrange(nodeOffsets[count]...)
        edgeOffsets.removeSubrange((atomicNumbers.count + 1)...)
        let edges = edgeOffsets[atomicNumbers.count]
        sources.removeSubrange(edges...)
        targets.removeSubrange(edges...)
        images.removeSubrange(edges...)
        vectors.removeSubrange(edges...)
        distances.removeSubrange(edges...)
    }

    /// Forgets all graphs and keeps the memory.
    public mutating func removeAll() {
        nodeOffsets.removeSubrange(1...)
        dropUnfinished()
    }
}

/// Line graphs of crystal graphs: the pairs of edges that leave the same node, and the angle between them.
///
/// A pair (e, f) stands once, with e before f; a directed line graph has (f, e) as well.
public struct LineGraphColumn: Equatable, Sendable {
    /// `count + 1` offsets into the pairs.
    public private(set) var offsets: [Int] = [0]
    /// Edge e of each pair, counted within its graph.
    public private(set) var firstEdges: [UInt32] = []
    /// Edge f of each pair, counted within its graph.
    public private(set) var secondEdges: [UInt32] = []
    /// Cosine of the angle between e and f, from -1 to 1.
    public private(set) var cosines: [Double] = []

    /// No graphs.
    public init() {}

    /// Number of graphs.
    public var count: Int { offsets.count - 1 }
    /// Number of pairs of all graphs.
    public var pairCount: Int { cosines.count }

    /// Adds the line graph of a graph; edges longer than `cutoff` (Å) take no part.
    public mutating func append(_ graph: Int, of graphs: CrystalGraphColumn, cutoff: Double = .infinity) {
        let base = graphs.edges(graph).lowerBound
        for node in graphs.nodes(graph) {
            let edges = graphs.edges(ofNode: node)
            for e in edges where graphs.distances[e] <= cutoff {
                let (u, length) = (graphs.vectors[e], graphs.distances[e])
                for f in e + 1..<edges.upperBound where graphs.distances[f] <= cutoff {
                    let cosine = u.dot(graphs.vectors[f]) / (length * graphs.distances[f])
                    firstEdges.append(UInt32(e - base))
                    secondEdges.append(UInt32(f - base))
                    cosines.append(max(-1, min(1, cosine)))
                }
            }
        }
        offsets.append(cosines.count)
    }
}
