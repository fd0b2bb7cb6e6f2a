import MaterialsCore

/// Exploration of a boundary: where it is least certain on which side of a threshold the function lies (the straddle heuristic).
///
///     score = 1.96 σ - |μ - t|
///
/// - Output: in the objective's unit; negative where the side is certain at 95 %
/// - Source: B. Bryan et al., NIPS 18 (2005), 163
public struct Boundary: Acquisition {
    /// Name in commands.
    public static let name = "boundary"
    /// Short names.
    public static let aliases = ["straddle", "lse"]
    /// One line.
    public static let summary = "where the side of a threshold is least certain (setting threshold, else the median measured)"
    /// One objective; no gain.
    public static let traits = AcquisitionTraits()

    private let threshold: Double

    /// Setting: `threshold`, in the objective's unit; the median of the measured values unless given.
    public init(settings: inout Settings, state: SearchState) throws {
        let wanted = try settings.number("threshold")
        try settings.finish()
        threshold = wanted.map { state.objectives[0].maximize ? $0 : -$0 } ?? state.medians[0]
    }

    /// The straddle of each row.
    public func scores(_ batch: AcquisitionBatch) -> [Double] {
        let v = batch.values(0)
        return v.mean.indices.map { 1.96 * v.deviation($0) - abs(v.mean[$0] - threshold) }
    }
}
