import MaterialsCore

/// Probability of being better than the best row known.
///
///     PI = P(f > f* + ξ) = Φ((μ - f* - ξ) / σ)
///
/// - Output: 0 to 1; 1 for all rows while no known row keeps the constraints
/// - Source: H. J. Kushner, J. Basic Eng. 86, 97 (1964), doi:10.1115/1.3653121. f* as in expected improvement
public struct ProbabilityOfImprovement: Acquisition {
    /// Name in commands.
    public static let name = "probability-of-improvement"
    /// Short name.
    public static let aliases = ["pi"]
    /// One line.
    public static let summary = "probability of beating the best measured value"
    /// May rise where the mean is above the best value and the deviation shrinks.
    public static let traits = AcquisitionTraits(isGain: true, fallsWithKnowledge: false)

    private let threshold: Double?

    /// Setting: `margin` (ξ, 0), in the objective's unit.
    public init(settings: inout Settings, state: SearchState) throws {
        let margin = try settings.number("margin", default: 0, in: 0...1e300)
        try settings.finish()
        threshold = state.incumbent.map { $0 + margin }
    }

    /// The probability of each row.
    public func scores(_ batch: AcquisitionBatch) -> [Double] {
        guard let threshold else { return [Double](repeating: 1, count: batch.rows.rows) }
        let v = batch.values(0)
        return v.mean.indices.map { r in
            let (distance, deviation) = (v.mean[r] - threshold, v.deviation(r))
            return deviation > 0 ? NormalDistribution.cumulative(distance / deviation) : distance > 0 ? 1 : 0
        }
    }
}
