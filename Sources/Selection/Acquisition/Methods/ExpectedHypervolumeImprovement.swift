import MaterialsCore

/// Expected improvement of the hypervolume that several objectives dominate.
///
///     EHVI = Σ_boxes Π_k (Ψ_k(l_k) - Ψ_k(u_k)),   Ψ_k(a) = E max(Y_k - a, 0)
///
/// The boxes part the space that the front of the known rows does not dominate; the objectives are independent.
///
/// - Output:   in the product of the objectives' units, ≥ 0
/// - Scope:    2 to 6 objectives; the front of the posterior means at known rows. Reference point: the worst of the front less a tenth of
///   its range, where the front is one row: of all known rows
/// - Errors:   `.usage` where the front needs more than 200,000 boxes
/// - Numerics: exact
/// - Cost:     with 2 objectives a box a row of the front, with more of them up to rowsᵏ⁻¹
/// - Source:   K. Yang, M. Emmerich, A. Deutz, T. Bäck, J. Glob. Optim. 75, 3 (2019), doi:10.1007/s10898-019-00798-7. Differences: boxes by
///   repeated splitting
public struct ExpectedHypervolumeImprovement: Acquisition {
    /// Name in commands.
    public static let name = "expected-hypervolume-improvement"
    /// Short name.
    public static let aliases = ["ehvi"]
    /// One line.
    public static let summary = "expected growth of the dominated hypervolume of several objectives"
    /// A gain of several objectives; a row may gain where another objective grows certain.
    public static let traits = AcquisitionTraits(objectives: 2...6, isGain: true, fallsWithKnowledge: false)

    private let boxes: NondominatedBoxes?
    private let count: Int

    /// Setting: `reference`, one value an objective in its own unit.
    public init(settings: inout Settings, state: SearchState) throws {
        let wanted = try Self.reference(&settings, state)
        try settings.finish()
        count = state.objectives.count
        let means = state.feasibleMeans()
        guard !means.isEmpty else {
            boxes = nil
            return
        }
        let front = NondominatedBoxes.front(means)
        boxes = try NondominatedBoxes(front: front, reference: wanted ?? Self.inferred(front, means))
    }

    private static func reference(_ settings: inout Settings, _ state: SearchState) throws -> [Double]? {
        guard let given = settings.list("reference") else { return nil }
        let values = given.compactMap { if case .number(let n) = $0.value { n } else { nil } }
        guard values.count == given.count, values.count == state.objectives.count else {
            throw Settings.error(
                settings.line(of: "reference"), "'reference' of \(settings.subject) must list \(state.objectives.count) numbers")
        }
        return zip(values, state.objectives).map { $1.maximize ? $0 : -$0 }
    }

    private static func inferred(_ front: [[Double]], _ all: [[Double]]) -> [Double] {
        front[0].indices.map { k in
            let some = (front.count > 1 ? front : all).map { $0[k] }
            let (low, high) = (some.min()!, some.max()!)
            return low - 0.1 * (high > low ? high - low : max(abs(low), 1))
        }
    }

    /// The improvement of each row.
    public func scores(_ batch: AcquisitionBatch) -> [Double] {
        guard let boxes else { return [Double](repeating: 1, count: batch.rows.rows) }
        let values = (0..<count).map { batch.values($0) }
        var excess = boxes.levels.map { [Double](repeating: 0, count: $0.count) }
        return (0..<batch.rows.rows).map { r in
            for k in 0..<count {
                let (mean, deviation) = (values[k].mean[r], values[k].deviation(r))
                for (i, level) in boxes.levels[k].enumerated() {
                    excess[k][i] = level == .infinity ? 0 : NormalDistribution.expectedExcess(over: level, mean: mean, deviation: deviation)
                }
            }
            return boxes.expectedVolume(excess)
        }
    }
}
