import MaterialsCore

/// A batch of formulas.
func batch(_ formulas: [String]) throws -> CandidateBatch {
    var batch = CandidateBatch(schema: CandidateSchema())
    for (i, formula) in formulas.enumerated() {
        batch.append(index: CandidateIndex(source: 0, position: i), id: formula.utf8, composition: try Composition(formula: formula))
    }
    return batch
}

func message(_ body: () throws -> Void) -> String {
    do {
        try body()
        return "accepted"
    } catch { return "\(error)" }
}
