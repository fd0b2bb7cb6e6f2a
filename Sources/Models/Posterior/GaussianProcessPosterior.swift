import LinearAlgebra
import MaterialsCore

/// A Gaussian process: all functions of a covariance that pass the measured rows within noise.
///
///     mean(x) = k(x)ᵀ(K + σ²)⁻¹y,   variance(x) = k(x, x) - |L⁻¹k(x)|²,   LLᵀ = K + σ²
///     a draw: g(x) + k(x)ᵀ(K + σ²)⁻¹(y - g(X) - ε),   g drawn from the prior by 2,000 random Fourier features
///
/// - Input:    standardised rows; at most 10,000 measured ones
/// - Numerics: double, but for draws from the prior; fitted by LAPACK
/// - Cost:     fit rows³/3; a row measured rows × (descriptors + measured rows) operations
/// - Source:   C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning (2006), chapter 2,
///   doi:10.7551/mitpress/3206.001.0001; draws: J. T. Wilson et al., ICML 2020, PMLR 119, 10292
public struct GaussianProcessPosterior: PosteriorModel {
    /// Name in commands.
    public static let name = "gaussian-process"

    let parameters: PosteriorParameters
    private let targets: TargetScale
    private let seed: UInt64
    private var rows: FeatureMatrix
    private var standardised: [Double]
    private var lower: Matrix
    private var expansion: KernelExpansion<Double>

    private static let largestRows = 10_000
    private static let priorFrequencies = 1_000

    /// Learns. Settings: `kernel` (matern32, matern52, rbf), `length_scales` (each up to 20 descriptors, else one), `length_scale`, `noise`, `restarts`, `rows_for_hyperparameters`.
    public static func fit(
        _ rows: FeatureMatrix, targets: [Double], settings: inout Settings, previous: GaussianProcessPosterior?, context: TrainingContext
    ) throws -> GaussianProcessPosterior {
        let options = try PosteriorSettings(&settings, columns: rows.columns)
        try settings.finish()
        try checkMeasured(rows, targets, limit: largestRows, model: name)
        let scale = TargetScale(targets)
        let standardised = targets.map { scale.standardised($0) }
        let parameters = try options.chosen(rows, standardised, previous: previous?.parameters, context)
        return try GaussianProcessPosterior(parameters, scale, rows, standardised, seed: context.seed)
    }

    private init(
        _ parameters: PosteriorParameters, _ targets: TargetScale, _ rows: FeatureMatrix, _ standardised: [Double], seed: UInt64
    ) throws {
        (self.parameters, self.targets, self.rows, self.standardised, self.seed) = (parameters, targets, rows, standardised, seed)
        let n = rows.rows
        let z = SharedBuffer(rows.values, padding: 0)
        let kernels = KernelMatrix(parameters.covariance, z, count: n, columns: rows.columns)
        var jitter = MarginalLikelihood.jitter * parameters.covariance.variance
        while true {
            lower = Matrix(rows: n, columns: n)
            kernels.fillLowerTriangle(of: &lower, threads: 1)
            for i in 0..<n { lower[i, i] += parameters.noise + jitter }
            do {
                try lower.factorizeCholesky()
                break
            } catch  where jitter < 1e-3 * parameters.covariance.variance { jitter *= 100 }
        }
        var weights = Matrix(rows: 1, columns: n, values: standardised)
        lower.solveCholesky(&weights)
        var inverse = lower
        inverse.invertLowerTriangle()
        expansion = KernelExpansion(
            rows: kernels.rows, outputs: 1, weights: weights.values,
            factor: KernelFactor(size: n, isTriangular: true) { inverse.values[$0 * n + $1] })
    }

    /// Variance of a single measurement about the function.
    public var noiseVariance: Double { parameters.noise * targets.scale * targets.scale }
    /// What was chosen, for people.
    public var summary: [String: String] { parameters.summary(targets.scale) }

    /// Mean of the function.
    public func means(at rows: FeatureMatrix) -> [Double] {
        var (mean, none): ([Double], [Double]) = ([Double](repeating: 0, count: rows.rows), [])
        expansion.evaluate(rows.values, count: rows.rows, means: &mean, explained: &none, wantsExplained: false)
        return mean.map { targets.mean + targets.scale * $0 }
    }

