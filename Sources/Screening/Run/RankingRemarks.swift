import MaterialsCore
import Selection

/// What people should mind of a ranking.
enum RankingRemarks {
    static func lines(_ plan: ScreeningPlan, _ state: RunState, ranked: Int) -> [String] {
        missing(plan, state) + constant(plan, state) + shortened(plan, state, ranked: ranked)
    }

    /// Objectives that no candidate has a value of.
    private static func missing(_ plan: ScreeningPlan, _ state: RunState) -> [String] {
        plan.objectives.compactMap { o in
            guard let distribution = distribution(of: o, state), distribution.computed.count == 0, distribution.computed.missingCount > 0
            else { return nil }
            return "objective '\(o.property)' has no value for any candidate, so none can be ranked"
        }
    }

    /// Objectives that are the same for all candidates that are left.
    private static func constant(_ plan: ScreeningPlan, _ state: RunState) -> [String] {
        plan.objectives.compactMap { o in
            guard let passed = distribution(of: o, state)?.passed, passed.count > 1, passed.minimum == passed.maximum else { return nil }
            return
                "objective '\(o.property)' is \(numberText(passed.minimum)) for all \(grouped(UInt64(passed.count))) candidates that are "
                + "left; it decides nothing"
        }
    }

    /// A list that a limit per group, or the number of fronts, made shorter than the plan asks for.
    private static func shortened(_ plan: ScreeningPlan, _ state: RunState, ranked: Int) -> [String] {
        guard let limit = plan.ranking.limit, ranked < plan.ranking.keep, UInt64(ranked) < state.summary.survivors else { return [] }
        return ["at most \(limit.count) per \(limit.key) leaves \(ranked) of the \(plan.ranking.keep) lines that 'keep' asks for"]
    }

    private static func distribution(of objective: Objective, _ state: RunState) -> PropertyDistribution? {
        state.description.properties.firstIndex { $0.name == objective.property }.map { state.summary.distributions[$0] }
    }
}
