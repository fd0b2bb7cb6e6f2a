import LinearAlgebra
import MaterialsCore

/// A linear model with a quadratic penalty on its weights: regression in closed form, classification by logistic regression.
///
///     y = ȳ + z·w,   z = (x - mean) / deviation,   spread² = σ² · (1 + 1/n + zᵀ(ZᵀZ + α)⁻¹z)
///     P(1) = 1 / (1 + exp(-(z·w + b)))
///
/// - Input:    any features; values that are not finite (missing) count as the training mean, constant columns are left out.
///   Category codes are taken as numbers. A value outside [min - clip·range, max + clip·range] of the training rows counts as the
///   nearer end in the mean and the probabilities; the spread follows the value itself.
/// - Output:   regression: mean and standard deviation of a single target of weight 1; classification: probabilities. Of more than
///   two classes each is told from the rest, and the probabilities are brought to a sum of 1.
/// - Errors:   no rows or features, targets that are not finite or all of one class, values too large to be squared.
/// - Numerics: fitted by LAPACK (same bytes for the same BLAS kernel class); predicted by a row-invariant product.
///   Equal to scikit-learn's `Ridge` on standardised features to 1e-8 for the same penalty, weighted rows too.
/// - Cost:     rows × columns² to fit; columns² a row to predict with a spread.
/// - Source:   A. E. Hoerl, R. W. Kennard, Technometrics 12, 55 (1970), doi:10.1080/00401706.1970.10488634. The penalty `alpha`
///   is of least generalised cross-validation (classification: deviance + 2 effective parameters) unless it is given.
public struct RidgeModel: PropertyModel {
    /// Name in plans.
    public static let name = "ridge"
    /// What it can do and how.
    public static let traits = ModelTraits("linear, L2 penalty, exact in one solve", missingFeatures: "the training mean stands in")

    let task: LearningTask
    /// 0 in a regression.
    let classCount: Int
    let scaling: ColumnScaling
    let alpha: Double
    /// One vector a score: one of a regression or of two classes, else one a class.
    let weights: [[Double]]
    /// One a score.
    let intercepts: [Double]
    /// Regression: how far to trust a prediction.
    let leverage: Leverage
    /// Weights beside the columns of `leverage`, then zeros to whole lanes of the kernel: kept columns × productWidth.
    private let combined: [Double]
    private let productWidth: Int

    /// What the spread needs: σ² and the directions of the training rows.
    struct Leverage: Equatable, Sendable {
        /// NaN where the training rows don't tell.
        var noiseVariance: Double
        /// Training rows; 0 in a classification.
        var rows: Int
        /// Kept columns × directions: right singular vectors / sqrt(s² + α).
        var directions: Matrix
        /// s² + α of each direction.
        var stiffness: [Double]
    }

    init(classCount: Int, scaling: ColumnScaling, alpha: Double, weights: [[Double]], intercepts: [Double], leverage: Leverage) {
        task = classCount == 0 ? .regression : .classification
        (self.classCount, self.scaling, self.alpha, self.weights) = (classCount, scaling, alpha, weights)
        (self.intercepts, self.leverage) = (intercepts, leverage)
        let (scores, directions) = (weights.count, leverage.directions.columns)
        let width = scores + directions
        productWidth = width == 1 ? 1 : (width + 7) / 8 * 8
        var combined = [Double](repeating: 0, count: scaling.kept.count * productWidth)
        for j in scaling.kept.indices {
            for s in 0..<scores { combined[j * productWidth + s] = weights[s][j] }
            for d in 0..<directions { combined[j * productWidth + scores + d] = leverage.directions[j, d] }
        }
        self.combined = combined
    }

    /// Columns it was trained on.
    public var featureCount: Int { scaling.sourceColumns }

    /// What was used, for the model card.
    public var summary: [String: String] {
        [
            "alpha": "\(alpha)", "columns_used": "\(scaling.kept.count)",
            "noise_std": leverage.noiseVariance.isNaN ? "none" : "\(leverage.noiseVariance.squareRoot())",
        ]
    }

    /// Learns; setting `alpha` (1e-12 to 1e12) fixes the penalty on the standardised features, `clip` (default 1) says how many
    /// ranges of the training values a value may lie outside them; 1e12 leaves every value as it is.
    public static func fit(_ data: TrainingData, settings: inout Settings, context: TrainingContext) throws -> RidgeModel {
        let given = try settings.number("alpha")
        if let given, !(1e-12...1e12).contains(given) {
            throw Settings.error(settings.line(of: "alpha"), "'alpha' of \(settings.subject) must be between 1e-12 and 1e12")
        }
        let clip = try settings.number("clip", default: 1, in: 0...1e12)
        try settings.finish()
        try data.check(for: name)
        if context.isCancelled() { throw MatSieveError.stopped("ridge: stopped before the fit; start it again") }
        let scaling = try ColumnScaling(data, clip: clip)
        let standardised = Matrix(
            rows: data.features.rows, columns: scaling.kept.count, values: scaling.apply(data.features, clipped: false))
        return data.task == .regression
            ? try regression(standardised, data, scaling, alpha: given)
            : try classification(standardised, data, scaling, alpha: given, isCancelled: context.isCancelled)
    }

