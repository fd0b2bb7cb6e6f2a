import MaterialsCore

/// Whole cells by which an image is moved along a, b, c.
public struct CellOffset: Hashable, Sendable {
    /// Along a, b, c.
    public var cells: SIMD3<Int32>

    /// An offset.
    @inlinable public init(_ cells: SIMD3<Int32>) { self.cells = cells }
    /// An offset.
    @inlinable public init(_ a: Int32, _ b: Int32, _ c: Int32) { cells = SIMD3(a, b, c) }

    /// The atom's own cell.
    public static let zero = CellOffset(0, 0, 0)
}

/// All neighbours of all atoms within a cutoff, images included.
///
///     j with offset n is a neighbour of i where |r_j + n·L - r_i| ≤ cutoff, except i itself (j = i, n = 0)
///
/// - Input:    entries of a structure as they stand (several on one position are several atoms), cutoff in Å
/// - Output:   pairs in both directions, sorted by i, then j, then offset along a, b, c. Offsets belong to the positions as they are
///   given, in whatever cell they lie
/// - Scope:    any lattice, any cutoff, any periodicity; rejects lists of more than `maximumPairs` (`too-many-neighbors`)
/// - Numerics: vectors are (f_j + n - f_i)·L summed along a, b, c; the same bits in any order of search
public struct NeighborList: Sendable {
    /// Pairs that a list may hold: 2²⁷ take 5 GB.
    public static let maximumPairs = 1 << 27

    /// Distance within which atoms are neighbours, Å.
    public let cutoff: Double
    /// `atoms + 1` offsets into the arrays below.
    public private(set) var offsets: [Int]
    /// Neighbour j of each pair.
    public private(set) var neighbors: [Int32]
    /// Cells by which j is moved.
    public private(set) var images: [CellOffset]
    /// From i to j, Å.
    public private(set) var vectors: [CartesianVector]
    /// Length of the vector, Å.
    public private(set) var distances: [Double]

    /// Atoms.
    public var atomCount: Int { offsets.count - 1 }
    /// Pairs in both directions.
    public var pairCount: Int { neighbors.count }
    /// Pairs of an atom.
    public func range(of atom: Int) -> Range<Int> { offsets[atom]..<offsets[atom + 1] }

    /// Finds all neighbours.
    public init(_ crystal: CrystalStructure, cutoff: Double) throws(CandidateDefect) {
        precondition(cutoff > 0 && cutoff < .infinity)
        self.cutoff = cutoff
        (offsets, neighbors, images, vectors, distances) = ([0], [], [], [], [])
        let lattice = crystal.lattice
        let spacings = lattice.planeSpacings
        for i in 0..<crystal.count {
            for j in 0..<crystal.count {
                let d = crystal.positions[j].coordinates - crystal.positions[i].coordinates
                func reach(_ axis: Int) -> ClosedRange<Int32> {
                    guard crystal.periodicity[axis] else { return 0...0 }
                    let r = cutoff / spacings[axis]
                    return Int32((-r - d[axis]).rounded(.down))...Int32((r - d[axis]).rounded(.up))
                }
                for na in reach(0) {
                    for nb in reach(1) {
                        for nc in reach(2) where !(i == j && na == 0 && nb == 0 && nc == 0) {
                            let f = d + SIMD3(Double(na), Double(nb), Double(nc))
                            let v = lattice.cartesian(FractionalPosition(f))
                            let length = v.length
                            if length > cutoff { continue }
                            guard neighbors.count < Self.maximumPairs else { throw Self.tooMany(cutoff) }
                            neighbors.append(Int32(j))
                            images.append(CellOffset(na, nb, nc))
                            vectors.append(v)
                            distances.append(length)
                        }
                    }
                }
            }
            offsets.append(neighbors.count)
        }
    }

    private static func tooMany(_ cutoff: Double) -> CandidateDefect {
        CandidateDefect("too-many-neighbors", "more than \(maximumPairs) pairs of atoms within \(cutoff) Å; choose a shorter cutoff")
    }
}
