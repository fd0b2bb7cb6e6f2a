import BenchmarkHarness
import Foundation
import MaterialsCore
import Screening

extension Benchmark {
    /// A whole run of a plan whose models are trained already.
    static let screening = Benchmark(
        name: "screening", unit: "candidates",
        summary: "a whole run of a plan, its models trained before; the demo's plan unless --plan is given",
        optionNames: ["plan"]
    ) { context in
        let plan = context.options["plan"] ?? "\(context.datasets)/demo/lead-free-absorbers.yaml"
        let folder = FileManager.default.temporaryDirectory.appending(path: "matsieve-bench-\(getpid())").path(percentEncoded: false)
        // The demo's plan, cut down: few trees on the whole table.
        let overrides = context.tiny && context.options["plan"] == nil ? ["properties.gap.train.model={boosted-trees: {trees: 5}}"] : []
        func options(prepare: Bool) -> RunOptions {
            RunOptions(
                planPath: plan, output: folder + (prepare ? "/prepare" : "/run"), threads: context.threads, prepare: prepare,
                modelsFolder: prepare ? nil : folder + "/prepare/models", overrides: overrides)
        }
        func execute() throws -> ScreeningRun.Outcome {
            try? FileManager.default.removeItem(atPath: folder + "/run")
            return try ScreeningRun(options: options(prepare: false)).execute()
        }
        _ = try ScreeningRun(options: options(prepare: true)).execute()
        var outcome = try execute()
        return BenchmarkWork(rows: Int(outcome.read)) {
            outcome = try execute()
        } checksum: {
            try sumOfScores(folder + "/run/ranking.csv")
        } finish: {
            try? FileManager.default.removeItem(atPath: folder)
            return [
                "kept": Double(outcome.kept), "rejected": Double(outcome.rejected), "screeningRatePerSecond": outcome.candidatesPerSecond,
            ]
        }
    }
}

/// Sum of the column `score` of a ranking.
private func sumOfScores(_ path: String) throws -> Double {
    let request = TableRequest(columns: [CandidateColumn(name: "score", kind: .numeric)])
    var sum = 0.0
    try forEachBatch(try CandidateInput.open(path, request: request)) { batch in sum = batch.numericColumns[0].reduce(sum, +) }
    return sum
}
