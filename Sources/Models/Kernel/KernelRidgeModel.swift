import LinearAlgebra
import MaterialsCore

/// Kernel ridge regression: a sum of covariances with the training rows, with a penalty on its norm.
///
///     f(x) = ȳ + k(x)ᵀ(K + λ/w)⁻¹(y - ȳ)
///
/// - Input:    any features; values that are not finite (missing) count as the training mean, constant columns are left out, values
///   more than 10⁶ standard deviations away count as there. Category codes are taken as numbers. A row of weight w has penalty λ/w.
/// - Output:   regression: the value; no standard deviation. Classification: regression on ±1 (many classes: one against the rest),
///   then a sigmoid fitted to the closed-form left-out values.
/// - Scope:    exact to `exact_rows` (20,000) rows, past that `inducing` (2,000) random rows stand for all. Length scale and penalty are
///   of least closed-form left-out squared error on at most `rows_for_hyperparameters` (1,000) random rows, from a grid, unless given.
/// - Errors:   no rows or features, targets that are not finite or all of one class, values too large to be squared.
/// - Numerics: fitted in double by LAPACK; predicted by row-invariant kernels, in single precision where that agrees with double to
///   2·10⁻⁴ of the target's deviation (setting `precision`). Equal to scikit-learn's `KernelRidge` on standardised features and targets.
/// - Cost:     fit rows³/3 operations and 8 rows² bytes; a row takes 2 rows × features operations.
/// - Source:   C. Saunders, A. Gammerman, V. Vovk, ICML 1998, 515; left-out errors: G. C. Cawley, N. L. C. Talbot, Neural Netw. 17,
///   1467 (2004), doi:10.1016/j.neunet.2004.07.002
public struct KernelRidgeModel: PropertyModel {
    /// Name in plans.
    public static let name = "kernel-ridge"
    /// It keeps training rows and does not know its error.
    public static let traits = ModelTraits("squares with a kernel", knowsItsError: false, holdsTrainingRows: true)

    let task: LearningTask
    let scaling: ColumnScaling
    let targetMean: Double
    let targetScale: Double
    let penalty: Double
    /// Of a classification.
    let calibration: ClassCalibration?
    let predictor: KernelPredictor
    let isInducing: Bool

    /// Columns it was trained on.
    public var featureCount: Int { scaling.sourceColumns }

    /// What was used, for the model card.
    public var summary: [String: String] {
        let terms = predictor.covariance.terms
        return [
            "kernel": terms.map(\.form.rawValue).joined(separator: " + "), "penalty": "\(penalty)",
            "length_scale": terms.map { "\($0.lengthScales[0])" }.joined(separator: ", "), "columns_used": "\(scaling.kept.count)",
            "precision": predictor.precision.rawValue, "method": isInducing ? "inducing points" : "exact",
            isInducing ? "inducing" : "rows": "\(predictor.rows)",
        ]
    }

    /// Learns.
    ///
    /// Settings: `kernel` (rbf, matern12, matern32, matern52, laplacian; sums as `rbf + matern12`), `length_scale` (of standardised
    /// features) and `penalty` where they shall not be chosen, `rows_for_hyperparameters`, `exact_rows`, `inducing` (given: always by
    /// inducing rows), `precision`.
    public static func fit(_ data: TrainingData, settings: inout Settings, context: TrainingContext) throws -> KernelRidgeModel {
        let kernels = try KernelSettings(&settings, defaultKernel: .laplacian, choiceRows: 1_000)
        let given = try KernelSettings.positive("penalty", 1e-10...1e6, &settings)
        try settings.finish()
        try data.check(for: name)
        let scaling = try ColumnScaling(data)
        let targets = KernelTargets(data)
        let problem = KernelProblem(data, scaling, targets.outputs, context, model: name)
        let search = LeftOutSearch(forms: kernels.forms, lengthScale: kernels.lengthScale, penalty: given)
        let (covariance, penalty) = try search.run(problem, rows: min(problem.rows, kernels.choiceRows))
        let isClassification = data.task == .classification
        let induces = kernels.induces(problem.rows)
        let posterior =
            induces
            ? try KernelPosterior(
                inducing: min(kernels.inducing, problem.rows), problem, covariance, noise: penalty, choosesNoise: false,
                wantsFactor: false, wantsLeftOut: isClassification)
            : try KernelPosterior(exactly: problem, covariance, noise: penalty, factorRows: 0, wantsLeftOut: isClassification)
        return KernelRidgeModel(
            task: data.task, scaling: scaling, targetMean: targets.mean, targetScale: targets.scale, penalty: penalty,
            calibration: posterior.leftOut.map { problem.calibration($0) },
            predictor: KernelPredictor(
                posterior, covariance, z: problem.firstRows(posterior.weights.columns), columns: problem.columns,
                precision: kernels.precision, meanTolerance: 2e-4, varianceTolerance: .infinity),
            isInducing: induces)
    }

    /// Fills `prediction`; features must have the columns of the training.
    public func predict(_ features: FeatureMatrix, into prediction: inout Prediction) {
        precondition(features.columns == featureCount && prediction.mean.count == features.rows)
        let z = KernelPredictor.standardised(features, scaling)
        let means = predictor.evaluate(z, count: features.rows, wantsExplained: false).means
        guard let calibration else {
            for row in 0..<features.rows { (prediction.mean[row], prediction.spread[row]) = (targetMean + targetScale * means[row], .nan) }
            return
        }
        let scores = means.span
        for row in 0..<features.rows {
            let first = row * predictor.outputs
            calibration.fill(&prediction, row: row, scores: scores.extracting(first..<first + predictor.outputs))
        }
    }
}

extension KernelRidgeModel {
    /// The parameters, enough to make the model again.
    public var parameters: ParameterArchive {
        var archive = predictor.parameters
        archive.merge(scaling.archive, under: "scaling")
        archive["task"] = .string(task.rawValue)
        archive["method"] = .string(isInducing ? "inducing" : "exact")
        archive["target"] = .doubles([targetMean, targetScale, penalty], shape: [3])
        archive["calibration"] = calibration.parameters
        return archive
    }

    /// A trained model from its parameters.
    /// - Throws: `MatSieveError.input` where they are damaged.
    public init(parameters: ParameterArchive) throws {
        guard let task = LearningTask(rawValue: try parameters.string("task")) else { throw KernelPredictor.damaged }
        let method = try parameters.string("method")
        let target = try parameters.doubles("target", count: 3)
        guard method == "inducing" || method == "exact", target.allSatisfy(\.isFinite), target[1] > 0, target[2] > 0 else {
            throw KernelPredictor.damaged
        }
        let scaling = try ColumnScaling(archive: parameters.group("scaling"))
        let calibration = try ClassCalibration.read(parameters.doubles("calibration"), task)
        self.init(
            task: task, scaling: scaling, targetMean: target[0], targetScale: target[1], penalty: target[2], calibration: calibration,
            predictor: try KernelPredictor(
                parameters: parameters, columns: scaling.kept.count, outputs: calibration?.slopes.count ?? 1),
            isInducing: method == "inducing")
    }
}
