import MaterialsCore

/// What cross-validation found.
public struct CrossValidation: Equatable, Sendable {
    /// A metric over the folds.
    public struct Score: Equatable, Sendable {
        /// One a fold.
        public let perFold: [Double]
        /// Mean over the folds.
        public var mean: Double { perFold.reduce(0, +) / Double(perFold.count) }
        /// Standard deviation over the folds, divided by their count (as the Matbench leaderboard has it).
        public var standardDeviation: Double {
            let m = mean
            return (perFold.reduce(0) { $0 + ($1 - m) * ($1 - m) } / Double(perFold.count)).squareRoot()
        }
    }

    /// How rows were divided.
    public let folds: Folds
    /// Scores by the names of `Metrics`.
    public let scores: [String: Score]
    /// What the model that never saw the row says of it; NaN for rows that no fold tests.
    public let outOfFold: Prediction

    /// Fits once a fold on the rows that the fold does not test, then predicts those that it does.
    ///
    /// `fit` sees nothing of the tested rows: every scaling, binning and choice of settings is made inside it.
    /// - Throws: what `fit` throws; `MatSieveError.input` where a fold leaves no row to learn from.
    public static func run(
        _ data: TrainingData, folds: Folds, fit: (_ training: TrainingData, _ fold: Int) throws -> any PropertyModel
    ) throws -> CrossValidation {
        var outOfFold = Prediction(rows: data.targets.count, classCount: data.classCount)
        var perFold: [[String: Double]] = []
        for (fold, tested) in folds.testRows.enumerated() {
            let learned = remaining(data.targets.count, without: tested)
            guard !learned.isEmpty, !tested.isEmpty else {
                throw MatSieveError.input("fold \(fold + 1) leaves no row to learn from or to test")
            }
            let model = try fit(data.selecting(learned), fold)
            let prediction = model.predictions(data.features.selecting(tested), classCount: data.classCount)
            for (i, row) in tested.enumerated() { outOfFold.copyRow(i, of: prediction, to: row) }
            perFold.append(score(prediction, observed: tested.map { data.targets[$0] }, task: data.task))
        }
        let names = perFold.first.map { Array($0.keys) } ?? []
        let scores = Dictionary(uniqueKeysWithValues: names.map { name in (name, Score(perFold: perFold.map { $0[name]! })) })
        return CrossValidation(folds: folds, scores: scores, outOfFold: outOfFold)
    }

    private static func remaining(_ count: Int, without tested: [Int]) -> [Int] {
        var isTested = [Bool](repeating: false, count: count)
        for row in tested { isTested[row] = true }
        return (0..<count).filter { !isTested[$0] }
    }

    private static func score(_ prediction: Prediction, observed: [Double], task: LearningTask) -> [String: Double] {
        task == .regression
            ? Metrics.regression(predicted: prediction.mean, observed: observed)
            : Metrics.classification(classes: prediction.mean, probabilities: prediction.spread, observed: observed)
    }
}
