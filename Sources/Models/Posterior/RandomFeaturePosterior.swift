import LinearAlgebra
import MaterialsCore

/// A Bayesian linear model of random Fourier features: a Gaussian process whose cost grows with the features, not with the rows.
///
///     f(x) = wᵀφ(x),   w ~ N(0, 1),   y = f(x) + ε,   K = ΦΦᵀ + σ² = LLᵀ,   F = L⁻¹Φ
///     mean(x) = φ(x)ᵀFᵀL⁻¹y,   variance(x) = |φ(x)|² - |Fφ(x)|²,   a draw: w₀ + Fᵀ(L⁻¹(y - ε) - Fw₀)
///
/// - Input:    standardised rows; at most 10,000 measured ones
/// - Numerics: fitted in double by LAPACK; rows are answered in single precision, means to about 10⁻⁶ of the targets' deviation
/// - Cost:     fit rows² × features; a row 2 × measured rows × features operations with its variance, 2 × features for a draw
/// - Source:   A. Rahimi, B. Recht, NIPS 20 (2007), 1177; the use for searches: T. Ueno et al., Mater. Discov. 4, 18 (2016),
///   doi:10.1016/j.md.2016.04.001; Y. Motoyama et al., Comput. Phys. Commun. 278, 108405 (2022), doi:10.1016/j.cpc.2022.108405.
///   Differences: the dual form, which needs no matrix of features × features
public struct RandomFeaturePosterior: PosteriorModel {
    /// Name in commands.
    public static let name = "random-features"

    let parameters: PosteriorParameters
    private let targets: TargetScale
    private let basis: FourierBasis
    private var factor: FeatureFactor
    /// L⁻¹y.
    private var projected: [Double]
    /// Mean of w, times the amplitude.
    private var weights: [Double]

    private static let largestRows = 10_000

    /// Learns. Settings: `features` (1,000), `kernel` (matern32, matern52, rbf), `length_scales` (each up to 20 descriptors, else one),
    /// `length_scale`, `noise`, `restarts`, `rows_for_hyperparameters`.
    public static func fit(
        _ rows: FeatureMatrix, targets: [Double], settings: inout Settings, previous: RandomFeaturePosterior?, context: TrainingContext
    ) throws -> RandomFeaturePosterior {
        let options = try PosteriorSettings(&settings, columns: rows.columns)
        let features = try settings.integer("features", default: 1_000, in: 2...20_000)
        try settings.finish()
        try checkMeasured(rows, targets, limit: largestRows, model: name)
        let scale = TargetScale(targets)
        let standardised = targets.map { scale.standardised($0) }
        let parameters = try options.chosen(rows, standardised, previous: previous?.parameters, context)
        let basis = FourierBasis(
            parameters.term, columns: rows.columns, count: (features + 1) / 2, seed: SplitMix64.hash(context.seed ^ 0x6261_7369_73))
        return try RandomFeaturePosterior(parameters, scale, basis, rows, standardised)
    }

    private init(
        _ parameters: PosteriorParameters, _ targets: TargetScale, _ basis: FourierBasis, _ rows: FeatureMatrix, _ standardised: [Double]
    ) throws {
        (self.parameters, self.targets, self.basis) = (parameters, targets, basis)
        let amplitude = (parameters.term.variance / Double(basis.count)).squareRoot()
        let phi = Matrix(rows: rows.rows, columns: basis.width, values: basis.trainingFeatures(rows, amplitude: amplitude))
        factor = try FeatureFactor(phi, noise: parameters.noise)
        projected = factor.projected(standardised)
        weights = factor.combination(projected)
    }

    private var amplitude: Double { (parameters.term.variance / Double(basis.count)).squareRoot() }

    /// Variance of a single measurement about the function.
    public var noiseVariance: Double { parameters.noise * targets.scale * targets.scale }
    /// What was chosen, for people.
    public var summary: [String: String] {
        var result = parameters.summary(targets.scale)
        result["features"] = "\(2 * basis.count)"
        return result
    }

