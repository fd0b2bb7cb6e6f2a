/// What a model says of a batch: one value a row, and how far to trust it.
public struct Prediction: Equatable, Sendable {
    /// Regression: expected value in the target's unit. Classification: 0 or 1.
    public var mean: [Double]
    /// Regression: standard deviation in the target's unit; NaN where the model knows none.
    /// Classification: probability of class 1.
    public var spread: [Double]

    /// Room for `rows` predictions.
    public init(rows: Int) {
        mean = [Double](repeating: .nan, count: rows)
        spread = mean
    }
}

/// What a model learns: numbers, or one of two classes.
public enum LearningTask: String, CaseIterable, Codable, Sendable { case regression, classification }
