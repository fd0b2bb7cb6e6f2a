import MaterialsCore

/// How a batch of proposals takes account of its earlier ones.
public enum BatchRule: String, CaseIterable, Sendable {
    /// Earlier proposals count as measured with the values expected of them.
    ///
    /// - Source: D. Ginsbourger, R. Le Riche, L. Carraro, in Computational Intelligence in Expensive Optimization Problems (2010), 131,
    ///   doi:10.1007/978-3-642-10701-6_6
    case believer = "kriging-believer"
    /// Scores shrink around earlier proposals, as far as the function cannot reach the best value from there.
    case penalisation = "local-penalisation"
    /// All but the first are drawn by Thompson sampling.
    case thompson
}

/// A candidate to be measured next.
public struct Proposal: Equatable, Sendable {
    /// Position among all candidates, from 0.
    public var position: Int
    /// Score when it was chosen.
    public var score: Double
    /// Expected value of each objective, in the sense of its column; empty where no model was asked.
    public var means: [Double]
    /// Standard deviation beside each.
    public var deviations: [Double]
    /// Probability that it keeps all bounds; 1 where there are none.
    public var feasibility: Double
}

/// Chooses the candidates to be measured next.
///
/// One pass over the candidates keeps the best 4,096 by the acquisition. Where scores can only fall as proposals are taken for known, the
/// next proposal is the best of these as long as it stays above the last of them; else another pass is made. So a batch is exactly what a
/// pass for every proposal gives, in memory that does not grow with the candidates.
public struct ProposalSearch {
    private let entry: AcquisitionEntry
    private let settings: Setting
    private let rule: BatchRule
    private let hasCosts: Bool

    private static let poolSize = 4_096

    /// A search by an acquisition.
    /// - Errors: `.usage` where the acquisition cannot take the objectives, constraints or costs.
    public init(_ entry: AcquisitionEntry, settings: Setting, rule: BatchRule, state: SearchState, hasCosts: Bool) throws {
        (self.entry, self.settings, self.rule, self.hasCosts) = (entry, settings, rule, hasCosts)
        let traits = entry.traits
        let count = state.objectives.count
        guard traits.objectives.contains(count) || !traits.needsModel else {
            let several = AcquisitionRegistry.entries.filter { $0.traits.objectives.contains(count) }.map(\.name)
            throw MatSieveError.usage(
                "\(entry.name): does not judge \(count) objectives; these do: \(several.joined(separator: ", "))")
        }
        guard traits.isGain || (state.constraints.isEmpty && !hasCosts) else {
            let gains = AcquisitionRegistry.entries.filter { $0.traits.isGain }.map(\.name)
            throw MatSieveError.usage(
                "\(entry.name): cannot be weighed with constraints or costs; these can: \(gains.joined(separator: ", "))")
        }
        _ = try make(state)
    }

    private func make(_ state: SearchState) throws -> any Acquisition {
        var settings = try Settings(settings, subject: "method '\(entry.name)'")
        return try entry.make(&settings, state)
    }

    /// Up to `count` proposals, in the order of their choice.
    public func proposals(_ count: Int, from start: SearchState, scan: some CandidateScan) throws -> [Proposal] {
        var state = start
        var proposals: [Proposal] = []
        var pool: CandidatePool?
        var penalties: LocalPenalties?
        while proposals.count < count {
            state.seed = SplitMix64.hash(start.seed ^ UInt64(proposals.count) &* 0x9e37_79b9_7f4a_7c15)
            let scorer = try self.scorer(state, isFirst: proposals.isEmpty, penalties, scan)
            let taken = proposals.map(\.position)
            var best = try pool.flatMap { try Self.stillBest($0, scorer, without: taken) }
            if best == nil {
                let found = try scan.best(Self.poolSize + taken.count) { try scorer.scores($0, $1) }
                pool = scorer.isReusable || found.isWhole ? found : nil
                best = found.candidates.indices.first { !taken.contains(found.candidates[$0].position) }.map {
                    (found.candidates[$0], found.rows.selecting([$0]))
                }
            }
            guard let (candidate, row) = best else { break }
            proposals.append(try Self.proposal(candidate, row, start))
            guard proposals.count < count else { break }
            if rule == .penalisation, entry.traits.needsModel, !entry.traits.isRandom {
                if penalties == nil {
                    penalties = try LocalPenalties(state, pool ?? CandidatePool(candidates: [], rows: row, isWhole: false))
                }
                penalties!.add(row, state)
            } else if entry.traits.needsModel, rule == .believer, !entry.traits.isRandom {
                try state.believe(row)
            } else {
                state.note(row)
            }
        }
        return proposals
    }

