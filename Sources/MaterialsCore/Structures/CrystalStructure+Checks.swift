extension CrystalStructure {
    /// Entries that a structure may have.
    public static let largestCount = 1_000_000

    /// Throws what keeps a structure from being computed with.
    ///
    /// - Errors: `no-atoms`, `too-many-atoms` (over 10⁶ entries), `bad-element` (not 1…118), `bad-occupancy` (not in (0, 1]),
    ///   `bad-lattice` (not finite, or vectors over 10⁶ Å), `singular-cell` (vectors in one plane, or bounding planes less than 0.1 Å
    ///   apart), `bad-position` (not finite, or over 10⁶ cells away)
    public func checkLimits() throws(CandidateDefect) {
        if count == 0 { throw CandidateDefect("no-atoms", "the structure has no atoms") }
        if count > Self.largestCount {
            throw CandidateDefect("too-many-atoms", "\(count) atoms; at most \(Self.largestCount) are read")
        }
        for i in atomicNumbers.indices where !(1...118).contains(atomicNumbers[i]) {
            throw CandidateDefect("bad-element", "atom \(i + 1) has atomic number \(atomicNumbers[i])")
        }
        for i in occupancies.indices where !(occupancies[i] > 0 && occupancies[i] <= 1) {
            throw CandidateDefect("bad-occupancy", "atom \(i + 1) has occupancy \(occupancies[i]); it must be above 0, at most 1")
        }
        try lattice.checkLimits()
        for i in positions.indices where !positions[i].isWithinLimits {
            let f = positions[i].coordinates
            throw CandidateDefect("bad-position", "atom \(i + 1) is at \(f.x) \(f.y) \(f.z) (in lattice vectors)")
        }
    }
}

extension FractionalPosition {
    /// False for coordinates that are not finite or over 10⁶ cells away.
    public var isWithinLimits: Bool { abs(coordinates.x) <= 1e6 && abs(coordinates.y) <= 1e6 && abs(coordinates.z) <= 1e6 }
}

extension Lattice {
    private static let longestVector = 1e6
    private static let narrowestCell = 0.1

    /// Throws `bad-lattice` or `singular-cell` where nothing can be computed with this cell.
    public func checkLimits() throws(CandidateDefect) {
        let lengths = lengths
        for axis in 0..<3 where !(lengths[axis] <= Self.longestVector) {
            throw CandidateDefect(
                "bad-lattice", "lattice vector \(Self.name(axis)) is \(roughNumberText(lengths[axis])) Å long; at most 10⁶ Å can be meant")
        }
        if isSingular {
            throw CandidateDefect("singular-cell", "the lattice vectors lie in one plane (volume \(roughNumberText(volume)) Å³)")
        }
        let spacings = planeSpacings
        for axis in 0..<3 where !(spacings[axis] >= Self.narrowestCell) {
            throw CandidateDefect("singular-cell", "the cell is only \(roughNumberText(spacings[axis])) Å thick along \(Self.name(axis))")
        }
    }

    private static func name(_ axis: Int) -> String { ["a", "b", "c"][axis] }
}
