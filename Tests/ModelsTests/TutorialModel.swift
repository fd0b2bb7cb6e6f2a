// The tutorial of CONTRIBUTING.md, compiled: the guide quotes the marked region, and `scripts/check quotes` compares it.
// begin model
import MaterialsCore

/// Predicts the mean of the targets it was trained on, whatever the features: the mark that any other model must beat.
///
/// - Output:   mean and standard deviation of the training targets
/// - Numerics: sums in row order
public struct MeanModel: PropertyModel {
    /// `mean`.
    public static let name = "mean"

    private let mean: Double
    private let deviation: Double

    /// Learns from the targets; has no settings.
    public static func fit(_ data: TrainingData, settings: inout Settings, context: TrainingContext) throws -> MeanModel {
        try settings.finish()
        if data.targets.isEmpty { throw MatSieveError.input("model 'mean' needs at least one row to learn from") }
        let count = Double(data.targets.count)
        let mean = data.targets.reduce(0, +) / count
        let squares = data.targets.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return MeanModel(mean: mean, deviation: (squares / count).squareRoot())
    }

    private init(mean: Double, deviation: Double) { (self.mean, self.deviation) = (mean, deviation) }

    /// Reads a trained model.
    public init(parameters: ParameterArchive) throws {
        try self.init(mean: parameters.double("mean"), deviation: parameters.double("deviation"))
    }

    /// Two numbers.
    public var parameters: ParameterArchive {
        ParameterArchive(["mean": .doubles([mean], shape: [1]), "deviation": .doubles([deviation], shape: [1])])
    }

    /// Fills every row with the same values.
    public func predict(_ features: FeatureMatrix, into prediction: inout Prediction) {
        for row in 0..<features.rows {
            prediction.mean[row] = mean
            prediction.spread[row] = deviation
        }
    }
}
// end model
