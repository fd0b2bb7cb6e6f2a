import MaterialsCore

/// Ranks by a weighted sum of utilities, each on a scale that does not depend on the other candidates.
///
///     score = Σ weight · u,   u = (value − worst) / (best − worst)   where the objective has a range
///                             u = +value (maximize) or −value (minimize), in its own unit, where it has none
///                             u = 1 − |value − target| / (distance of that end of the range), or −|value − target|
///
/// - Input:    setting `clamp` (false): utilities with a range are cut to 0…1.
/// - Scope:    a score that is no number (∞ − ∞) counts as −∞. An objective that is constant adds the same to all.
/// - Folded:   the best lines by (score, lower index), at most so many of a group; nothing is left to the finish.
/// - Numerics: summed in the order of the objectives; ties go to the lower candidate index. Linear without `clamp` and target, so its
///             expected value is its value at the means.
/// - Cost:     one score a candidate; a candidate is made whole only when it is among the best so far.
/// - Source:   P. C. Fishburn, Operations Research 15, 537 (1967), doi:10.1287/opre.15.3.537. Differences:
///             raw values unless a range is given.
public struct WeightedSumRanking: RankingMethod {
    /// Its name in plans.
    public static let name = "weighted-sum"
    /// What its score says.
    public static let scoreMeaning = BilingualText(
        en: "weighted sum of the objectives, each as its share of the way from worst to best where it has a range, else in its own unit",
        ja: "各目的の加重和（範囲を指定した目的は最悪値から最良値までの割合、それ以外はその単位のまま）")
    private let request: RankingRequest
    let utilities: WeightedUtilities

    /// Reads its settings strictly; a value out of range is `.usage` with the line.
    public init(settings: inout Settings, request: RankingRequest) throws {
        self.request = request
        let clamp = try settings.boolean("clamp", default: false)
        let line = settings.line
        try request.objectives.requireOne(Self.name, line: line)
        try request.objectives.refuseUnused(Self.name, line: line, weights: true)
        _ = try request.objectives.checkedWeights(line: line)
        utilities = WeightedUtilities(each: try request.objectives.map { try WeightedUtility($0, clamp: clamp, line: line) })
    }

    /// A fold that goes on from `state`.
    public func makeFold(_ state: RankingState) -> BestCandidates<WeightedUtilities> {
        BestCandidates(request: request, score: utilities, held: state.held)
    }

    /// The ranking, best first.
    public func finish(_ state: RankingState) -> [RankedCandidate] { makeFold(state).ranked }
}

/// The contribution of one objective to a score.
struct WeightedUtility: Sendable {
    private let weight: Double
    /// Value of utility 0; of utility 1 with a target.
    private let origin: Double
    /// Change of the value for which the utility grows by 1: from the origin on, and below it.
    private let above: Double
    private let below: Double
    private let start: Double
    private let isClamped: Bool

    init(_ objective: Objective, clamp: Bool, line: Int) throws {
        weight = objective.weight
        isClamped = clamp && objective.range != nil
        if let range = objective.range, !(range.upperBound - range.lowerBound).isFinite || range.lowerBound == range.upperBound {
            throw Settings.error(line, "the range of objective '\(objective.property)' must have two different, finite ends")
        }
        if let target = objective.target {
            let range = objective.range ?? target - 1...target + 1
            guard range.lowerBound < target, target < range.upperBound else {
                throw Settings.error(line, "the target of objective '\(objective.property)' must lie inside its range")
            }
            (origin, start) = (target, objective.range == nil ? 0 : 1)
            (above, below) = objective.range == nil ? (-1, 1) : (target - range.upperBound, target - range.lowerBound)
            return
        }
        let span = objective.range.map { $0.upperBound - $0.lowerBound } ?? 1
        origin = objective.range.map { objective.maximize ? $0.lowerBound : $0.upperBound } ?? 0
        (above, below, start) = objective.maximize ? (span, span, 0) : (-span, -span, 0)
    }

    @inline(__always)
    func contribution(_ value: Double) -> Double {
        let distance = value - origin
        let utility = start + distance / (distance < 0 ? below : above)
        return weight * (isClamped ? min(max(utility, 0), 1) : utility)
    }
}

/// A weighted sum of utilities.
public struct WeightedUtilities: CandidateScore {
    let each: [WeightedUtility]

    /// The score of a candidate.
    public func score(_ candidate: KeptCandidate) -> Double { score(candidate.objectives) }

    /// The score of one value an objective.
    func score(_ values: [Double]) -> Double {
        var sum = 0.0
        for i in each.indices { sum += each[i].contribution(values[i]) }
        return sum.isNaN ? -.infinity : sum
    }

    /// Scores of a batch, with the same order of sums.
    public func scores(_ batch: ObjectiveBatch, bar: Double) -> [Double] {
        var sums = [Double](repeating: 0, count: batch.indices.count)
        for i in each.indices {
            let (utility, column) = (each[i], batch.columns[i])
            for row in sums.indices { sums[row] += utility.contribution(column[row]) }
        }
        for row in sums.indices where sums[row].isNaN { sums[row] = -.infinity }
        return sums
    }
}
