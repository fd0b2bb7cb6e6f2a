import MaterialsCore

/// What any structure must fulfil, whatever format it comes from.
///
/// - Scope: `no-atoms`, `too-many-atoms` (over 10⁶ entries), `bad-element` (not 1…118), `bad-occupancy` (not in (0, 1]), `bad-lattice`
///   (not finite, or vectors over 10⁶ Å), `singular-cell` (vectors in one plane, or bounding planes less than 0.1 Å apart),
///   `bad-position` (not finite, or over 10⁶ cells away), `overlapping-sites` (two positions closer than 0.01 Å, also across
///   the cell's boundary).
/// - Cost: O(n log n).
public enum StructureValidation {
    /// Entries that a structure may have.
    public static let largestCount = 1_000_000
    /// Two positions closer than this are taken for one written twice, Å.
    public static let overlapDistance = 0.01

    private static let longestVector = 1e6
    private static let farthestPosition = 1e6
    private static let narrowestCell = 0.1

    /// Throws what is wrong with a structure.
    public static func check(_ structure: CrystalStructure) throws(CandidateDefect) {
        try checkEntries(structure)
        try checkLattice(structure.lattice)
        try checkPositions(structure)
        if let pair = OverlapSearch.firstPair(in: structure) { throw overlap(pair, structure) }
    }

    private static func checkEntries(_ structure: CrystalStructure) throws(CandidateDefect) {
        if structure.count == 0 { throw CandidateDefect("no-atoms", "the structure has no atoms") }
        if structure.count > largestCount {
            throw CandidateDefect("too-many-atoms", "\(structure.count) atoms; at most \(largestCount) are read")
        }
        for i in structure.atomicNumbers.indices where !(1...118).contains(structure.atomicNumbers[i]) {
            throw CandidateDefect("bad-element", "atom \(i + 1) has atomic number \(structure.atomicNumbers[i])")
        }
        for i in structure.occupancies.indices where !(structure.occupancies[i] > 0 && structure.occupancies[i] <= 1) {
            throw CandidateDefect("bad-occupancy", "atom \(i + 1) has occupancy \(structure.occupancies[i]); it must be above 0, at most 1")
        }
    }

    private static func checkLattice(_ lattice: Lattice) throws(CandidateDefect) {
        let lengths = lattice.lengths
        for axis in 0..<3 where !(lengths[axis] <= longestVector) {
            throw CandidateDefect(
                "bad-lattice", "lattice vector \(name(axis)) is \(shown(lengths[axis])) Å long; at most 10⁶ Å can be meant")
        }
        if lattice.isSingular {
            throw CandidateDefect("singular-cell", "the lattice vectors lie in one plane (volume \(shown(lattice.volume)) Å³)")
        }
        let spacings = lattice.planeSpacings
        for axis in 0..<3 where !(spacings[axis] >= narrowestCell) {
            throw CandidateDefect("singular-cell", "the cell is only \(shown(spacings[axis])) Å thick along \(name(axis))")
        }
    }

    private static func checkPositions(_ structure: CrystalStructure) throws(CandidateDefect) {
        for i in structure.positions.indices {
            let f = structure.positions[i].coordinates
            let isNear = abs(f.x) <= farthestPosition && abs(f.y) <= farthestPosition && abs(f.z) <= farthestPosition
            if !isNear {
                throw CandidateDefect("bad-position", "atom \(i + 1) is at \(f.x) \(f.y) \(f.z) (in lattice vectors)")
            }
        }
    }

    private static func overlap(_ pair: OverlapSearch.Pair, _ structure: CrystalStructure) -> CandidateDefect {
        func atom(_ i: Int) -> String { "\(i + 1) (\(Element.symbols[Int(structure.atomicNumbers[i])]))" }
        return CandidateDefect(
            "overlapping-sites", "atoms \(atom(pair.first)) and \(atom(pair.second)) are \(shown(pair.distance)) Å apart")
    }

    private static func name(_ axis: Int) -> String { ["a", "b", "c"][axis] }

    /// Three or so digits.
    private static func shown(_ value: Double) -> String {
        value != 0 && abs(value) < 1e-4 || abs(value) > 1e9 ? "\(value)" : numberText((value * 1e4).rounded() / 1e4)
    }
}