    private static func regression(_ z: Matrix, _ data: TrainingData, _ scaling: ColumnScaling, alpha given: Double?) throws -> RidgeModel {
        let fit = try RidgeRegression(z, targets: data.targets, rowWeights: data.weights)
        let alpha = given ?? fit.bestAlpha()
        let stiffness = fit.singularValues.map { $0 * $0 + alpha }
        var directions = fit.rightTransposed.transposed
        for j in 0..<directions.rows { for d in stiffness.indices { directions[j, d] /= stiffness[d].squareRoot() } }
        return RidgeModel(
            classCount: 0, scaling: scaling, alpha: alpha, weights: [fit.weights(alpha)], intercepts: [fit.targetMean],
            leverage: Leverage(noiseVariance: fit.noiseVariance(alpha), rows: z.rows, directions: directions, stiffness: stiffness))
    }

    private static func classification(
        _ z: Matrix, _ data: TrainingData, _ scaling: ColumnScaling, alpha given: Double?, isCancelled: () -> Bool
    ) throws -> RidgeModel {
        let classes = data.classCount == 2 ? [1] : Array(0..<data.classCount)
        let targets = classes.map { code in data.targets.map { $0 == Double(code) ? 1.0 : 0 } }
        let problem = try LogisticRidge(z, targets: targets, rowWeights: data.targets.indices.map(data.weight))
        let (alpha, points) = try given.map { ($0, try problem.fit(alpha: $0)) } ?? problem.bestFit(isCancelled: isCancelled)
        let unpacked = points.map(problem.unpacked)
        let none = Leverage(noiseVariance: .nan, rows: 0, directions: Matrix(rows: scaling.kept.count, columns: 0), stiffness: [])
        return RidgeModel(
            classCount: data.classCount, scaling: scaling, alpha: alpha, weights: unpacked.map(\.weights),
            intercepts: unpacked.map(\.intercept), leverage: none)
    }

    /// Fills `prediction`; features must have the columns of the training.
    public func predict(_ features: FeatureMatrix, into prediction: inout Prediction) {
        precondition(features.columns == featureCount && prediction.mean.count == features.rows)
        let (inner, width, scores) = (scaling.kept.count, productWidth, weights.count)
        let z = scaling.apply(features, clipped: false)
        var products = [Double](repeating: 0, count: features.rows * width)
        var span = products.mutableSpan
        rowInvariantProduct(z.span, combined.span, into: &span, rows: features.rows, inner: inner, columns: width)
        var scored = [Double](repeating: 0, count: scores)
        for row in 0..<features.rows {
            let own = z[row * inner..<(row + 1) * inner]
            let isInside = zip(own, zip(scaling.lows, scaling.highs)).allSatisfy { $0 >= $1.0 && $0 <= $1.1 }
            for s in 0..<scores { scored[s] = intercepts[s] + (isInside ? products[row * width + s] : clippedScore(own, weights[s])) }
            if task == .regression {
                prediction.mean[row] = scored[0]
                prediction.spread[row] = spread(
                    own, products[row * width + 1..<row * width + 1 + leverage.directions.columns])
            } else {
                set(scored, &prediction, row)
            }
        }
    }

    /// z·w with each value brought to its limits, summed in column order.
    private func clippedScore(_ z: ArraySlice<Double>, _ weights: [Double]) -> Double {
        var sum = 0.0
        for (j, value) in z.enumerated() { sum += min(max(value, scaling.lows[j]), scaling.highs[j]) * weights[j] }
        return sum
    }

    private func set(_ scores: [Double], _ prediction: inout Prediction, _ row: Int) {
        var probabilities = scores.map(ClassProbabilities.logistic)
        if classCount == 2 { return prediction.setProbability(probabilities[0], row: row) }
        ClassProbabilities.normalise(&probabilities)
        prediction.setProbabilities(probabilities, row: row)
    }

    /// Standard deviation of a single target; a direction that no training row has is as uncertain as the penalty leaves it.
    private func spread(_ z: ArraySlice<Double>, _ projections: ArraySlice<Double>) -> Double {
        var (sum, inside) = (0.0, 0.0)
        for (p, stiffness) in zip(projections, leverage.stiffness) {
            sum += p * p
            inside += p * p * stiffness
        }
        if projections.count < z.count {
            let all = z.reduce(0) { $0 + $1 * $1 }
            let outside = all - inside
            if outside > 1e-12 * all { sum += outside / alpha }
        }
        return (leverage.noiseVariance * (1 + 1 / Double(leverage.rows) + sum)).squareRoot()
    }
}
