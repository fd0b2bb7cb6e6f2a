import MaterialsCore

/// Expected improvement over the best row known.
///
///     EI = E max(f - f*, 0) = (μ - f*) Φ(z) + σ φ(z),   z = (μ - f*) / σ
///
/// - Output:   in the objective's unit, ≥ 0; 1 for all rows while no known row keeps the constraints
/// - Numerics: f* is the highest posterior mean at a known row, so that noise does not raise it; relative error 10⁻¹² down to z = -30
/// - Source:   D. R. Jones, M. Schonlau, W. J. Welch, J. Glob. Optim. 13, 455 (1998), doi:10.1023/A:1008306431147
public struct ExpectedImprovement: Acquisition {
    /// Name in commands.
    public static let name = "expected-improvement"
    /// Short name.
    public static let aliases = ["ei"]
    /// One line.
    public static let summary = "expected gain over the best measured value"
    /// A gain of one objective.
    public static let traits = AcquisitionTraits(isGain: true)

    private let incumbent: Double?

    /// Has no settings.
    public init(settings: inout Settings, state: SearchState) throws {
        try settings.finish()
        incumbent = state.incumbent
    }

    /// The expected improvement of each row.
    public func scores(_ batch: AcquisitionBatch) -> [Double] {
        guard let incumbent else { return [Double](repeating: 1, count: batch.rows.rows) }
        let v = batch.values(0)
        return v.mean.indices.map {
            NormalDistribution.expectedExcess(over: incumbent, mean: v.mean[$0], deviation: v.deviation($0))
        }
    }
}
