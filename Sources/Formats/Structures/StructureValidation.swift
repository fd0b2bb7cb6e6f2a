import MaterialsCore

/// What any structure must fulfil, whatever format it comes from.
///
/// - Scope: what `CrystalStructure.checkLimits` refuses, and `overlapping-sites` (two positions closer than 0.01 Å, also across the
///   cell's boundary).
/// - Cost: O(n log n).
public enum StructureValidation {
    /// Two positions closer than this are taken for one written twice, Å.
    public static let overlapDistance = 0.01

    /// Throws what is wrong with a structure.
    public static func check(_ structure: CrystalStructure) throws(CandidateDefect) {
        try structure.checkLimits()
        if let pair = OverlapSearch.firstPair(in: structure) { throw overlap(pair, structure) }
    }

    private static func overlap(_ pair: OverlapSearch.Pair, _ structure: CrystalStructure) -> CandidateDefect {
        func atom(_ i: Int) -> String { "\(i + 1) (\(Element.symbols[Int(structure.atomicNumbers[i])]))" }
        return CandidateDefect(
            "overlapping-sites",
            "atoms \(atom(pair.first)) and \(atom(pair.second)) are \(roughNumberText(pair.distance)) Å apart")
    }
}
