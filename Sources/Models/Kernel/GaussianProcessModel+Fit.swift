import LinearAlgebra
import MaterialsCore

extension GaussianProcessModel {
    /// Settings beside those of every kernel model.
    private struct Options {
        var kernels: KernelSettings
        /// Nil: each feature its own, up to 500 features.
        var lengths: LengthScales?
        var noise: Double?
        var restarts: Int
        var varianceRows: Int

        init(_ settings: inout Settings) throws {
            kernels = try KernelSettings(&settings, defaultKernel: .laplacian, choiceRows: 2_000)
            lengths = settings.keys.contains("ard") ? try settings.boolean("ard", default: true) ? .each : .one : nil
            if settings.keys.contains("length_scales") { lengths = try settings.choice("length_scales", default: .each) }
            _ = settings.setting("ard")
            _ = settings.setting("length_scales")
            noise = try KernelSettings.positive("noise", 1e-10...1e3, &settings)
            restarts = try settings.integer("restarts", default: 3, in: 1...100)
            varianceRows = try settings.integer("variance_rows", default: 5_000, in: 1...50_000)
            try settings.finish()
        }
    }

    /// Learns.
    ///
    /// Settings: `kernel` (rbf, matern12, matern32, matern52, laplacian; sums as `rbf + matern12`), `length_scales` (`each` feature its
    /// own, which `ard: true` says too and is the default up to 500 features; `one`; `groups`: one a descriptor, and one each for
    /// fractions of elements), `length_scale` (of standardised features) and `noise` (variance over that of the target) where they shall
    /// not be chosen (both given: variance 1),
    /// `restarts`, `rows_for_hyperparameters`, `exact_rows`, `inducing` (given: always by inducing rows), `variance_rows`, `precision`.
    public static func fit(_ data: TrainingData, settings: inout Settings, context: TrainingContext) throws -> GaussianProcessModel {
        try fit(data, like: nil, settings: &settings, context: context)
    }

    /// Learns other rows with the covariance and noise that `model` has chosen, where the same columns vary.
    static func fit(
        _ data: TrainingData, like model: GaussianProcessModel?, settings: inout Settings, context: TrainingContext
    ) throws -> GaussianProcessModel {
        let options = try Options(&settings)
        try data.check(for: name)
        let scaling = try ColumnScaling(data, rootsOfFractions: options.lengths == .groups)
        let lengths = options.lengths ?? (scaling.kept.count <= 500 ? .each : .one)
        let targets = KernelTargets(data)
        let problem = KernelProblem(data, scaling, targets.outputs, context, model: name)
        let choice: HyperparameterSearch.Choice
        if let model, model.scaling.kept == scaling.kept, model.scaling.isRoot == scaling.isRoot {
            choice = .init(covariance: model.predictor.covariance, noise: model.noise, logLikelihood: model.logLikelihood)
        } else {
            choice = try chosen(options, problem, ScaleSharing(lengths, data, scaling), context)
        }
        let isClassification = data.task == .classification
        let induces = options.kernels.induces(problem.rows)
        let posterior: KernelPosterior
        if induces {
            posterior = try KernelPosterior(
                inducing: min(options.kernels.inducing, problem.rows), problem, choice.covariance, noise: choice.noise,
                choosesNoise: options.noise == nil, wantsFactor: !isClassification, wantsLeftOut: isClassification)
        } else {
            posterior = try KernelPosterior(
                exactly: problem, choice.covariance, noise: choice.noise, factorRows: isClassification ? 0 : options.varianceRows,
                wantsLeftOut: isClassification)
        }
        return GaussianProcessModel(
            task: data.task, scaling: scaling, targetMean: targets.mean, targetScale: targets.scale, noise: posterior.noise,
            calibration: posterior.leftOut.map { problem.calibration($0) },
            predictor: KernelPredictor(
                posterior, choice.covariance, z: problem.firstRows(posterior.weights.columns), columns: problem.columns,
                precision: options.kernels.precision, meanTolerance: max(1e-5, 5e-3 * posterior.noise.squareRoot()),
                varianceTolerance: 5e-3 * posterior.noise),
            logLikelihood: choice.logLikelihood, isInducing: induces)
    }

    private static func chosen(
        _ options: Options, _ problem: KernelProblem, _ sharing: ScaleSharing, _ context: TrainingContext
    ) throws -> HyperparameterSearch.Choice {
        if let scale = options.kernels.lengthScale, let noise = options.noise {
            let forms = options.kernels.forms
            let terms = forms.map { CovarianceTerm(form: $0, variance: 1 / Double(forms.count), lengthScales: [scale]) }
            return HyperparameterSearch.Choice(covariance: Covariance(terms: terms), noise: noise, logLikelihood: .nan)
        }
        let search = HyperparameterSearch(
            forms: options.kernels.forms, sharing: sharing, lengthScale: options.kernels.lengthScale, noise: options.noise,
            restarts: options.restarts, seed: context.seed)
        let rows = min(problem.rows, options.kernels.choiceRows)
        return try search.run(
            problem.z, columns: problem.columns, targets: problem.firstTargets(rows), noiseFactors: problem.noiseFactors,
            threads: context.threads, isCancelled: context.isCancelled)
    }
}