    private func scorer(
        _ state: SearchState, isFirst: Bool, _ penalties: LocalPenalties?, _ scan: some CandidateScan
    ) throws -> CandidateScorer {
        if rule == .thompson, !isFirst, entry.traits.needsModel, !entry.traits.isRandom {
            var none = Settings(subject: "method 'thompson'")
            return CandidateScorer(
                acquisition: try Thompson(settings: &none, state: state), state: state, penalties: nil, isReusable: false, isGain: false,
                madePositive: false)
        }
        var state = state
        if entry.traits.anchors > 0 {
            let objective = state.objectives[0]
            state.anchors = try scan.best(entry.traits.anchors) { rows, _ in objective.posterior.means(at: rows) }.rows
        }
        let falls = entry.traits.fallsWithKnowledge && !entry.traits.isRandom && state.constraints.isEmpty
        return CandidateScorer(
            acquisition: try make(state), state: state, penalties: penalties,
            isReusable: falls || rule == .penalisation && !entry.traits.isRandom, isGain: entry.traits.isGain,
            madePositive: rule == .penalisation && !entry.traits.isGain && !entry.traits.isRandom && entry.traits.needsModel)
    }

    /// The best of a pool by new scores, where no candidate outside can be better.
    private static func stillBest(
        _ pool: CandidatePool, _ scorer: CandidateScorer, without taken: [Int]
    ) throws -> (ScoredCandidate, FeatureMatrix)? {
        guard scorer.isReusable || pool.isWhole, let last = pool.candidates.last else { return nil }
        let scores = try scorer.scores(pool.rows, pool.candidates.map(\.cost))
        var best: (place: Int, candidate: ScoredCandidate)?
        for (i, score) in scores.enumerated() where !taken.contains(pool.candidates[i].position) {
            let candidate = ScoredCandidate(position: pool.candidates[i].position, score: score, cost: pool.candidates[i].cost)
            if best == nil || candidate.precedes(best!.candidate) { best = (i, candidate) }
        }
        guard let best, pool.isWhole || best.candidate.score > last.score else { return nil }
        return (best.candidate, pool.rows.selecting([best.place]))
    }

    private static func proposal(_ candidate: ScoredCandidate, _ row: FeatureMatrix, _ state: SearchState) throws -> Proposal {
        let values = state.objectives.map { $0.values(at: row) }
        return Proposal(
            position: candidate.position, score: candidate.score,
            means: zip(values, state.objectives).map { $1.maximize ? $0.mean[0] : -$0.mean[0] },
            deviations: values.map { $0.deviation(0) },
            feasibility: state.constraints.reduce(1) { $0 * $1.probabilities(at: row)[0] })
    }
}

/// The acquisition with all that its scores are weighed with.
struct CandidateScorer: Sendable {
    let acquisition: any Acquisition
    let state: SearchState
    let penalties: LocalPenalties?
    /// Scores of all rows can only have fallen since the last pass.
    let isReusable: Bool
    let isGain: Bool
    /// A score that may be negative is made positive by log(1 + eˢ), so that it can be multiplied.
    let madePositive: Bool

    func scores(_ rows: FeatureMatrix, _ costs: [Double]) throws -> [Double] {
        var scores = try acquisition.scores(AcquisitionBatch(rows, state))
        for constraint in state.constraints {
            for (r, p) in constraint.probabilities(at: rows).enumerated() { scores[r] *= p }
        }
        if isGain { for r in scores.indices { scores[r] /= costs[r] } }
        if madePositive {
            for r in scores.indices { scores[r] = max(scores[r], 0) + PortableMath.log(1 + PortableMath.exp(-abs(scores[r]))) }
        }
        penalties?.apply(to: &scores, rows)
        for r in scores.indices where scores[r].isNaN { scores[r] = -.infinity }
        return scores
    }
}
