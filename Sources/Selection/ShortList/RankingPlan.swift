import MaterialsCore

/// How a plan ranks: a method that orders, what uncertainty does to the order, and how the short list is kept diverse.
///
/// - Input:    of the plan's `ranking`: `method`; `keep` (100): lines of the short list; `pool`: how many of the method's best lines the
///             choices below pick from (`keep`, or ten times as many where they reorder or pick); `constraints`: list of
///             `{property, above, below}`; `minimum_probability` (0): of meeting all constraints, less is dropped; `uncertainty`
///             (`expected`): see `UncertaintyOrder`; `samples`: draws for the probability of being in the front, 1,000 where it orders;
///             `at_most`: see `GroupLimit`; `diversity`: see `DiversityChoice`; all else is the method's.
/// - Folded:   what the method folds, with the limit per group where the method can (see each). All else is done once, on what is held.
public struct RankingPlan: Sendable {
    /// The method.
    public let method: any RankingMethod
    /// Its registry name.
    public let name: String
    /// Goals.
    public let objectives: [Objective]
    /// Lines of the short list.
    public let keep: Int
    /// Lines of the method that the short list is picked from.
    public let pool: Int
    /// Conditions that candidates should meet.
    public let constraints: [FeasibilityConstraint]
    /// Least probability of meeting them all.
    public let minimumProbability: Double
    /// What the lines are ordered by.
    public let uncertainty: UncertaintyOrder
    /// Most lines of a kind.
    public let limit: GroupLimit?
    let samples: Int?
    let diversity: DiversityChoice?
    private let seed: UInt64
    private let methodMeaning: BilingualText

    /// Reads the plan's `ranking` strictly; without a method, one objective is a weighted sum and several are a Pareto ranking.
    public init(_ setting: Setting?, objectives: [Objective], seed: UInt64) throws {
        var s = try setting.map { try Settings($0, subject: "ranking") } ?? Settings(subject: "ranking")
        (self.objectives, self.seed) = (objectives, seed)
        name = try s.text("method") ?? (objectives.count == 1 ? "weighted-sum" : "pareto")
        let entry = try RankingRegistry.entry(named: name, line: s.line(of: "method"))
        methodMeaning = entry.scoreMeaning
        keep = try s.integer("keep", default: 100, in: 1...1_000_000)
        constraints = try [FeasibilityConstraint](reading: &s)
        minimumProbability = try s.number("minimum_probability", default: 0, in: 0...1)
        uncertainty = try s.choice("uncertainty", default: .expected)
        if constraints.isEmpty, let key = s.keys.first(where: { $0 == "minimum_probability" }) ?? uncertainty.keyThatNeedsConstraints {
            throw Settings.error(s.line(of: key), "'\(key)' needs 'constraints', such as [{property: gap, above: 1.1}]")
        }
        samples =
            s.keys.contains("samples") || uncertainty == .probabilityOfFront
            ? try s.integer("samples", default: 1_000, in: 1...1_000_000) : nil
        limit = try s.setting("at_most", takes: "most lines of a kind").map { try GroupLimit($0) }
        diversity = try s.setting("diversity", takes: "k-centre, determinantal, or a mapping").map { try DiversityChoice($0) }
        let isPicked = diversity != nil || uncertainty.reorders
        pool = try s.integer("pool", default: isPicked ? min(10 * keep, 1_000_000) : keep, in: keep...1_000_000)
        if !isPicked, s.keys.contains("pool") {
            throw Settings.error(s.line(of: "pool"), "'pool' needs 'diversity', or an 'uncertainty' that reorders; leave it out")
        }
        let request = RankingRequest(
            objectives: objectives, lines: pool, perGroup: limit?.count, usesSpreads: uncertainty != .none)
        method = try entry.make(&s, request)
        try s.finish()
    }

    /// Names of properties that it looks at beside the objectives, with their lines; a group may also go by a text column.
    public var references: [(name: String, line: Int)] {
        constraints.map { ($0.property, $0.line) } + (diversity?.features ?? []).map { ($0, diversity?.line ?? 0) }
    }

    /// Names of the columns beside the score.
    public var extraColumns: [String] {
        method.extraColumns + (constraints.isEmpty ? [] : ["probability_of_feasibility"]) + (samples == nil ? [] : ["probability_of_front"])
            + (uncertainty.reorders ? ["expected_rank"] : []) + (diversity == nil ? [] : ["pick"])
    }

    /// What the score says.
    public var scoreMeaning: BilingualText { uncertainty.scoreMeaning ?? methodMeaning }

    /// The short list, best first.
    /// - Parameters:
    ///   - state: what the fold of all candidates holds
    ///   - properties: names of `KeptCandidate.values`
    public func finish(_ state: RankingState, properties: [String]) throws -> [RankedCandidate] {
        var tally = GroupTally(lines: pool, perGroup: limit?.count)
        var lines = try method.finish(state).filter { tally.admit($0.candidate.group) }
        let places = constraints.map { c in properties.firstIndex(of: c.property)! }
        let feasibility = lines.map { constraints.probability(values: $0.candidate.values, spreads: $0.candidate.spreads, at: places) }
        let front = frontProbabilities(state, lines)
        for i in lines.indices {
            if !constraints.isEmpty { lines[i].extras.append(feasibility[i]) }
            if let front { lines[i].extras.append(front[i]) }
        }
        switch uncertainty {
        case .none, .expected: break
        case .probabilityOfFeasibility: lines = reordered(lines, by: feasibility)
        case .probabilityOfFront: lines = reordered(lines, by: front ?? [])
        }
        return diversity?.pick(keep, of: lines, properties: properties) ?? Array(lines.prefix(keep))
    }

    private func frontProbabilities(_ state: RankingState, _ lines: [RankedCandidate]) -> [Double]? {
        guard let samples else { return nil }
        let values = FrontProbability(objectives: objectives, samples: samples, seed: seed)(state.held)
        let byIndex = Dictionary(uniqueKeysWithValues: zip(state.held.map(\.index), values))
        return lines.map { byIndex[$0.candidate.index]! }
    }

    private func reordered(_ lines: [RankedCandidate], by probability: [Double]) -> [RankedCandidate] {
        let order = lines.indices.sorted { a, b in probability[a] != probability[b] ? probability[a] > probability[b] : a < b }
        return order.map { i in
            var line = lines[i]
            line.score = probability[i]
            line.extras.append(Double(i + 1))
            return line
        }
    }
}
