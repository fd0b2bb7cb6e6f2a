import MaterialsCore
import Models
import Storage

extension TrainingTable {
    /// Features of all usable rows; rows that can't be described move to the rejections.
    mutating func describe(_ pipeline: FeaturePipeline, workers: Workers) throws -> FeatureMatrix {
        var described: [(FeatureMatrix, [(row: Int, defect: CandidateDefect)])] = []
        var next = 0
        let all = batches
        try BatchScheduler<(FeatureMatrix, [(row: Int, defect: CandidateDefect)])>(
            threads: workers.threads, isCancelled: { [interruption = workers.interruption] in interruption.isRequested }
        ).run(
            next: {
                defer { next += 1 }
                return next < all.count ? all[next] : nil
            }, process: { pipeline.features(of: $0) }, commit: { described.append($0) })
        if workers.interruption.isRequested {
            throw MatSieveError.stopped("stopped by \(workers.interruption.cause); no model was written, run it again")
        }
        var (values, defects, first) = ([Double](), [(row: Int, defect: CandidateDefect)](), 0)
        for (matrix, bad) in described {
            defects += bad.map { (first + $0.row, $0.defect) }
            let unusable = Set(bad.map(\.row))
            values += unusable.isEmpty ? matrix.values : matrix.selecting((0..<matrix.rows).filter { !unusable.contains($0) }).values
            first += matrix.rows
        }
        drop(defects, stage: .describe)
        return FeatureMatrix(rows: count, columns: pipeline.featureNames.count, values: values)
    }

    /// The group of each row, for folds that keep groups whole.
    func groups(by key: TrainingPlan.GroupKey) -> [UInt64] {
        precondition(key == .composition || key == .chemicalSystem)
        return compositions.map { c in
            let ones = [Double](repeating: 1, count: c.elementCount)
            return compositionKey(key == .composition ? c : Composition(sortedAtomicNumbers: c.atomicNumbers, amounts: ones))
        }
    }

    /// Writes the predictions for held-out rows: `id,formula,<target>,predicted,fold`; classes by name.
    func writeOutOfFold(_ result: CrossValidation?, to path: String) throws {
        guard let result else { throw MatSieveError.usage("--predictions \(path): needs folds or a hold-out to predict") }
        let target = targets[0]
        let names = target.isBinary ? [] : target.classes
        var writer = CSVWriter(header: ["id", "formula", target.name, "predicted", "fold"])
        let formulas = compositions.map(\.reducedFormula)
        func write(_ value: Double) {
            if names.isEmpty || value.isNaN { writer.write(value) } else { writer.write(names[Int(value)]) }
        }
        for (fold, rows) in result.folds.testRows.enumerated() {
            for row in rows {
                writer.write(ids[row])
                writer.write(formulas[row])
                write(target.values[row])
                write(result.outOfFold.mean[row])
                writer.write(fold)
                writer.endRow()
            }
        }
        try AtomicFile.write(writer.bytes, to: path)
    }
}
