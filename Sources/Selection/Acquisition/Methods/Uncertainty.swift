import MaterialsCore

/// Pure exploration: where the function is known least.
///
///     score = σ, with several objectives √(Σ σ_k² / prior σ_k²), the prior's being the largest σ_k at a known row's distance
///
/// - Output: in the objective's unit; with several objectives without unit
public struct Uncertainty: Acquisition {
    /// Name in commands.
    public static let name = "uncertainty"
    /// Short name.
    public static let aliases = ["us", "uncertainty-sampling"]
    /// One line.
    public static let summary = "largest deviation: pure exploration"
    /// A gain of any number of objectives.
    public static let traits = AcquisitionTraits(objectives: 1...6, isGain: true)

    private let units: [Double]

    /// Has no settings.
    public init(settings: inout Settings, state: SearchState) throws {
        try settings.finish()
        // Far from all rows the variance is the prior's.
        let far = FeatureMatrix(
            rows: 1, columns: state.known.columns, values: [Double](repeating: 1e5, count: state.known.columns))
        units = state.objectives.count == 1 ? [1] : state.objectives.map { max($0.values(at: far).variance[0], 1e-300) }
    }

    /// The deviation of each row.
    public func scores(_ batch: AcquisitionBatch) -> [Double] {
        let values = units.indices.map { batch.values($0) }
        return (0..<batch.rows.rows).map { r in
            units.indices.reduce(0) { $0 + max(values[$1].variance[r], 0) / units[$1] }.squareRoot()
        }
    }
}