    /// Mean and variance of the function.
    public func values(at rows: FeatureMatrix) -> PosteriorValues {
        var mean = [Double](repeating: 0, count: rows.rows)
        var explained = mean
        expansion.evaluate(rows.values, count: rows.rows, means: &mean, explained: &explained, wantsExplained: true)
        let (prior, unit) = (parameters.covariance.variance, targets.scale * targets.scale)
        for r in mean.indices {
            mean[r] = targets.mean + targets.scale * mean[r]
            explained[r] = max(prior - explained[r], 0) * unit
        }
        return PosteriorValues(mean: mean, variance: explained)
    }

    /// Covariances of the function at `rows` with that at `anchors`.
    public func covariances(of others: FeatureMatrix, with anchors: FeatureMatrix) -> FeatureMatrix {
        let (n, m) = (rows.rows, anchors.rows)
        let training = KernelMatrix(
            parameters.covariance, SharedBuffer(rows.values, padding: 0), count: n, columns: rows.columns)
        let known = SharedBuffer(anchors.values, padding: 0)
        var solved = training.covariances(of: known.pointer, count: m)
        lower.solveCholesky(&solved)
        let unit = targets.scale * targets.scale
        var weights = [Double](repeating: 0, count: m * (n + m))
        for a in 0..<m {
            for i in 0..<n { weights[a * (n + m) + i] = -unit * solved[a, i] }
            weights[a * (n + m) + n + a] = unit
        }
        let all = SharedBuffer(rows.values + anchors.values, padding: 0)
        let sum = KernelExpansion<Double>(
            rows: KernelRows(parameters.covariance, rows: all.pointer, count: n + m, columns: rows.columns), outputs: m, weights: weights,
            factor: nil)
        var values = [Double](repeating: 0, count: others.rows * m)
        var none: [Double] = []
        sum.evaluate(others.values, count: others.rows, means: &values, explained: &none, wantsExplained: false)
        return FeatureMatrix(rows: others.rows, columns: m, values: values)
    }

    /// A function of this distribution.
    public func sample(seed: UInt64) -> any FunctionSample {
        var random = SplitMix64(seed: seed)
        let basis = FourierBasis(parameters.term, columns: rows.columns, count: Self.priorFrequencies, seed: random.next())
        let amplitude = (parameters.term.variance / Double(basis.count)).squareRoot()
        var drawn = random.normals(basis.width)
        for j in drawn.indices { drawn[j] = basis.isFeature(j) ? drawn[j] * amplitude : 0 }
        let prior = basis.sums(FourierBasis.singlePrecision(rows), count: rows.rows, weights: [drawn])
        let noise = random.normals(rows.rows)
        let root = parameters.noise.squareRoot()
        var weights = Matrix(
            rows: 1, columns: rows.rows,
            values: rows.rows == 0 ? [] : (0..<rows.rows).map { standardised[$0] - prior[$0] - root * noise[$0] })
        lower.solveCholesky(&weights)
        let unit = targets.scale
        return PathwiseSample(
            prior: FourierSample(basis: basis, weights: drawn.map { $0 * unit }, offset: targets.mean),
            update: KernelExpansion(rows: expansion.rows, outputs: 1, weights: weights.values.map { $0 * unit }, factor: nil))
    }

    /// Takes in a further measured row.
    public mutating func condition(on row: FeatureMatrix, target: Double) throws {
        precondition(row.rows == 1 && row.columns == rows.columns)
        self = try GaussianProcessPosterior(
            parameters, targets, FeatureMatrix(rows: rows.rows + 1, columns: rows.columns, values: rows.values + row.values),
            standardised + [targets.standardised(target)], seed: seed)
    }
}

/// A draw from the prior, corrected to pass the measured rows.
struct PathwiseSample: FunctionSample {
    let prior: FourierSample
    let update: KernelExpansion<Double>

    func values(at rows: FeatureMatrix) -> [Double] {
        var change = [Double](repeating: 0, count: rows.rows)
        var none: [Double] = []
        update.evaluate(rows.values, count: rows.rows, means: &change, explained: &none, wantsExplained: false)
        return zip(prior.values(at: rows), change).map { $0 + $1 }
    }
}
