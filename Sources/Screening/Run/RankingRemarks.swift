import MaterialsCore
import Selection

/// What people should mind of a ranking.
enum RankingRemarks {
    static func lines(_ plan: ScreeningPlan, _ state: RunState, ranked: Int) -> [BilingualText] {
        missing(plan, state) + constant(plan, state) + shortened(plan, state, ranked: ranked)
    }

    /// Objectives that no candidate has a value of.
    private static func missing(_ plan: ScreeningPlan, _ state: RunState) -> [BilingualText] {
        plan.objectives.compactMap { o in
            guard let distribution = distribution(of: o, state), distribution.computed.count == 0, distribution.computed.missingCount > 0
            else { return nil }
            return BilingualText(
                en: "objective '\(o.property)' has no value for any candidate, so none can be ranked",
                ja: "目的 \(o.property) の値を持つ候補がないため、順位を付けられません")
        }
    }

    /// Objectives that are the same for all candidates that are left.
    private static func constant(_ plan: ScreeningPlan, _ state: RunState) -> [BilingualText] {
        plan.objectives.compactMap { o in
            guard let passed = distribution(of: o, state)?.passed, passed.count > 1, passed.minimum == passed.maximum else { return nil }
            let (value, count) = (numberText(passed.minimum), grouped(UInt64(passed.count)))
            return BilingualText(
                en: "objective '\(o.property)' is \(value) for all \(count) candidates that are left; it decides nothing",
                ja: "目的 \(o.property) は残った \(count) 件すべてで \(value) のため、順位に影響しません")
        }
    }

    /// A list that a limit per group, or the number of fronts, made shorter than the plan asks for.
    private static func shortened(_ plan: ScreeningPlan, _ state: RunState, ranked: Int) -> [BilingualText] {
        guard let limit = plan.ranking.limit, ranked < plan.ranking.keep, UInt64(ranked) < state.summary.survivors else { return [] }
        return [
            BilingualText(
                en: "at most \(limit.count) per \(limit.key) leaves \(ranked) of the \(plan.ranking.keep) lines that 'keep' asks for",
                ja: "\(limit.key) ごとに最大 \(limit.count) 件の制限により、keep の \(plan.ranking.keep) 件に対して \(ranked) 件のみです")
        ]
    }

    private static func distribution(of objective: Objective, _ state: RunState) -> PropertyDistribution? {
        state.description.properties.firstIndex { $0.name == objective.property }.map { state.summary.distributions[$0] }
    }
}
