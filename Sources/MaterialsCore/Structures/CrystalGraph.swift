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
    public private(set) var sources: [Int32] = []
    /// Node, counted within its graph, that each edge leads to.
    public private(set) var targets: [Int32] = []
    /// Cells by which the target is moved.
    public private(set) var images: [CellOffset] = []
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

    /// Adds a graph.
    /// - Parameters:
    ///   - atomicNumbers: one a node
    ///   - offsets: one more than nodes: the edges of each in the arrays that follow, in their order
    ///   - keeping: which of the edges are taken; nil takes all
    public mutating func append(
        atomicNumbers z: [UInt8], offsets: [Int], targets t: [Int32], images n: [CellOffset], vectors v: [CartesianVector],
        distances d: [Double], keeping: [Bool]? = nil
    ) {
        precondition(offsets.count == z.count + 1 && offsets[z.count] == t.count)
        atomicNumbers += z
        nodeOffsets.append(atomicNumbers.count)
        if let keeping {
            appendEdges(offsets, t, n, v, d, keeping)
            return
        }
        let base = targets.count
        for i in z.indices {
            sources.append(contentsOf: repeatElement(Int32(i), count: offsets[i + 1] - offsets[i]))
            edgeOffsets.append(base + offsets[i + 1])
        }
        targets += t
        images += n
        vectors += v
        distances += d
    }

    /// Adds a graph whose edges are found where they will stand.
    /// - Parameters:
    ///   - atomicNumbers: one a node
    ///   - find: adds to the arrays of edge offsets, targets, images, vectors and distances; where it throws, it must leave them as they
    ///     were, and no graph is added
    public mutating func append(
        atomicNumbers z: [UInt8],
        find: (inout [Int], inout [Int32], inout [CellOffset], inout [CartesianVector], inout [Double]) throws(CandidateDefect) -> Void
    ) throws(CandidateDefect) {
        let first = nodeCount
        try find(&edgeOffsets, &targets, &images, &vectors, &distances)
        precondition(edgeOffsets.count == first + z.count + 1 && edgeOffsets[first + z.count] == targets.count)
        atomicNumbers += z
        nodeOffsets.append(atomicNumbers.count)
        appendSources(first)
    }

    /// Sources of all edges that leave the nodes from `first` on.
    private mutating func appendSources(_ first: Int) {
        let more = edgeCount - sources.count
        if sources.capacity < edgeCount { sources.reserveCapacity(max(edgeCount, 2 * sources.count)) }
        let (offsets, end) = (edgeOffsets, nodeCount)
        sources.append(addingCapacity: more) { span in
            for node in first..<end {
                span.append(repeating: Int32(truncatingIfNeeded: node - first), count: offsets[node + 1] - offsets[node])
            }
        }
    }

    private mutating func appendEdges(
        _ offsets: [Int], _ t: [Int32], _ n: [CellOffset], _ v: [CartesianVector], _ d: [Double], _ keeping: [Bool]
    ) {
        for i in 0..<offsets.count - 1 {
            for e in offsets[i]..<offsets[i + 1] where keeping[e] {
                sources.append(Int32(truncatingIfNeeded: i))
                targets.append(t[e])
                images.append(n[e])
                vectors.append(v[e])
                distances.append(d[e])
            }
            edgeOffsets.append(targets.count)
        }
    }

    /// Forgets all graphs and keeps the memory.
    public mutating func removeAll() {
        nodeOffsets.removeSubrange(1...)
        edgeOffsets.removeSubrange(1...)
        atomicNumbers.removeAll(keepingCapacity: true)
        sources.removeAll(keepingCapacity: true)
        targets.removeAll(keepingCapacity: true)
        images.removeAll(keepingCapacity: true)
        vectors.removeAll(keepingCapacity: true)
        distances.removeAll(keepingCapacity: true)
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
