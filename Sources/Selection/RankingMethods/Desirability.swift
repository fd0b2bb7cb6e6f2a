import MaterialsCore

/// Ranks by the overall desirability: the weighted geometric mean of desirabilities from 0 (not acceptable) to 1 (as wished).
///
///     D = Π dᵢ^(wᵢ / Σw)
///     larger is better:   d = ((y − L) / (U − L))^s       between the ends L, U of the range; 0 below, 1 above
///     smaller is better:  d = ((U − y) / (U − L))^s
///     target T:           d = ((y − L) / (T − L))^s below T, ((U − y) / (U − T))^t above
///
/// - Input:    objectives with `range`, `weight` (1), `exponent` (1; with a target one number or [s, t]).
/// - Output:   score is D, 0…1; an extra column `desirability_of_<property>` each, dᵢ of the predicted value.
/// - Scope:    every objective needs a range. An objective that is constant scales all scores alike.
/// - Folded:   the best lines by (score, lower index), at most so many of a group; nothing is left to the finish.
/// - Numerics: where predictions have errors, D is its expected value over independent normal distributions: the product of the
///             expected values of dᵢ^(wᵢ / Σw), each by quadrature to about 1e-6 (the largest where the exponent is small and the range
///             begins within the error). With `uncertainty: none` it is D of the predicted values. Multiplied in the order of the
///             objectives; ties go to the lower index.
/// - Cost:     one power an objective; some 40 exponentials where it has an error.
/// - Source:   G. Derringer, R. Suich, J. Quality Technology 12, 214 (1980), doi:10.1080/00224065.1980.11980968. Differences:
///             weights as in G. Derringer, Quality Progress 27, 51 (1994); expected values.
public struct DesirabilityRanking: RankingMethod {
    /// Its name in plans.
    public static let name = "desirability"
    /// What its score says.
    public static let scoreMeaning = BilingualText(
        en: "overall desirability: 1 is as wished in every objective, 0 not acceptable in at least one",
        ja: "総合満足度（1 はすべての目的が希望どおり、0 は少なくとも 1 つが許容外）")
    private let request: RankingRequest
    let score: DesirabilityScore

    /// Reads its settings strictly; a value out of range is `.usage` with the line.
    public init(settings: inout Settings, request: RankingRequest) throws {
        self.request = request
        let line = settings.line
        try request.objectives.requireOne(Self.name, line: line)
        try request.objectives.refuseUnused(Self.name, line: line, weights: true, exponents: true)
        let weights = try request.objectives.checkedWeights(line: line)
        let curves = try request.objectives.map { try DesirabilityCurve($0, line: line) }
        score = DesirabilityScore(curves: curves, weights: weights, usesSpreads: request.usesSpreads)
    }

    /// The desirability of each objective.
    public var extraColumns: [String] { request.objectives.map { "desirability_of_" + $0.property } }

    /// A fold that goes on from `state`.
    public func makeFold(_ state: RankingState) -> BestCandidates<DesirabilityScore> {
        BestCandidates(request: request, score: score, held: state.held)
    }

    /// The ranking, best first.
    public func finish(_ state: RankingState) -> [RankedCandidate] {
        makeFold(state).ranked.map { line in
            var line = line
            line.extras = zip(score.curves, line.candidate.objectives).map { $0.value($1) }
            return line
        }
    }
}

/// The overall desirability.
public struct DesirabilityScore: CandidateScore {
    let curves: [DesirabilityCurve]
    /// The same, each raised to its share of the weight.
    let weighted: [DesirabilityCurve]
    let usesSpreads: Bool
    /// The same with exponents of 1, for a bound that needs no power.
    private let linear: [DesirabilityCurve]
    /// Weights of those in the bound, and the power to which it is raised.
    private let shares: [Double]
    private let power: Double

    init(curves: [DesirabilityCurve], weights: [Double], usesSpreads: Bool) {
        let total = weights.reduce(0, +)
        (self.curves, self.usesSpreads) = (curves, usesSpreads)
        weighted = zip(curves, weights).map { $0.raised(to: $1 / total) }
        linear = curves.map(\.linear)
        // d ≤ x^q, and the expected value of x^q is at most that of x to the power q where q ≤ 1; then the geometric mean.
        let exponents = weighted.map { usesSpreads ? min($0.leastExponent, 1) : $0.leastExponent }
        let power = exponents.reduce(0, +)
        (shares, self.power) = (exponents.map { $0 / power }, power)
    }

    /// The score of a candidate.
    public func score(_ candidate: KeptCandidate) -> Double {
        var product = 1.0
        for k in weighted.indices { product *= factor(k, candidate.objectives[k], candidate.objectiveSpreads[k]) }
        return product
    }

    /// Scores of a batch, with the same order of factors.
    public func scores(_ batch: ObjectiveBatch, bar: Double) -> [Double] {
        let bounds = bar > 0 ? self.bounds(batch) : nil
        // The margin is wider than any rounding.
        let lowest = bar > 0 ? (1 - 1e-4) * PortableMath.pow(bar, 1 / power) : 0
        var products = [Double](repeating: 1, count: batch.indices.count)
        for row in products.indices {
            if let bounds, bounds[row] < lowest {
                products[row] = -.infinity
                continue
            }
            for k in weighted.indices { products[row] *= factor(k, batch.columns[k][row], batch.spreads[k]?[row] ?? .nan) }
        }
        return products
    }

    /// Means that tell without a power what can't reach the bar.
    private func bounds(_ batch: ObjectiveBatch) -> [Double] {
        var sums = [Double](repeating: 0, count: batch.indices.count)
        for k in weighted.indices {
            let (column, spreads) = (batch.columns[k], usesSpreads ? batch.spreads[k] : nil)
            for row in sums.indices {
                let spread = spreads?[row] ?? .nan
                sums[row] += shares[k] * (spread > 0 ? linear[k].expected(mean: column[row], spread: spread) : linear[k].value(column[row]))
            }
        }
        return sums
    }

    private func factor(_ k: Int, _ value: Double, _ spread: Double) -> Double {
        usesSpreads && spread > 0 ? weighted[k].expected(mean: value, spread: spread) : weighted[k].value(value)
    }
}