    private func scaled(_ weights: [Double]) -> [Double] { weights.map { $0 * amplitude } }

    /// Mean of the function.
    public func means(at rows: FeatureMatrix) -> [Double] { means(FourierBasis.singlePrecision(rows), count: rows.rows) }

    private func means(_ z: [Float], count: Int) -> [Double] {
        basis.sums(z, count: count, weights: [scaled(weights)]).map { targets.mean + targets.scale * $0 }
    }

    /// Mean and variance of the function.
    public func values(at rows: FeatureMatrix) -> PosteriorValues {
        let z = FourierBasis.singlePrecision(rows)
        let mean = means(z, count: rows.rows)
        let prior = parameters.term.variance
        let unit = targets.scale * targets.scale
        let explained = factor.explained(basis, z, count: rows.rows, amplitude: amplitude)
        return PosteriorValues(mean: mean, variance: explained.map { max(prior - $0, 0) * unit })
    }

    /// Covariances of the function at `rows` with that at `anchors`.
    public func covariances(of rows: FeatureMatrix, with anchors: FeatureMatrix) -> FeatureMatrix {
        let unit = targets.scale * targets.scale
        let phi = basis.trainingFeatures(anchors, amplitude: amplitude)
        let vectors = (0..<anchors.rows).map { a in
            var v = Array(phi[a * basis.width..<(a + 1) * basis.width])
            let known = factor.combination(factor.product(v))
            for j in v.indices { v[j] = (v[j] - known[j]) * amplitude * unit }
            return v
        }
        let sums = basis.sums(FourierBasis.singlePrecision(rows), count: rows.rows, weights: vectors)
        return FeatureMatrix(rows: rows.rows, columns: anchors.rows, values: sums)
    }

    /// A function of this distribution.
    public func sample(seed: UInt64) -> any FunctionSample {
        var random = SplitMix64(seed: seed)
        var drawn = random.normals(basis.width)
        for j in drawn.indices where !basis.isFeature(j) { drawn[j] = 0 }
        let root = parameters.noise.squareRoot()
        let noise = factor.projected(random.normals(projected.count).map { $0 * root })
        let known = factor.product(drawn)
        let change = factor.combination(projected.indices.map { projected[$0] - noise[$0] - known[$0] })
        for j in drawn.indices { drawn[j] = (drawn[j] + change[j]) * amplitude * targets.scale }
        return FourierSample(basis: basis, weights: drawn, offset: targets.mean)
    }

    /// Takes in a further measured row.
    public mutating func condition(on row: FeatureMatrix, target: Double) throws {
        precondition(row.rows == 1)
        let phi = basis.trainingFeatures(row, amplitude: amplitude)
        let place = factor.append(phi)
        let known = zip(place.coefficients, projected).reduce(0) { $0 + $1.0 * $1.1 }
        let value = (targets.standardised(target) - known) / place.pivot
        projected.append(value)
        factor.addLastRow(times: value, to: &weights)
    }
}

/// A weighted sum of Fourier features.
struct FourierSample: FunctionSample {
    let basis: FourierBasis
    let weights: [Double]
    let offset: Double

    func values(at rows: FeatureMatrix) -> [Double] {
        basis.sums(FourierBasis.singlePrecision(rows), count: rows.rows, weights: [weights]).map { $0 + offset }
    }
}

/// Refuses what no posterior can learn from.
func checkMeasured(_ rows: FeatureMatrix, _ targets: [Double], limit: Int, model: String) throws {
    precondition(rows.rows == targets.count)
    guard rows.rows > 0, rows.columns > 0 else { throw MatSieveError.input("\(model): needs measured rows and descriptors") }
    guard rows.rows <= limit else {
        throw MatSieveError.input("\(model): \(rows.rows) measured rows are more than the \(limit) that it can hold")
    }
    guard rows.values.allSatisfy(\.isFinite), targets.allSatisfy({ $0.isFinite && $0.magnitude < 1e150 }) else {
        throw MatSieveError.input("\(model): a measured value is not finite or too large to be squared")
    }
}
