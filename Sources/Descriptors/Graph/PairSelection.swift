import MaterialsCore
import Neighborhoods

/// Pairs of a neighbour list, some of which become edges; the memory is kept from crystal to crystal.
struct PairSelection: Sendable {
    private var finder = NeighborFinder()
    /// All pairs within a radius.
    private(set) var list = NeighborList()
    /// Which of them are edges; empty where all are.
    var keeps: [Bool] = []
    /// True where all pairs are edges.
    private(set) var keepsAll = false

    /// Takes all pairs of a crystal; none of them is an edge yet unless all are.
    mutating func find(_ crystal: CrystalStructure, cutoff: Double, keepsAll: Bool = false) throws(CandidateDefect) {
        try finder.find(crystal, cutoff: cutoff, into: &list)
        self.keepsAll = keepsAll
        keeps.removeAll(keepingCapacity: true)
        if !keepsAll { keeps.append(contentsOf: repeatElement(false, count: list.pairCount)) }
    }

    /// Makes edges of the pairs in a range that are not longer than `reach`.
    mutating func keep(_ range: Range<Int>, upTo reach: Double) {
        for e in range { keeps[e] = list.distances[e] <= reach }
    }

    /// True for an edge.
    func keeps(_ pair: Int) -> Bool { keepsAll || keeps[pair] }

    /// Distance of the nearest atom; infinite where there is none in the list.
    func nearestDistance(of atom: Int) -> Double {
        var nearest = Double.infinity
        for e in list.range(of: atom) { nearest = min(nearest, list.distances[e]) }
        return nearest
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
        let image = -list.images[pair]
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if Self.isBefore(Int(list.neighbors[middle]), list.images[middle], i, image) { low = middle + 1 } else { high = middle }
        }
        return low < range.upperBound && Int(list.neighbors[low]) == i && list.images[low] == image ? low : nil
    }

    /// The order of edges that leave one atom.
    static func isBefore(_ j: Int, _ m: CellOffset, _ k: Int, _ n: CellOffset) -> Bool { j != k ? j < k : m < n }

    /// Adds the edges as a graph.
    func append(to graphs: inout CrystalGraphColumn, _ atomicNumbers: [UInt8]) {
        graphs.append(
            atomicNumbers: atomicNumbers, offsets: list.offsets, targets: list.neighbors, images: list.images, vectors: list.vectors,
            distances: list.distances, keeping: keepsAll ? nil : keeps)
    }
}

/// Takes the atoms of some elements out of a net and joins those that they joined.
struct BridgeContraction {
    private struct Edge {
        var target: Int32
        var image: CellOffset
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
                    if numbers[j] >= 0 { add(i, Edge(target: Int32(j), image: list.images[e], vector: list.vectors[e])) }
                } else if numbers[j] >= 0 {
                    for f in list.range(of: i) where f != e && pairs.keeps(f) && numbers[Int(list.neighbors[f])] >= 0 {
                        let image = CellOffset(list.images[f].cells &- list.images[e].cells)
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
        var kept: [Edge] = []
        var offsets = [0]
        for list in edges {
            let first = kept.count
            for edge in list.sorted(by: { PairSelection.isBefore(Int($0.target), $0.image, Int($1.target), $1.image) }) {
                if kept.count > first, kept[kept.count - 1].target == edge.target, kept[kept.count - 1].image == edge.image { continue }
                kept.append(edge)
            }
            offsets.append(kept.count)
        }
        graphs.append(
            atomicNumbers: atomicNumbers.indices.filter { numbers[$0] >= 0 }.map { atomicNumbers[$0] }, offsets: offsets,
            targets: kept.map { numbers[Int($0.target)] }, images: kept.map(\.image), vectors: kept.map(\.vector),
            distances: kept.map(\.vector.length))
    }
}
