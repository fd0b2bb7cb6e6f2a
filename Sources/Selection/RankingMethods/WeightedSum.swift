import MaterialsCore

/// Ranks by a weighted sum of utilities, each on a scale that does not depend on the other candidates.
///
///     score = Σ weight · u,   u = (value − worst) / (best − worst)   where the objective has a range
///                             u = +value (maximize) or −value (minimize), in its own unit, where it has none
///
/// - Input:    settings `keep` (100): lines of the ranking; `clamp` (false): utilities with a range are cut to 0…1.
/// - Scope:    a score that is no number (∞ − ∞) counts as −∞.
/// - Numerics: summed in the order of the objectives; ties go to the lower candidate index.
/// - Cost:     one score a candidate; a candidate is made whole only when it enters the best `keep` so far.
/// - Source:   P. C. Fishburn, Operations Research 15, 537 (1967), doi:10.1287/opre.15.3.537. Differences:
///             raw values unless a range is given.
public struct WeightedSumRanking: RankingMethod {
    /// Its name in plans.
    public static let name = "weighted-sum"
    let keep: Int
    let utilities: [WeightedUtility]

    /// Reads its settings strictly; an unknown key or a value out of range is `.usage` with the line.
    public init(settings: inout Settings, objectives: [Objective]) throws {
        keep = try settings.integer("keep", default: 100, in: 1...1_000_000)
        let clamp = try settings.boolean("clamp", default: false)
        if objectives.isEmpty {
            throw Settings.error(settings.line, "ranking '\(Self.name)' needs at least one objective, such as {minimize: gap}")
        }
        utilities = try objectives.map { try WeightedUtility($0, clamp: clamp, line: settings.line) }
        try settings.finish()
    }

    /// A fold that holds `held`.
    public func makeFold(held: [KeptCandidate]) throws -> BestCandidates {
        var fold = BestCandidates(capacity: keep, utilities: utilities)
        for candidate in held { fold.insert(candidate) }
        return fold
    }

    /// The ranking, best first, at most `keep` lines.
    public func finish(_ held: [KeptCandidate]) -> [RankedCandidate] {
        let lines = held.map { RankedCandidate(candidate: $0, score: utilities.score($0.objectives)) }
        let best = lines.sorted { a, b in
            a.score != b.score ? a.score > b.score : a.candidate.index < b.candidate.index
        }
        return Array(best.prefix(keep))
    }
}

/// The contribution of one objective to a score.
struct WeightedUtility: Sendable {
    private let weight: Double
    private let worst: Double
    /// best − worst, or ±1 where there is no range.
    private let span: Double
    private let isClamped: Bool

    init(_ objective: Objective, clamp: Bool, line: Int) throws {
        guard objective.weight.isFinite, objective.weight > 0 else {
            throw Settings.error(line, "the weight of objective '\(objective.property)' must be a positive number")
        }
        weight = objective.weight
        guard let range = objective.range else {
            (worst, span, isClamped) = (0, objective.maximize ? 1 : -1, false)
            return
        }
        let width = range.upperBound - range.lowerBound
        guard width > 0, width.isFinite else {
            throw Settings.error(line, "the range of objective '\(objective.property)' must have two different, finite ends")
        }
        (worst, span) = objective.maximize ? (range.lowerBound, width) : (range.upperBound, -width)
        isClamped = clamp
    }

    @inline(__always)
    func contribution(_ value: Double) -> Double {
        let utility = (value - worst) / span
        return weight * (isClamped ? min(max(utility, 0), 1) : utility)
    }
}

extension [WeightedUtility] {
    /// The score of one value an objective.
    func score(_ values: [Double]) -> Double {
        var sum = 0.0
        for i in indices { sum += self[i].contribution(values[i]) }
        return sum.isNaN ? -.infinity : sum
    }

    /// Scores of a batch, with the same order of sums.
    func scores(_ batch: ObjectiveBatch) -> [Double] {
        var sums = [Double](repeating: 0, count: batch.indices.count)
        for i in indices {
            let (utility, column) = (self[i], batch.columns[i])
            for row in sums.indices { sums[row] += utility.contribution(column[row]) }
        }
        for row in sums.indices where sums[row].isNaN { sums[row] = -.infinity }
        return sums
    }
}
