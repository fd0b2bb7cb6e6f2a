import BenchmarkHarness
import Foundation
import MaterialsCore
import Models
import Selection

extension Benchmark {
    /// Searches on known tables: evaluations to the top 5 % and to the optimum, and time a proposal, as Benchmarks/Peers/suggest_peer.py.
    static let suggestCampaign = Benchmark(
        name: "suggest-campaign", unit: "searches", summary: "searches known tables by expected improvement and Thompson sampling",
        optionNames: ["sets", "scores", "seeds", "features", "interval", "model", "settings", "output"]
    ) { context in
        let sets = (context.options["sets"] ?? SearchTable.names.joined(separator: ",")).split(separator: ",").map(String.init)
        let scores = (context.options["scores"] ?? "EI,TS").split(separator: ",").map(String.init)
        let bounds = (context.options["seeds"] ?? (context.tiny ? "0-0" : "0-9")).split(separator: "-").compactMap { Int($0) }
        guard let first = bounds.first, let last = bounds.last, first <= last else { throw MatSieveError.usage("--seeds: give 0-9") }
        let campaign = SearchCampaign(
            features: try context.integer("features", default: 1_000), interval: try context.integer("interval", default: 10),
            isGaussianProcess: try context.choice("model", among: ["random-features", "gaussian-process"]) == "gaussian-process",
            settings: (context.options["settings"] ?? "").split(separator: ",").map(String.init))
        let tables = try sets.map { try SearchTable($0, in: context.datasets + "/suggest") }
        var results: [SearchResult] = []
        return BenchmarkWork(
            rows: sets.count * scores.count * (last - first + 1),
            run: {
                results = []
                for seed in first...last {
                    for table in tables { for score in scores { results.append(try campaign.search(table, score: score, seed: seed)) } }
                }
            },
            checksum: { results.reduce(0) { $0 + Double($1.proposals) } },
            finish: {
                if let path = context.options["output"] {
                    let lines = try results.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) + "\n" }
                    try Data(lines.joined().utf8).write(to: URL(fileURLWithPath: path))
                }
                let proposals = results.reduce(0) { $0 + $1.proposals }
                return [
                    "proposals": Double(proposals), "seconds_a_proposal": results.reduce(0) { $0 + $1.seconds } / Double(max(proposals, 1)),
                ]
            })
    }
}

/// One search, in the keys of suggest_peer.py.
struct SearchResult: Encodable {
    let set: String
    let score: String
    let seed: Int
    let features: Int
    let interval: Int
    let proposals: Int
    /// Of the processor.
    let seconds: Double
    /// Evaluations to the top 5 %; nil: not within the budget.
    let top: Int?
    let optimum: Int?
    /// Evaluation and value wherever the best one changes.
    let best: [[Double]]
}

/// Ten random starts, then one proposal at a time; parameters are chosen anew every `interval` proposals.
struct SearchCampaign: Sendable {
    let features: Int
    let interval: Int
    let isGaussianProcess: Bool
    /// Further settings of the model, as `length_scales=each`.
    let settings: [String]

    static let starts = 10

    /// Processor time of this process so far.
    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    func search(_ table: SearchTable, score: String, seed: Int) throws -> SearchResult {
        isGaussianProcess
            ? try search(table, score, seed, GaussianProcessPosterior.self)
            : try search(table, score, seed, RandomFeaturePosterior.self)
    }

    private func search<M: PosteriorModel>(_ table: SearchTable, _ score: String, _ seed: Int, _: M.Type) throws -> SearchResult {
        var random = SplitMix64(seed: UInt64(seed))
        var actions = Array(random.permutation(table.values.count).prefix(Self.starts))
        let (best, budget) = (table.values.max()!, min(table.budget, table.values.count))
        var isKnown = [Bool](repeating: false, count: table.values.count)
        for a in actions { isKnown[a] = true }
        let began = Self.processorSeconds
        var state: SearchState?
        var model: M?
        var values: PosteriorTable?
        while actions.count < budget, !actions.contains(where: { table.values[$0] >= best }) {
            let proposal = actions.count - Self.starts
            if proposal % interval == 0 {
                model = try fit(table, actions, previous: model, seed: UInt64(seed))
                state = SearchState(
                    objectives: [SearchObjective(name: table.name, maximize: true, posterior: model!)],
                    known: table.rows.selecting(actions),
                    medians: [0], seed: 0)
                values = score == "EI" ? PosteriorTable(table.rows, model!) : nil
            }
            let scores = try scores(score, state!, values, table, seed: UInt64(seed) << 32 | UInt64(proposal))
            var chosen = -1
            for i in scores.indices where !isKnown[i] && (chosen < 0 || scores[i] > scores[chosen]) { chosen = i }
            isKnown[chosen] = true
            actions.append(chosen)
            try values?.learn(chosen, value: table.values[chosen], state!.objectives[0].posterior)
            try state!.learn(table.rows.selecting([chosen]), values: [table.values[chosen]])
        }
        return result(table, score, seed, actions, Self.processorSeconds - began)
    }

    private func fit<M: PosteriorModel>(_ table: SearchTable, _ actions: [Int], previous: M?, seed: UInt64) throws -> M {
        let features = isGaussianProcess ? [] : ["features=\(features)"]
        let mapping = (features + settings).map { text in
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            let value = Double(parts.last!).map { Setting.Value.number($0) } ?? .text(parts.last!)
            return (key: parts[0], line: 0, value: Setting(value, source: parts.last!))
        }
        var settings = try Settings(Setting(.mapping(mapping)), subject: "model")
        return try M.fit(
            table.rows.selecting(actions), targets: actions.map { table.values[$0] }, settings: &settings, previous: previous,
            context: TrainingContext(seed: seed &* 1_000 &+ UInt64(actions.count)))
    }

    private func scores(_ score: String, _ state: SearchState, _ values: PosteriorTable?, _ table: SearchTable, seed: UInt64) throws
        -> [Double]
    {
        guard let values else { return try state.objectives[0].posterior.sample(seed: SplitMix64.hash(seed)).values(at: table.rows) }
        var none = Settings(subject: "method")
        return try ExpectedImprovement(settings: &none, state: state).scores(AcquisitionBatch(table.rows, state, known: [values.values]))
    }

    private func result(_ table: SearchTable, _ score: String, _ seed: Int, _ actions: [Int], _ seconds: Double) -> SearchResult {
        var best: [[Double]] = []
        for (n, a) in actions.enumerated() where best.isEmpty || table.values[a] > best.last![1] {
            best.append([Double(n + 1), table.values[a]])
        }
        let (top, optimum) = table.goals
        return SearchResult(
            set: table.name, score: score, seed: seed, features: features, interval: interval, proposals: actions.count - Self.starts,
            seconds: seconds, top: actions.firstIndex { table.values[$0] >= top }.map { $0 + 1 },
            optimum: actions.firstIndex { table.values[$0] >= optimum }.map { $0 + 1 }, best: best)
    }
}
