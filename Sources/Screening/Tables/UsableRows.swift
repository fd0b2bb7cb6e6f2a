import MaterialsCore

extension CandidateBatch {
    /// What is made of each row, and the batch without the rows that nothing could be made of: those are rejected at `stage`.
    func usable<Made>(
        _ stage: RejectionStage, _ make: (Int) throws(CandidateDefect) -> Made
    ) -> (batch: CandidateBatch, made: [Made]) {
        var defects: [(row: Int, defect: CandidateDefect)] = []
        var made: [Made] = []
        for row in 0..<count {
            do throws(CandidateDefect) { made.append(try make(row)) } catch { defects.append((row, error)) }
        }
        var screened = ScreenedBatch(candidates: self, propertyCount: 0)
        screened.reject(defects, stage: stage)
        return (screened.candidates, made)
    }

    /// The structure of a row.
    /// - Errors: `no-structure`
    func structure(_ row: Int) throws(CandidateDefect) -> CrystalStructure {
        guard let structure = structures?[row] else { throw .noStructure }
        return structure
    }
}

extension CandidateDefect {
    static var noStructure: CandidateDefect { CandidateDefect("no-structure", "the candidate has no structure") }
}
