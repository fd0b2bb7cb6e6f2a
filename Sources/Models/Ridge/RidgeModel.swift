import LinearAlgebra
import MaterialsCore

/// A linear model with a quadratic penalty on its weights: regression in closed form, classification by logistic regression.
///
///     y = ȳ + z·w,   z = (x - mean) / deviation,   spread² = σ² · (1 + 1/n + zᵀ(ZᵀZ + α)⁻¹z)
///     P(1) = 1 / (1 + exp(-(z·w + b)))
///
/// - Input:    any features; values that are not finite (missing) count as the training mean, constant columns are left out.
///   Category codes are taken as numbers.
/// - Output:   regression: mean and standard deviation of a single target; classification: the likelier class and the
///   probability of class 1.
/// - Errors:   no rows or features, targets that are not finite or all of one class, values too large to be squared.
/// - Numerics: fitted by LAPACK (same bytes for the same BLAS kernel class); predicted by a row-invariant product.
///   Equal to scikit-learn's `Ridge` on standardised features to 1e-8 for the same penalty.
/// - Cost:     rows × columns² to fit; columns² a row to predict with a spread.
/// - Source:   A. E. Hoerl, R. W. Kennard, Technometrics 12, 55 (1970), doi:10.1080/00401706.1970.10488634. The penalty `alpha`
///   is of least generalised cross-validation (classification: deviance + 2 effective parameters) unless it is given.
public struct RidgeModel: PropertyModel {
    /// Name in plans.
    public static let name = "ridge"

    let task: LearningTask
    let scaling: ColumnScaling
    let alpha: Double
    let weights: [Double]
    let intercept: Double
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

    init(task: LearningTask, scaling: ColumnScaling, alpha: Double, weights: [Double], intercept: Double, leverage: Leverage) {
        (self.task, self.scaling, self.alpha, self.weights) = (task, scaling, alpha, weights)
        (self.intercept, self.leverage) = (intercept, leverage)
        let directions = leverage.directions.columns
        productWidth = directions == 0 ? 1 : (1 + directions + 7) / 8 * 8
        var combined = [Double](repeating: 0, count: weights.count * productWidth)
        for (j, w) in weights.enumerated() {
            combined[j * productWidth] = w
            for d in 0..<directions { combined[j * productWidth + 1 + d] = leverage.directions[j, d] }
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

    /// Learns; setting `alpha` (1e-12 to 1e12) fixes the penalty on the standardised features.
    public static func fit(_ data: TrainingData, settings: inout Settings, context: TrainingContext) throws -> RidgeModel {
        let given = try settings.number("alpha")
        if let given, !(1e-12...1e12).contains(given) {
            throw Settings.error(settings.line(of: "alpha"), "'alpha' of \(settings.subject) must be between 1e-12 and 1e12")
        }
        try settings.finish()
        try data.check(for: name)
        if context.isCancelled() { throw MatSieveError.stopped("ridge: stopped before the fit; start it again") }
        let scaling = try ColumnScaling(data)
        let standardised = Matrix(rows: data.features.rows, columns: scaling.kept.count, values: scaling.apply(data.features))
        return data.task == .regression
            ? try regression(standardised, data.targets, scaling, alpha: given)
            : try classification(standardised, data.targets, scaling, alpha: given, isCancelled: context.isCancelled)
    }

    private static func regression(_ z: Matrix, _ targets: [Double], _ scaling: ColumnScaling, alpha given: Double?) throws -> RidgeModel {
        let fit = try RidgeRegression(z, targets: targets)
        let alpha = given ?? fit.bestAlpha()
        let stiffness = fit.singularValues.map { $0 * $0 + alpha }
        var directions = fit.rightTransposed.transposed
        for j in 0..<directions.rows { for d in stiffness.indices { directions[j, d] /= stiffness[d].squareRoot() } }
        return RidgeModel(
            task: .regression, scaling: scaling, alpha: alpha, weights: fit.weights(alpha), intercept: fit.targetMean,
            leverage: Leverage(noiseVariance: fit.noiseVariance(alpha), rows: z.rows, directions: directions, stiffness: stiffness))
    }

    private static func classification(
        _ z: Matrix, _ targets: [Double], _ scaling: ColumnScaling, alpha given: Double?, isCancelled: () -> Bool
    ) throws -> RidgeModel {
        let problem = try LogisticRidge(z, targets: targets)
        let (alpha, point) = try given.map { ($0, try problem.fit(alpha: $0)) } ?? problem.bestFit(isCancelled: isCancelled)
        let (weights, intercept) = problem.unpacked(point)
        let none = Leverage(noiseVariance: .nan, rows: 0, directions: Matrix(rows: weights.count, columns: 0), stiffness: [])
        return RidgeModel(task: .classification, scaling: scaling, alpha: alpha, weights: weights, intercept: intercept, leverage: none)
    }

    /// Fills `prediction`; features must have the columns of the training.
    public func predict(_ features: FeatureMatrix, into prediction: inout Prediction) {
        precondition(features.columns == featureCount && prediction.mean.count == features.rows)
        let (inner, width) = (weights.count, productWidth)
        let z = scaling.apply(features)
        var products = [Double](repeating: 0, count: features.rows * width)
        var span = products.mutableSpan
        rowInvariantProduct(z.span, combined.span, into: &span, rows: features.rows, inner: inner, columns: width)
        for row in 0..<features.rows {
            let score = intercept + products[row * width]
            if task == .classification {
                let p = BoostingLoss.probability(score)
                (prediction.mean[row], prediction.spread[row]) = (p >= 0.5 ? 1 : 0, p)
            } else {
                prediction.mean[row] = score
                prediction.spread[row] = spread(
                    z[row * inner..<(row + 1) * inner], products[row * width + 1..<row * width + 1 + leverage.directions.columns])
            }
        }
    }

    /// Standard deviation of a single target; a direction that no training row has is as uncertain as the penalty leaves it.
    private func spread(_ z: ArraySlice<Double>, _ projections: ArraySlice<Double>) -> Double {
        var (sum, inside) = (0.0, 0.0)
        for (p, stiffness) in zip(projections, leverage.stiffness) {
            sum += p * p
            inside += p * p * stiffness
        }
        if projections.count < weights.count {
            let all = z.reduce(0) { $0 + $1 * $1 }
            let outside = all - inside
            if outside > 1e-12 * all { sum += outside / alpha }
        }
        return (leverage.noiseVariance * (1 + 1 / Double(leverage.rows) + sum)).squareRoot()
    }
}
