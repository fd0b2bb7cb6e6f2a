/// What a model says of a batch: one value a row, and how far to trust it.
public struct Prediction: Equatable, Sendable {
    /// Classes that can be predicted, coded 0, 1, …; 0 in a regression.
    public let classCount: Int
    /// Regression: expected value in the target's unit. Classification: code of the likeliest class.
    public var mean: [Double]
    /// Regression: standard deviation in the target's unit; NaN where the model knows none.
    /// Two classes: probability of class 1. More classes: probability of the class in `mean`.
    public var spread: [Double]
    /// Rows × classes where there are more than two, else nothing.
    public var probabilities: FeatureMatrix

    /// Room for `rows` predictions.
    public init(rows: Int, classCount: Int = 0) {
        self.classCount = classCount
        mean = [Double](repeating: .nan, count: rows)
        spread = mean
        probabilities = FeatureMatrix(rows: classCount > 2 ? rows : 0, columns: classCount > 2 ? classCount : 0)
    }

    /// Predictions.
    public var rows: Int { mean.count }

    /// Fills a row of two classes from the probability of class 1; a half counts as class 1.
    @inlinable
    public mutating func setProbability(_ probability: Double, row: Int) {
        (mean[row], spread[row]) = (probability >= 0.5 ? 1 : 0, probability)
    }

    /// Fills a row of any number of classes from the probability of each; of equal ones the lowest code wins, but for two classes.
    public mutating func setProbabilities(_ ofClasses: Span<Double>, row: Int) {
        guard classCount > 2 else { return setProbability(ofClasses[1], row: row) }
        var best = 0
        for c in 0..<classCount {
            probabilities[row, c] = ofClasses[c]
            if ofClasses[c] > ofClasses[best] { best = c }
        }
        (mean[row], spread[row]) = (Double(best), ofClasses[best])
    }

    /// Probability of a class in a row, however many classes there are.
    public func probability(ofClass code: Int, row: Int) -> Double {
        if classCount > 2 { return probabilities[row, code] }
        return code == 1 ? spread[row] : 1 - spread[row]
    }

    /// Takes over a row of another prediction of the same classes.
    public mutating func copyRow(_ source: Int, of other: Prediction, to row: Int) {
        (mean[row], spread[row]) = (other.mean[source], other.spread[source])
        for c in 0..<probabilities.columns { probabilities[row, c] = other.probabilities[source, c] }
    }
}

/// What a model learns: numbers, or one of two or more classes.
public enum LearningTask: String, CaseIterable, Codable, Sendable { case regression, classification }
