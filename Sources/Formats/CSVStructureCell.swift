import MaterialsCore

/// Structures as text in the cells of a table.
enum CSVStructureCell {
    /// The checked structure of a cell, in the first format that recognizes it; nil where the cell is blank.
    static func read(_ cell: Span<UInt8>, column: String) throws(CandidateDefect) -> CrystalStructure? {
        if TextBytes.trimmed(cell).isEmpty { return nil }
        let bytes = TextBytes.array(cell)
        do throws(CandidateDefect) {
            let structure = try StructureText.decode(bytes).structure
            try StructureValidation.check(structure)
            return structure
        } catch {
            throw CandidateDefect(error.reason, "column '\(column)', \(error.detail)")
        }
    }

    /// A formula beside a structure must be its composition, up to a factor: to 10⁻⁶ of all atoms, with shared sites to 1 %.
    static func check(_ structure: CrystalStructure, against formula: Composition, column: String) throws(CandidateDefect) {
        let found = structure.composition
        let tolerance = structure.isDisordered ? 0.01 : 1e-6
        let (n, m) = (found.atomCount, formula.atomCount)
        let isSame =
            found.atomicNumbers == formula.atomicNumbers
            && found.amounts.indices.allSatisfy { abs(found.amounts[$0] / n - formula.amounts[$0] / m) <= tolerance }
        if !isSame {
            throw CandidateDefect(
                "composition-mismatch", "the formula is \(formula.hillFormula), column '\(column)' has \(found.hillFormula)")
        }
    }
}
