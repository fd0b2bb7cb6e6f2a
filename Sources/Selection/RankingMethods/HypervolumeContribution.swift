import MaterialsCore

/// Ranks by front, then by what a candidate alone adds to the volume that its front dominates.
///
///     contribution = volume between the front and the reference point − the same without the candidate
///
/// - Input:    settings `fronts` (1, 1…50): fronts that are held; `max_front` (100,000 with 2 objectives, 5,000 with 3, else 500): most
///             candidates in them at the end; `reference`: a mapping of each objective's property to the value (with a target: the
///             distance from it) that counts as worst.
/// - Output:   score is −front; extra columns `front` (from 1) and `hypervolume_contribution`, in the product of the objectives' units.
/// - Scope:    2 to 6 objectives. Where no reference is given it is, in each objective, the worst value of front 1 and a tenth of its
///             extent beyond it (1 beyond it where the extent is 0). What is not better than the reference in every objective, or has an equal,
///             contributes 0; an objective that is constant scales all contributions alike. Weights are refused.
/// - Folded:   the first fronts, exactly. Reference and contributions are left to the finish. A limit per group passes over lines.
/// - Numerics: exact volumes up to rounding, about 1e-15 of the front's volume; ties go to the lower index.
/// - Errors:   `.usage` where the fronts hold more than `max_front`, judged once on all candidates.
/// - Cost:     O(n log n) in the finish with 2 objectives, about O(n²) with 3, and growing steeply with 4 to 6.
/// - Source:   L. While, L. Bradstreet, L. Barone, IEEE Trans. Evol. Comput. 16, 86 (2012), doi:10.1109/TEVC.2010.2077298 (exclusive
///             volumes by limited sets); N. Beume, B. Naujoks, M. Emmerich, Eur. J. Oper. Res. 181, 1653 (2007),
///             doi:10.1016/j.ejor.2006.08.008 (front, then contribution). Differences: the reference point.
public struct HypervolumeContributionRanking: RankingMethod {
    /// Its name in plans.
    public static let name = "hypervolume-contribution"
    /// What its score says.
    public static let scoreMeaning = BilingualText(
        en: "minus the number of the front; within a front those come first that alone add most to the volume that it dominates",
        ja: "フロント番号の符号を反転した値。同じフロント内では超体積への単独寄与の大きい順")
    private let request: RankingRequest
    private let limits: FrontLimits
    /// Losses that count as worst; nil: from front 1.
    private let reference: [Double]?

    /// Reads its settings strictly; a value out of range is `.usage` with the line.
    public init(settings: inout Settings, request: RankingRequest) throws {
        self.request = request
        let count = request.objectives.count
        limits = try FrontLimits(&settings, fronts: 1, maxFront: count <= 2 ? 100_000 : count == 3 ? 5_000 : 500)
        guard (2...6).contains(count) else {
            throw Settings.error(settings.line, "ranking '\(Self.name)' needs 2 to 6 objectives, not \(count); take method 'pareto'")
        }
        try request.objectives.refuseUnused(Self.name, line: settings.line)
        reference = try settings.setting("reference", takes: "one number an objective").map { try Self.reference($0, request.objectives) }
    }

    private static func reference(_ setting: Setting, _ objectives: [Objective]) throws -> [Double] {
        var values = try Settings(setting, subject: "'reference'")
        let losses = try objectives.map { o in
            guard let value = try values.number(o.property) else {
                throw Settings.error(setting.line, "'reference' needs the worst value of '\(o.property)'")
            }
            return o.target != nil ? value : o.loss(value)
        }
        try values.finish()
        return losses
    }

    /// Front number and contribution.
    public var extraColumns: [String] { ["front", "hypervolume_contribution"] }

    /// A fold that goes on from `state`.
    public func makeFold(_ state: RankingState) throws -> FrontArchive {
        try FrontArchive(method: Self.name, request: request, limits: limits, held: state.held)
    }

    /// The ranking, best first; `.usage` where more than `max_front` are held.
    public func finish(_ state: RankingState) throws -> [RankedCandidate] {
        try limits.check(state.held, method: Self.name)
        let m = request.objectives.count
        let fronts = RankedFronts(state, objectives: request.objectives, limits: limits)
        let worst = reference ?? Self.reference(fronts.points, dimension: m, members: fronts.members[0])
        return fronts.lines { members in
            let points = members.map { i in Array(fronts.points[i * m..<(i + 1) * m]) }
            return Hypervolume(reference: worst).contributions(points)
        }
    }

    private static func reference(_ points: [Double], dimension m: Int, members: [Int]) -> [Double] {
        (0..<m).map { k in
            let values = members.map { points[$0 * m + k] }
            guard let low = values.min(), let high = values.max() else { return 0 }
            return high > low ? high + 0.1 * (high - low) : high + 1
        }
    }
}
