import MaterialsCore

/// Ranks by the first objective, then by the second among those that the first does not tell apart, and so on.
///
/// All within the tolerance of the best are equal in an objective; of the others, all within the tolerance of their best, and so on.
/// The objectives go by their order in the plan; the tolerance of an objective (0) is in its own unit.
///
/// - Input:    setting `max_held` (100,000): most candidates held at the end.
/// - Output:   score is −(number of the group of equals), from 1 for the best.
/// - Scope:    an objective that is constant decides nothing; if all are, there is one group in the order of the indices. Weights are
///             refused.
/// - Folded:   all candidates that such an order could place on the short list, exactly. Groups are formed in the finish: they are
///             those of all candidates as far as the short list goes; with a limit per group of candidates they begin at held ones.
/// - Numerics: only comparisons, and one sum (best + tolerance) a group; in a group of equals by the exact values in the order of the
///             objectives, then by the lower index.
/// - Errors:   `.usage` where more than `max_held` are held, judged once on all candidates.
/// - Cost:     about one comparison for most candidates; what is held grows with the lines of the short list and steeply with the
///             number of objectives.
/// - Source:   P. C. Fishburn, Management Science 20, 1442 (1974), doi:10.1287/mnsc.20.11.1442. Differences: tolerances are taken from
///             the best of a group, so that the order is transitive.
public struct LexicographicRanking: RankingMethod {
    /// Its name in plans.
    public static let name = "lexicographic"
    /// What its score says.
    public static let scoreMeaning = BilingualText(
        en:
            "minus the number of the group of equals: the first objective decides first, differences within its tolerance leave it to the next",
        ja: "同順位グループの番号の符号を反転した値（先頭の目的から順に比較し、許容差以内なら次の目的で比較）")
    private let request: RankingRequest
    private let limits: SkybandLimits

    /// Reads its settings strictly; a value out of range is `.usage` with the line.
    public init(settings: inout Settings, request: RankingRequest) throws {
        self.request = request
        limits = try SkybandLimits(&settings)
        try request.objectives.requireOne(Self.name, line: settings.line)
        try request.objectives.refuseUnused(Self.name, line: settings.line, tolerances: true)
        for o in request.objectives where !(o.tolerance >= 0 && o.tolerance.isFinite) {
            throw Settings.error(settings.line, "the tolerance of objective '\(o.property)' must be a number from 0 on")
        }
    }

    /// A fold that goes on from `state`.
    public func makeFold(_ state: RankingState) throws -> SkybandArchive {
        try SkybandArchive(method: Self.name, request: request, limits: limits, keepsStatistics: false, state: state)
    }

    /// The ranking, best first; `.usage` where more than `max_held` are held.
    public func finish(_ state: RankingState) throws -> [RankedCandidate] {
        try limits.check(state.held, method: Self.name)
        let points = request.objectives.losses(state.held)
        var groups = [Array(state.held.indices)]
        for k in request.objectives.indices { groups = groups.flatMap { split($0, points, k) } }
        return groups.enumerated().flatMap { number, members in
            // The exact values decide among equals; a group was last sorted by the last objective.
            let order = lexicographicOrder(points, dimension: request.objectives.count, state.held, members)
            return order.map { RankedCandidate(candidate: state.held[$0], score: -Double(number + 1)) }
        }
    }

    /// Groups of members that one objective does not tell apart, best first.
    private func split(_ members: [Int], _ points: [Double], _ k: Int) -> [[Int]] {
        let loss = { (i: Int) in points[i * request.objectives.count + k] }
        let order = members.sorted { a, b in loss(a) != loss(b) ? loss(a) < loss(b) : a < b }
        var groups: [[Int]] = []
        var limit = -Double.infinity
        for i in order {
            if groups.isEmpty || loss(i) > limit {
                groups.append([])
                limit = loss(i) + request.objectives[k].tolerance
            }
            groups[groups.count - 1].append(i)
        }
        return groups
    }
}
