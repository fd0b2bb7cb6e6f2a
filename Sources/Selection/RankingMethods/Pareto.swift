import MaterialsCore

/// Ranks by Pareto dominance: by front, then the least crowded first.
///
///     crowding = Σ over objectives of (next − previous) / (highest − lowest) within the front; ∞ at its ends
///
/// - Input:    settings `fronts` (5, 1…50): fronts that are held; `max_front` (100,000): most candidates in them at the end.
/// - Output:   score is −front; extra columns `front` (from 1) and `crowding`.
/// - Scope:    candidates equal in all objectives do not dominate each other: they share a front, and of more of them than the short
///             list has lines those of the lowest indices are held. An objective that is constant decides nothing; if all are, the
///             order is that of the indices. Weights are refused.
/// - Folded:   the first fronts, exactly. Crowding is left to the finish. A limit per group passes over lines of these fronts.
/// - Numerics: crowding is summed in the order of the objectives, neighbours by (value, index); ties go to the lower index.
/// - Errors:   `.usage` where the fronts hold more than `max_front`, judged once on all candidates, so that shards and resumed runs
///             fail where a run in one piece does. The one exception protects the memory: a part that has to hold more than
///             eight times `max_front` fails at once.
/// - Cost:     about one comparison with a good member of the last front for most candidates.
/// - Source:   K. Deb, A. Pratap, S. Agarwal, T. Meyarivan, IEEE Trans. Evol. Comput. 6, 182 (2002), doi:10.1109/4235.996017.
public struct ParetoRanking: RankingMethod {
    /// Its name in plans.
    public static let name = "pareto"
    /// What its score says.
    public static let scoreMeaning = BilingualText(
        en:
            "minus the number of the front: nothing dominates front 1, nothing but front 1 dominates front 2; within a front the least crowded come first",
        ja: "フロント番号の符号を反転した値（フロント 1 はどの候補にも支配されない）。同じフロント内では混雑の少ない順")
    private let request: RankingRequest
    let limits: FrontLimits

    /// Reads its settings strictly; a value out of range is `.usage` with the line.
    public init(settings: inout Settings, request: RankingRequest) throws {
        self.request = request
        limits = try FrontLimits(&settings, fronts: 5)
        try request.objectives.requireOne(Self.name, line: settings.line)
        try request.objectives.refuseUnused(Self.name, line: settings.line)
    }

    /// Front number and crowding distance.
    public var extraColumns: [String] { ["front", "crowding"] }

    /// A fold that goes on from `state`.
    public func makeFold(_ state: RankingState) throws -> FrontArchive {
        try FrontArchive(method: Self.name, request: request, limits: limits, held: state.held)
    }

    /// The ranking, best first; `.usage` where more than `max_front` are held.
    public func finish(_ state: RankingState) throws -> [RankedCandidate] {
        try limits.check(state.held, method: Self.name)
        let fronts = RankedFronts(state, objectives: request.objectives, limits: limits)
        return fronts.lines { crowdingDistances(fronts.points, dimension: request.objectives.count, members: $0) }
    }
}

/// Crowding distance of each member of a front; infinite at the ends of every objective that varies, and in a front of one or two.
func crowdingDistances(_ points: [Double], dimension: Int, members: [Int]) -> [Double] {
    if members.count <= 2 { return members.map { _ in .infinity } }
    var sums = [Double](repeating: 0, count: members.count)
    for k in 0..<dimension {
        let value = { (member: Int) in points[members[member] * dimension + k] }
        let order = members.indices.sorted { a, b in value(a) != value(b) ? value(a) < value(b) : a < b }
        let (first, last) = (order[0], order[order.count - 1])
        let width = value(last) - value(first)
        guard width > 0 else { continue }
        sums[first] = .infinity
        sums[last] = .infinity
        guard width.isFinite else { continue }
        for i in order.indices.dropFirst().dropLast() { sums[order[i]] += (value(order[i + 1]) - value(order[i - 1])) / width }
    }
    return sums
}
