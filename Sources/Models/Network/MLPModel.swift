import LinearAlgebra
import MaterialsCore

/// An ensemble of multilayer perceptrons, trained by mini-batch Adam in single precision.
///
///     h = a(x·W + b), …,  f = h·W + b;   mean = ȳ + d·Σ f_m / M,   spread² = d²·(Σ (f_m - f̄)² / M + noise)
///
/// - Input:    any features, standardised and held within ±`clip`; a missing value counts as the mean, and with
///   `missing_columns: true` each pattern of missing values has an input of its own. Categories become one input a code.
/// - Output:   regression: mean and standard deviation, from the disagreement of the members and a noise that is, for
///   `loss: gaussian`, the members' own output, else what disagreement leaves of the errors on validation rows. The loss `absolute`
///   makes the mean a median. Classification: probabilities, softmax averaged over the members.
/// - Errors:   no rows or features, targets that are not finite or all of one class, values too large to be squared, divergence.
/// - Numerics: fitted with OpenBLAS, each member on one thread (same bytes for the same BLAS kernel class and any number of threads);
///   predicted by row-invariant products and activations of fixed order. Weights multiply a row's loss.
/// - Cost:     6 × rows × weights × epochs operations a member to fit; 2 × weights × members a row to predict.
/// - Source:   D. E. Rumelhart, G. E. Hinton, R. J. Williams, Nature 323, 533 (1986), doi:10.1038/323533a0; the ensemble:
///   B. Lakshminarayanan, A. Pritzel, C. Blundell, NIPS 2017, arXiv:1612.01474. Differences: other losses than the Gaussian one.
public struct MLPModel: PropertyModel {
    /// Name in plans.
    public static let name = "mlp"
    /// What it can do and how.
    public static let traits = ModelTraits(
        "ensemble of multilayer perceptrons (Adam, early stopping)",
        missingFeatures: "the training mean stands in, on request marked by a column of its own")

    let encoding: FeatureEncoding
    let loss: NetworkLoss
    let activation: NetworkSettings.Activation
    let shape: NetworkShape
    /// Numbers of all members, one after the other; none where the features or the targets say nothing.
    let memberParameters: [Float]
    /// What targets were less, and divided by.
    let (centre, deviation): (Double, Double)
    /// In units of `deviation` squared.
    let noiseVariance: Double
    /// Part of each class in the training rows; empty in a regression.
    let shares: [Double]
    /// What was used, for the model card.
    public let summary: [String: String]
    private let members: [NetworkScorer]

    init(
        encoding: FeatureEncoding, loss: NetworkLoss, activation: NetworkSettings.Activation, shape: NetworkShape,
        memberParameters: [Float], centre: Double, deviation: Double, noiseVariance: Double, shares: [Double], summary: [String: String]
    ) {
        (self.encoding, self.loss, self.activation, self.shape) = (encoding, loss, activation, shape)
        (self.memberParameters, self.centre, self.deviation) = (memberParameters, centre, deviation)
        (self.noiseVariance, self.shares, self.summary) = (noiseVariance, shares, summary)
        members = stride(from: 0, to: memberParameters.count, by: max(shape.count, 1)).map {
            NetworkScorer(shape, memberParameters[$0..<$0 + shape.count], activation: activation)
        }
    }

    /// Columns it was trained on.
    public var featureCount: Int { encoding.sourceColumns }

    /// Learns; settings: `members`, `hidden`, `activation` (relu, silu), `loss` (absolute, squared, huber, gaussian; classification
    /// has cross-entropy), `schedule` (cosine, constant), `epochs`, `batch_size`, `learning_rate`, `weight_decay`, `dropout`,
    /// `validation_fraction`, `patience`, `clip`, `missing_columns`.
    public static func fit(_ data: TrainingData, settings: inout Settings, context: TrainingContext) throws -> MLPModel {
        let chosen = try NetworkSettings(&settings)
        try data.check(for: name)
        return try EnsembleTraining(data, settings: chosen).model(context)
    }

    /// Fills `prediction`; features must have the columns of the training.
    public func predict(_ features: FeatureMatrix, into prediction: inout Prediction) {
        precondition(features.columns == featureCount && prediction.mean.count == features.rows)
        if members.isEmpty { return predictConstant(into: &prediction) }
        // Blocks that stay in the cache; they change no bit.
        let block = 256
        for first in stride(from: 0, to: features.rows, by: block) {
            let rows = min(block, features.rows - first)
            let part = features.selecting(Array(first..<first + rows))
            let inputs = encoding.apply(part).map { Float($0) }
            let outputs = members.map { $0.outputs(inputs, rows: rows) }
            for row in 0..<rows {
                if loss.classCount == 0 {
                    setRegression(outputs, row, &prediction, first + row)
                } else {
                    setClasses(outputs, row, &prediction, first + row)
                }
            }
        }
    }

    private func setRegression(_ outputs: [[Float]], _ row: Int, _ prediction: inout Prediction, _ target: Int) {
        let (width, count) = (loss.outputs, Double(members.count))
        var (sum, noise) = (0.0, 0.0)
        for f in outputs {
            sum += Double(f[row * width])
            noise += loss.kind == .gaussian ? PortableMath.exp(Double(NetworkLoss.bounded(f[row * width + 1]))) : noiseVariance
        }
        let mean = sum / count
        var disagreement = 0.0
        for f in outputs { disagreement += (Double(f[row * width]) - mean) * (Double(f[row * width]) - mean) }
        prediction.mean[target] = centre + deviation * mean
        prediction.spread[target] = deviation * ((disagreement + noise) / count).squareRoot()
    }

    private func setClasses(_ outputs: [[Float]], _ row: Int, _ prediction: inout Prediction, _ target: Int) {
        let width = loss.outputs
        var mean = [Double](repeating: 0, count: width)
        for f in outputs {
            var own = (0..<width).map { Double(f[row * width + $0]) }
            if width == 1 { own[0] = ClassProbabilities.logistic(own[0]) } else { ClassProbabilities.softmax(&own) }
            for c in 0..<width { mean[c] += own[c] / Double(members.count) }
        }
        if width == 1 { prediction.setProbability(mean[0], row: target) } else { prediction.setProbabilities(mean, row: target) }
    }

    private func predictConstant(into prediction: inout Prediction) {
        for row in 0..<prediction.rows {
            if loss.classCount == 0 {
                (prediction.mean[row], prediction.spread[row]) = (centre, deviation)
            } else {
                prediction.setProbabilities(shares, row: row)
            }
        }
    }
}
