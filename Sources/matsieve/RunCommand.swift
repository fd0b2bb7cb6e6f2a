import ArgumentParser
import Foundation
import MaterialsCore
import Screening

/// `matsieve run`
struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Screen candidates as a plan says.")

    @Argument(help: "Plan (YAML).")
    var plan: String
    @Option(name: .shortAndLong, help: "Folder for the results; else PLAN-run.")
    var output: String?
    @OptionGroup var common: CommonOptions
    @Option(help: "Screen part I of N only, or 'auto' in a job array; 'matsieve merge' brings the parts together.")
    var shard: String?
    @Flag(help: "Go on from the last checkpoint.")
    var resume = false
    @Flag(help: "Train the plan's models into DIR/models and stop.")
    var prepare = false
    @Option(help: "Folder with models trained before.")
    var models: String?
    @Option(help: "Exit with 4 if more candidates than N or P% can't be used.")
    var maxRejected: String?
    @Option(name: .customLong("set"), help: "Change a value of the plan: KEY=VALUE, such as ranking.keep=50.")
    var overrides: [String] = []
    @Flag(help: "Check everything and say what would run.")
    var dryRun = false
    @Option(help: "Lines of rejections.csv.")
    var rejectionsLimit = 100_000
    @Option(help: "Seconds between checkpoints.")
    var checkpointInterval = 60.0
    @Flag(help: "Print the summary as one JSON object.")
    var json = false

    func run() throws {
        let interruption = try common.workers().interruption
        guard output != "-" else { throw MatSieveError.usage("-o -: a run leaves a folder; give its name") }
        guard rejectionsLimit >= 0, checkpointInterval >= 0 else {
            throw MatSieveError.usage("--rejections-limit and --checkpoint-interval can't be negative")
        }
        let options = RunOptions(
            planPath: plan, output: output, threads: try common.threadCount(),
            shard: try shard.map { try Shard($0, environment: ProcessInfo.processInfo.environment) }, resume: resume, prepare: prepare,
            modelsFolder: models, maxRejected: try maxRejected.map { try RejectionLimit($0) }, overrides: overrides, dryRun: dryRun,
            rejectionLimit: rejectionsLimit, checkpointInterval: checkpointInterval)
        let outcome = try ScreeningRun(options: options, interruption: interruption, progress: ProgressMeter(quiet: common.quiet)).execute()
        for w in outcome.warnings { common.tell("note: \(w)") }
        if dryRun || prepare {
            if prepare && json { return try printJSON(["models": outcome.output]) }
            for n in outcome.notes { common.tell(n) }
            return
        }
        try show(outcome, json: json, common)
    }
}

/// Prints what a run or merge came to; too many unusable candidates are an error after that.
private func show(_ outcome: ScreeningRun.Outcome, json: Bool, _ common: CommonOptions) throws {
    if json {
        try printJSON(RunSummaryJSON(outcome))
    } else if !common.quiet {
        for line in outcome.notes + outcome.lines { common.tell(line) }
    }
    if let failure = outcome.failure { throw failure }
}

/// `matsieve merge`
struct Merge: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Bring the shards of a run together.")

    @Argument(help: "Folders of shards, or the folder that holds them.")
    var folders: [String]
    @Option(name: .shortAndLong, help: "Folder for the results.")
    var output: String
    @Option(help: "Exit with 4 if more candidates than N or P% can't be used.")
    var maxRejected: String?
    @Option(help: "Refuse where the data are stricter than this class.")
    var dataClass: String?
    @OptionGroup var common: CommonOptions
    @Flag(help: "Print the summary as one JSON object.")
    var json = false

    func run() throws {
        _ = try common.workers()
        let outcome = try ShardMerge.merge(
            folders, output: output, maxRejected: try maxRejected.map { try RejectionLimit($0) }, dataClass: dataClass)
        try show(outcome, json: json, common)
    }
}

/// `matsieve report`
struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Write the report of a finished run anew.")

    @Argument(help: "Folder of a run.")
    var folder: String
    @Option(name: .shortAndLong, help: "File; else DIR/report.html.")
    var output: String?
    @Option(help: "Refuse where the data are stricter than this class.")
    var dataClass: String?
    @Option(help: "Language of the report: en or ja.")
    var language = "en"

    func run() throws {
        try RunReportFile.write(folder: folder, output: output ?? folder + "/report.html", language: language, dataClass: dataClass)
    }
}
