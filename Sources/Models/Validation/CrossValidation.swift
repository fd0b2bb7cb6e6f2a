import MaterialsCore

/// What cross-validation found.
public struct CrossValidation: Equatable, Sendable {
    /// A metric over the folds.
    public struct Score: Equatable, Sendable {
        /// One a fold; NaN where the fold does not tell, such as an area under a curve of one class.
        public let perFold: [Double]
        /// Mean over the folds that tell.
        public var mean: Double { telling.reduce(0, +) / Double(telling.count) }
        /// Standard deviation over the folds that tell, divided by their count (as the Matbench leaderboard has it).
        public var standardDeviation: Double {
            let m = mean
            return (telling.reduce(0) { $0 + ($1 - m) * ($1 - m) } / Double(telling.count)).squareRoot()
        }

        private var telling: [Double] { perFold.filter { !$0.isNaN } }
    }

    /// How rows were divided.
    public let folds: Folds
    /// Scores by the names of `Metrics`, weighted where rows have weights.
    public let scores: [String: Score]
    /// What each fold says of the rows it tests.
    public let heldOut: HeldOutPredictions
    /// What models that never saw the row say of it, averaged over the folds that test it; NaN for rows that no fold tests.
    public let outOfFold: Prediction

    /// Fits once a fold on the rows that the fold does not test, then predicts those that it does.
    ///
    /// `fit` sees nothing of the tested rows: every scaling, binning and choice of settings is made inside it.
    /// - Parameters:
    ///   - data: all rows
    ///   - folds: which rows are tested when; a row may be tested several times
    ///   - inspect: sees each fold's model and the rows that it never saw, for importances
    ///   - fit: learns from the rows of a fold
    /// - Throws: what `fit` throws; `MatSieveError.input` where a fold leaves no row to learn from.
    public static func run(
        _ data: TrainingData, folds: Folds,
        inspect: (_ model: any PropertyModel, _ tested: [Int], _ fold: Int) throws -> Void = { _, _, _ in },
        fit: (_ training: TrainingData, _ fold: Int) throws -> any PropertyModel
    ) throws -> CrossValidation {
        var parts: [Prediction] = []
        var perFold: [[String: Double]] = []
        for (fold, tested) in folds.testRows.enumerated() {
            let learned = folds.learnedRows(fold, of: data.targets.count)
            guard !learned.isEmpty, !tested.isEmpty else {
                throw MatSieveError.input("fold \(fold + 1) leaves no row to learn from or to test")
            }
            let model = try fit(data.selecting(learned), fold)
            let prediction = model.predictions(data.features.selecting(tested), classCount: data.classCount)
            perFold.append(
                Metrics.scores(
                    prediction, observed: tested.map { data.targets[$0] }, task: data.task,
                    weights: data.weights.map { w in tested.map { w[$0] } }))
            parts.append(prediction)
            try inspect(model, tested, fold)
        }
        let names = perFold.first.map { Array($0.keys) } ?? []
        let scores = Dictionary(uniqueKeysWithValues: names.map { name in (name, Score(perFold: perFold.map { $0[name]! })) })
        let heldOut = HeldOutPredictions(parts, of: data, folds: folds)
        return CrossValidation(folds: folds, scores: scores, heldOut: heldOut, outOfFold: heldOut.averaged(rowCount: data.targets.count))
    }
}

extension Folds {
    /// Rows that a fold does not test, ascending.
    public func learnedRows(_ fold: Int, of count: Int) -> [Int] {
        var isTested = [Bool](repeating: false, count: count)
        for row in testRows[fold] { isTested[row] = true }
        return (0..<count).filter { !isTested[$0] }
    }
}

extension HeldOutPredictions {
    /// Predictions fold by fold, in the order of the tested rows.
    init(_ parts: [Prediction], of data: TrainingData, folds: Folds) {
        let rows = Array(folds.testRows.joined())
        var all = Prediction(rows: rows.count, classCount: data.classCount)
        var next = 0
        for part in parts {
            for row in 0..<part.rows {
                all.copyRow(row, of: part, to: next)
                next += 1
            }
        }
        self.init(
            rows: rows, folds: folds.testRows.indices.flatMap { f in folds.testRows[f].map { _ in f } }, prediction: all,
            observed: rows.map { data.targets[$0] }, weights: data.weights.map { w in rows.map { w[$0] } })
    }
}
