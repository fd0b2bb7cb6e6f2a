import ArgumentParser
import MaterialsCore
import Screening

/// `matsieve suggest`
struct Suggest: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Propose the candidates to measure next.")

    @Argument(help: "Candidates: descriptor columns, then objectives that are blank where unmeasured; a table or a store.")
    var candidates: String
    @Option(
        name: .shortAndLong, help: "Proposals: actions (row from 0), then the candidates' columns but the objectives. - is standard output."
    )
    var output: String
    @Option(help: "Number of objective columns at the end of the table, or their names with commas between.")
    var objectives: String
    @Option(help: "Objective column of which less is better (others: more).")
    var minimize: [String] = []
    @Option(help: "Candidates to propose.")
    var proposals = 1
    @Option(
        help:
            "Acquisition (matsieve list acquisitions), or {name: {setting: value}}; else expected improvement, of several objectives of the hypervolume."
    )
    var method: String?
    @Option(help: "gaussian-process or random-features, or {name: {setting: value}}; else by the number of measurements.")
    var model: String?
    @Option(help: "How a batch is spread: kriging-believer, local-penalisation or thompson.")
    var batch: String = "kriging-believer"
    @Option(help: "Bound on an objective column, as 'strength >= 300'; the column is then no goal, unless it is minimized too.")
    var constraint: [String] = []
    @Option(help: "Column with the cost of a measurement; scores are divided by it.")
    var cost: String?
    @Option(help: "Columns to search by, with commas between; else all but objectives, cost and labels.")
    var descriptors: String?
    @Option(help: "Seed of every random choice.")
    var seed: UInt64 = 0
    @Option(help: "Format of the candidates, where their ending does not say.")
    var format: String?
    @OptionGroup var common: CommonOptions
    @Flag(help: "Print the summary as one JSON object.")
    var json = false

    func run() throws {
        try refuseOverwriting([candidates], outputs: [output])
        if json, output == "-" {
            throw MatSieveError.usage("--json: prints to standard output, where -o - writes the proposals; give -o a file")
        }
        var request = SuggestionRequest(candidates: candidates, objectives: try SuggestionRequest.Objectives(objectives))
        (request.minimize, request.proposals, request.batch, request.seed) = (minimize, proposals, batch, seed)
        (request.constraints, request.cost, request.format) = (constraint, cost, format)
        request.descriptors = (descriptors ?? "").split(separator: ",").map { String($0.trimmingPrefix(" ")) }
        request.method = try method.map { try NamedSettings.parse($0, what: "--method") }
        request.model = try model.map { try NamedSettings.parse($0, what: "--model") }
        let outcome = try ExperimentSuggestion(request, workers: try common.workers()).run(output: output)
        for note in outcome.notes { common.tell("note: \(note)") }
        if json { try StandardOutput.print(try outcome.json()) } else if !common.quiet { outcome.lines.forEach(common.tell) }
    }
}
