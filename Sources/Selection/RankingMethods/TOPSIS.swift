import MaterialsCore

/// Ranks by the closeness to an ideal candidate (technique for order preference by similarity to ideal solution).
///
///     v = weight · loss / √(Σ loss² over all candidates),   closeness = d⁻ / (d⁺ + d⁻)
///
/// where d⁺ and d⁻ are the Euclidean distances from the best and the worst v of each objective over all candidates. The loss is the
/// value, its negative where more is better, or its distance from the target.
///
/// - Input:    settings `max_held` (100,000): most candidates held at the end; weights of the objectives, which are brought to the sum 1.
/// - Output:   score is the closeness, 0…1; extra columns `distance_to_best`, `distance_to_worst`.
/// - Scope:    an objective that is constant, or whose squares overflow, adds nothing; if all are, every candidate is the ideal (1).
/// - Folded:   sum of squares, best and worst of each objective over all candidates, exactly; and all candidates that any closeness
///             could place on the short list, which does not depend on the norms. The closeness itself is left to the finish.
/// - Numerics: distances are summed in the order of the objectives; ties go to the better first objective, then the next, then to
///             the lower index.
/// - Errors:   `.usage` where more than `max_held` are held, judged once on all candidates.
/// - Cost:     about one comparison for most candidates; what is held grows with the lines of the short list and steeply with the
///             number of objectives.
/// - Source:   C.-L. Hwang, K. Yoon, Multiple Attribute Decision Making, Springer (1981), doi:10.1007/978-3-642-48318-9, ch. III.
public struct TOPSISRanking: RankingMethod {
    /// Its name in plans.
    public static let name = "topsis"
    /// What its score says.
    public static let scoreMeaning = BilingualText(
        en: "closeness to the ideal: 1 has the best value of every objective, 0 the worst of every one",
        ja: "理想解への近さ（1 はすべての目的で最良、0 はすべてで最悪）")
    private let request: RankingRequest
    private let limits: SkybandLimits
    private let weights: [Double]

    /// Reads its settings strictly; a value out of range is `.usage` with the line.
    public init(settings: inout Settings, request: RankingRequest) throws {
        self.request = request
        limits = try SkybandLimits(&settings)
        try request.objectives.requireOne(Self.name, line: settings.line)
        try request.objectives.refuseUnused(Self.name, line: settings.line, weights: true)
        let given = try request.objectives.checkedWeights(line: settings.line)
        let total = given.reduce(0, +)
        weights = given.map { $0 / total }
    }

    /// Distances from the best and the worst.
    public var extraColumns: [String] { ["distance_to_best", "distance_to_worst"] }

    /// A fold that goes on from `state`.
    public func makeFold(_ state: RankingState) throws -> SkybandArchive {
        try SkybandArchive(method: Self.name, request: request, limits: limits, keepsStatistics: true, state: state)
    }

    /// The ranking, best first; `.usage` where more than `max_held` are held.
    public func finish(_ state: RankingState) throws -> [RankedCandidate] {
        try limits.check(state.held, method: Self.name)
        let points = request.objectives.losses(state.held)
        let scales = zip(weights, state.statistics).map { weight, s in s.norm > 0 && s.norm.isFinite ? weight / s.norm : 0 }
        let m = request.objectives.count
        let order = lexicographicOrder(points, dimension: m, state.held)
        let lines = order.map { i in
            let (best, worst) = distances(points, i * m, scales, state.statistics)
            // A quotient of two monotone numbers, so that rounding never lets a worse candidate overtake.
            let closeness = best == 0 ? 1 : worst == 0 ? 0 : 1 / (1 + best / worst)
            return RankedCandidate(candidate: state.held[i], score: closeness, extras: [best, worst])
        }
        let ranked = lines.indices.sorted { a, b in lines[a].score != lines[b].score ? lines[a].score > lines[b].score : a < b }
        return ranked.map { lines[$0] }
    }

    private func distances(_ points: [Double], _ start: Int, _ scales: [Double], _ statistics: [ColumnStatistics]) -> (Double, Double) {
        var (best, worst) = (0.0, 0.0)
        for (k, scale) in scales.enumerated() where scale > 0 {
            let v = points[start + k] * scale
            let (up, down) = (v - statistics[k].minimum * scale, statistics[k].maximum * scale - v)
            best += up * up
            worst += down * down
        }
        return (best.squareRoot(), worst.squareRoot())
    }
}
