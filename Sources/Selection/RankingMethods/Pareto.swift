import MaterialsCore

/// Ranks by Pareto dominance: by front, then the least crowded first.
///
///     crowding = Σ over objectives of (next − previous) / (highest − lowest) within the front; ∞ at its ends
///
/// - Input:    settings `keep` (100): lines of the ranking; `fronts` (5, 1…50): fronts that are held; `max_front` (100,000): most
///             candidates in them at the end.
/// - Output:   score is −front; extra columns `front` (from 1) and `crowding`.
/// - Scope:    candidates equal in all objectives do not dominate each other: they share a front. Weights are refused.
/// - Numerics: crowding is summed in the order of the objectives, neighbours by (value, index); ties go to the lower index.
/// - Errors:   `.usage` where the fronts hold more than `max_front`, judged once on all candidates, so that shards and resumed runs
///             fail where a run in one piece does. The one exception protects the memory: a part that has to hold more than
///             eight times `max_front` fails at once.
/// - Cost:     about one comparison with a good member of the last front for most candidates.
/// - Source:   K. Deb, A. Pratap, S. Agarwal, T. Meyarivan, IEEE Trans. Evol. Comput. 6, 182 (2002), doi:10.1109/4235.996017.
public struct ParetoRanking: RankingMethod {
    /// Its name in plans.
    public static let name = "pareto"
    /// What to do where too many are held.
    static let cure = "filter more, take fewer objectives, lower 'ranking.fronts', or raise 'ranking.max_front'"
    let keep: Int
    let fronts: Int
    let maxFront: Int
    /// 1 to minimise, −1 to maximise.
    let signs: [Double]

    /// Reads its settings strictly; an unknown key or a value out of range is `.usage` with the line.
    public init(settings: inout Settings, objectives: [Objective]) throws {
        keep = try settings.integer("keep", default: 100, in: 1...1_000_000)
        fronts = try settings.integer("fronts", default: 5, in: 1...50)
        maxFront = try settings.integer("max_front", default: 100_000, in: 1...10_000_000)
        if objectives.isEmpty {
            throw Settings.error(settings.line, "ranking '\(Self.name)' needs at least one objective, such as {minimize: gap}")
        }
        if let weighted = objectives.first(where: { $0.weight != 1 }) {
            throw Settings.error(
                settings.line,
                "ranking 'pareto' has no use for the weight of '\(weighted.property)'; leave it out, or take method 'weighted-sum'")
        }
        signs = objectives.map { $0.maximize ? -1 : 1 }
        try settings.finish()
    }

    /// Front number and crowding distance.
    public var extraColumns: [String] { ["front", "crowding"] }

    /// A fold that holds `held`.
    public func makeFold(held: [KeptCandidate]) throws -> FrontArchive {
        var fold = FrontArchive(signs: signs, fronts: fronts, capacity: 8 * maxFront)
        try fold.insert(held)
        return fold
    }

    /// The ranking, best first, at most `keep` lines; `.usage` where more than `max_front` are held.
    public func finish(_ held: [KeptCandidate]) throws -> [RankedCandidate] {
        guard held.count <= maxFront else {
            throw MatSieveError.usage(
                "ranking 'pareto' has \(held.count) candidates in its first \(fronts) front\(fronts == 1 ? "" : "s"), more than "
                    + "max_front (\(maxFront)); " + Self.cure)
        }
        let held = held.sorted { $0.index < $1.index }
        let points = held.flatMap { c in signs.indices.map { signs[$0] * c.objectives[$0] } }
        let ranks = NonDominatedFronts(points, dimension: signs.count, limit: fronts).ranks
        var lines: [RankedCandidate] = []
        for front in 1...fronts where lines.count < keep {
            lines += rank(held, members: held.indices.filter { ranks[$0] == front }, points: points, front: front)
        }
        return Array(lines.prefix(keep))
    }

    private func rank(_ held: [KeptCandidate], members: [Int], points: [Double], front: Int) -> [RankedCandidate] {
        let crowding = crowdingDistances(points, dimension: signs.count, members: members)
        let order = members.indices.sorted { a, b in crowding[a] != crowding[b] ? crowding[a] > crowding[b] : a < b }
        return order.map { RankedCandidate(candidate: held[members[$0]], score: -Double(front), extras: [Double(front), crowding[$0]]) }
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
