import MaterialsCore

/// All neighbours of all atoms within a cutoff, images included.
///
///     j with offset n is a neighbour of i where |r_j + n·L - r_i| ≤ cutoff, except i itself (j = i, n = 0)
///
/// - Input:    entries of a structure as they stand (several on one position are several atoms), cutoff in Å
/// - Output:   pairs in both directions, sorted by i, then j, then offset along a, b, c. Offsets belong to the positions as they are
///   given, in whatever cell they lie
/// - Scope:    any lattice, any cutoff, any periodicity; rejects lists of more than `maximumPairs` (`too-many-neighbors`), lattices
///   whose vectors lie in a plane or are not finite (`singular-lattice`) and positions that are not finite or more than
///   `maximumCells` cells away (`bad-position`)
/// - Numerics: vectors are ((f_j - f_i) + n)·L summed along a, b, c, and a pair counts where the root of their squared length is at
///   most the cutoff: the same bits in any order of search, and the pair backwards has the negative vector
/// - Cost:     proportional to the atoms and pairs; about 0.6 µs an atom with 26 neighbours in a large cell; 1.5 µs a cell of 8
///   such atoms
public struct NeighborList: Sendable {
    /// Pairs that a list may hold: 2²⁵ take 2 GB.
    public static let maximumPairs = 1 << 25
    /// Cells by which a position may lie outside.
    public static let maximumCells = 1 << 28

    /// Distance within which atoms are neighbours, Å; for the k nearest the largest distance kept.
    public internal(set) var cutoff: Double
    /// `atoms + 1` offsets into the arrays below.
    public internal(set) var offsets: [Int]
    /// Neighbour j of each pair.
    public internal(set) var neighbors: [Int32]
    /// Cells by which j is moved.
    public internal(set) var images: [CellOffset]
    /// From i to j, Å.
    public internal(set) var vectors: [CartesianVector]
    /// Length of the vector, Å.
    public internal(set) var distances: [Double]

    /// Atoms.
    public var atomCount: Int { offsets.count - 1 }
    /// Pairs in both directions.
    public var pairCount: Int { neighbors.count }
    /// Pairs of an atom.
    public func range(of atom: Int) -> Range<Int> { offsets[atom]..<offsets[atom + 1] }

    /// A list of no atoms, for a `NeighborFinder` to fill.
    public init() {
        (cutoff, offsets, neighbors, images, vectors, distances) = (0, [0], [], [], [], [])
    }

    /// Finds all neighbours; for many structures a `NeighborFinder` saves the allocations.
    public init(_ crystal: CrystalStructure, cutoff: Double) throws(CandidateDefect) {
        self.init()
        var finder = NeighborFinder()
        try finder.find(crystal, cutoff: cutoff, into: &self)
    }

    /// Pairs of an atom from the nearest to the farthest; equal distances by neighbour, then offset.
    public func pairsByDistance(of atom: Int) -> [Int] {
        range(of: atom).sorted { distances[$0] != distances[$1] ? distances[$0] < distances[$1] : $0 < $1 }
    }

    /// Changes places with arrays that hold neighbours already, so that a `NeighborFinder` can add to them.
    public mutating func exchange(
        offsets: inout [Int], neighbors: inout [Int32], images: inout [CellOffset], vectors: inout [CartesianVector],
        distances: inout [Double]
    ) {
        swap(&self.offsets, &offsets)
        swap(&self.neighbors, &neighbors)
        swap(&self.images, &images)
        swap(&self.vectors, &vectors)
        swap(&self.distances, &distances)
    }

    /// Adds the atoms of another list.
    mutating func append(_ other: NeighborList) {
        let base = pairCount
        for end in other.offsets.dropFirst() { offsets.append(base + end) }
        neighbors += other.neighbors
        images += other.images
        vectors += other.vectors
        distances += other.distances
    }

    /// Forgets all atoms after the first ones.
    public mutating func keepFirst(_ atoms: Int) {
        offsets.removeSubrange((atoms + 1)...)
        let surplus = pairCount - offsets[atoms]
        neighbors.removeLast(surplus)
        images.removeLast(surplus)
        vectors.removeLast(surplus)
        distances.removeLast(surplus)
    }

    mutating func clear() {
        offsets.removeAll(keepingCapacity: true)
        offsets.append(0)
        neighbors.removeAll(keepingCapacity: true)
        images.removeAll(keepingCapacity: true)
        vectors.removeAll(keepingCapacity: true)
        distances.removeAll(keepingCapacity: true)
    }

    static func tooMany(_ cutoff: Double) -> CandidateDefect {
        CandidateDefect("too-many-neighbors", "more than \(maximumPairs) pairs of atoms within \(cutoff) Å; choose a shorter cutoff")
    }
}
