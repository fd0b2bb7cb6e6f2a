import BenchmarkHarness
import Foundation
import MaterialsCore
import Screening
import Storage

extension Benchmark {
    /// A whole run of a plan whose models are trained.
    static let screening = Benchmark(
        name: "screening", unit: "candidates", summary: "runs a plan with trained models, from the files to the ranking and its report",
        optionNames: ["plan", "models"]
    ) { context in
        let folder = try TemporaryFolder()
        let plan = context.options["plan"] ?? context.datasets + "/demo/lead-free-absorbers.yaml"
        let overrides = context.tiny ? try tinyOverrides(context, folder) : []
        func options(_ output: String, models: String?, prepare: Bool = false) -> RunOptions {
            RunOptions(
                planPath: plan, output: folder.path + "/" + output, threads: context.threads, prepare: prepare, modelsFolder: models,
                overrides: overrides)
        }
        if context.options["models"] == nil { _ = try ScreeningRun(options: options("prepared", models: nil, prepare: true)).execute() }
        let models = context.options["models"] ?? folder.path + "/prepared/models"
        // Read once, to know the rows.
        let first = try ScreeningRun(options: options("first", models: models)).execute()
        var last = first
        var runs = 0
        var rates: [Double] = []
        return BenchmarkWork(
            rows: Int(first.read),
            run: {
                runs += 1
                last = try ScreeningRun(options: options("run-\(runs)", models: models)).execute()
                rates.append(last.candidatesPerSecond)
            },
            checksum: { try sumOfScores(last.output + "/ranking.csv") },
            finish: { ["kept": Double(last.kept), "screeningRatePerSecond": quantile(rates, 0.5)] })
    }

    private static func sumOfScores(_ path: String) throws -> Double {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { throw MatSieveError.input("\(path): no such file") }
        let lines = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        guard let column = lines.first?.firstIndex(of: "score") else { throw MatSieveError.input("\(path): has no column 'score'") }
        return lines.dropFirst().reduce(0) { $0 + (Double($1[column]) ?? .nan) }
    }

    /// The demo on 500 candidates with five trees.
    private static func tinyOverrides(_ context: BenchmarkContext, _ folder: TemporaryFolder) throws -> [String] {
        let table = try TableText(path: context.datasets + "/mp_stability/formation_energy.csv.gz", rows: 500)
        try AtomicFile.write(table.bytes, to: folder.path + "/candidates.csv")
        return ["candidates=[{file: \(folder.path)/candidates.csv}]", "properties.gap.train.model={boosted-trees: {trees: 5}}"]
    }
}
