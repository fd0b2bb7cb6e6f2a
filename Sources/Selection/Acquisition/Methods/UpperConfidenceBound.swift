import MaterialsCore

/// Upper confidence bound: mean and a multiple of the deviation.
///
///     UCB = μ + κ σ
///
/// - Output: in the objective's unit, turned so that more is better
/// - Source: N. Srinivas, A. Krause, S. M. Kakade, M. Seeger, IEEE Trans. Inf. Theory 58, 3250 (2012), doi:10.1109/TIT.2011.2182033
public struct UpperConfidenceBound: Acquisition {
    /// Name in commands.
    public static let name = "upper-confidence-bound"
    /// Short names.
    public static let aliases = ["ucb", "lcb"]
    /// One line.
    public static let summary = "mean plus kappa deviations (2)"
    /// No gain: it can be negative.
    public static let traits = AcquisitionTraits()

    private let kappa: Double

    /// Setting: `kappa` (2).
    public init(settings: inout Settings, state: SearchState) throws {
        kappa = try settings.number("kappa", default: 2, in: 0...1e6)
        try settings.finish()
    }

    /// The bound of each row.
    public func scores(_ batch: AcquisitionBatch) -> [Double] {
        let v = batch.values(0)
        return v.mean.indices.map { v.mean[$0] + kappa * v.deviation($0) }
    }
}
