import LinearAlgebra
import MaterialsCore

/// A Gaussian process: the mean and spread of all functions of a covariance that pass the training rows within noise.
///
///     mean(x) = ȳ + k(x)ᵀ(K + σ²/w)⁻¹(y - ȳ),   spread² = k(x, x) - k(x)ᵀ(K + σ²/w)⁻¹k(x) + σ²
///
/// - Input:    any features; values that are not finite (missing) count as the training mean, constant columns are left out, values
///   more than 10⁶ standard deviations away count as there. Category codes are taken as numbers. A row of weight w has noise σ²/w.
/// - Output:   regression: mean and standard deviation of a single measurement (noise included). Classification: regression on ±1
///   (many classes: one against the rest), then a sigmoid fitted to the closed-form left-out values.
/// - Scope:    exact to `exact_rows` (20,000) rows, past that `inducing` (2,000) random rows stand for all by the variational bound.
///   Length scales, variances and noise maximise the posterior of at most `rows_for_hyperparameters` (2,000) random rows. Past
///   `variance_rows` (5,000) the spread of an exact fit is that given so many random rows: never smaller than that given all.
/// - Errors:   no rows or features, targets that are not finite or all of one class, values too large to be squared.
/// - Numerics: fitted in double by LAPACK (same bytes for the same BLAS kernel class). Predicted by row-invariant kernels, in single
///   precision where that agrees with double to 1/200 of the noise in mean and variance (setting `precision`).
/// - Cost:     fit rows³/3 operations and 8 rows² bytes; inducing: 2 rows × inducing². A row takes 2 rows × features operations, with a
///   spread variance_rows² more (inducing: 2 inducing²).
/// - Source:   C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning (2006), chapters 2, 5 and 6.5,
///   doi:10.7551/mitpress/3206.001.0001; M. K. Titsias, AISTATS 2009, PMLR 5, 567
public struct GaussianProcessModel: HyperparameterSharing {
    /// Name in plans.
    public static let name = "gaussian-process"
    /// It keeps training rows and knows its error.
    public static let traits = ModelTraits("Gaussian process, marginal likelihood; inducing points for many rows", holdsTrainingRows: true)

    let task: LearningTask
    let scaling: ColumnScaling
    let targetMean: Double
    let targetScale: Double
    /// Variance of noise over that of the target.
    let noise: Double
    /// Of a classification.
    let calibration: ClassCalibration?
    let predictor: KernelPredictor
    /// Of the rows that length scales were chosen on; NaN where nothing was chosen.
    let logLikelihood: Double
    let isInducing: Bool

    /// Columns it was trained on.
    public var featureCount: Int { scaling.sourceColumns }

    /// What was used, for the model card.
    public var summary: [String: String] {
        let terms = predictor.covariance.terms
        var result = [
            "kernel": terms.map(\.form.rawValue).joined(separator: " + "), "noise": "\(noise)", "columns_used": "\(scaling.kept.count)",
            "variance": terms.map { "\($0.variance)" }.joined(separator: ", "), "precision": predictor.precision.rawValue,
            "method": isInducing ? "inducing points" : "exact", isInducing ? "inducing" : "rows": "\(predictor.rows)",
        ]
        if !logLikelihood.isNaN { result["log_marginal_likelihood"] = "\(logLikelihood)" }
        let scales = terms.map { ($0.lengthScales.min()!, $0.lengthScales.max()!) }
        result["length_scale"] = scales.map { $0 == $1 ? "\($0)" : "\($0) to \($1)" }.joined(separator: ", ")
        return result
    }

    /// Fills `prediction`; features must have the columns of the training.
    public func predict(_ features: FeatureMatrix, into prediction: inout Prediction) {
        precondition(features.columns == featureCount && prediction.mean.count == features.rows)
        let z = KernelPredictor.standardised(features, scaling)
        let (means, explained) = predictor.evaluate(z, count: features.rows, wantsExplained: task == .regression)
        guard let calibration else {
            let variance = predictor.covariance.variance
            for row in 0..<features.rows {
                prediction.mean[row] = targetMean + targetScale * means[row]
                prediction.spread[row] = targetScale * (max(variance - explained[row], 0) + noise).squareRoot()
            }
            return
        }
        let scores = means.span
        for row in 0..<features.rows {
            let first = row * predictor.outputs
            calibration.fill(&prediction, row: row, scores: scores.extracting(first..<first + predictor.outputs))
        }
    }

    /// Means of a regression without their spread, which takes most of the time of a prediction.
    public func means(_ features: FeatureMatrix) -> [Double] {
        precondition(features.columns == featureCount && task == .regression)
        let z = KernelPredictor.standardised(features, scaling)
        return predictor.evaluate(z, count: features.rows, wantsExplained: false).means.map { targetMean + targetScale * $0 }
    }
}
