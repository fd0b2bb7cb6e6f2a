import ArgumentParser
import MaterialsCore
import Screening

/// `matsieve dedupe`
struct Dedupe: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find structures that are equal within tolerances, composition by composition.")

    @Argument(help: "Structure file, folder, archive, table or store.")
    var input: String
    @Option(
        name: .shortAndLong,
        help:
            "Store (.h5) of the first of each group, or table (.csv): the group of every candidate, with the largest displacement of a site in units of (volume per site)^(1/3)."
    )
    var output: String
    @Option(help: "Relative difference of lattice vectors' lengths.")
    var lengthTolerance = 0.2
    @Option(help: "Difference of lattice angles, degrees.")
    var angleTolerance = 5.0
    @Option(help: "Largest displacement of a site in units of (volume per site)^(1/3).")
    var siteTolerance = 0.3
    @Flag(help: "Take volumes as they are; else they are made equal before comparing.")
    var keepVolume = false
    @OptionGroup var table: TableOptions
    @OptionGroup var common: CommonOptions
    @Flag(help: "Print the summary as one JSON object.")
    var json = false

    private struct Summary: Encodable {
        let compared: Int
        let unique: Int
        let rejected: Int
        let output: String
        let seconds: Double
    }

    func run() throws {
        try refuseOverwriting([input], outputs: [output, table.rejections])
        let outcome = try StructureDeduplication(
            input: input, output: output, format: table.format, keys: table.keys, lengthTolerance: lengthTolerance,
            angleTolerance: angleTolerance, siteTolerance: siteTolerance, scalesVolume: !keepVolume, workers: try common.workers()
        ).run()
        for note in outcome.notes { common.tell("note: \(note)") }
        try table.report(outcome.rejections, total: outcome.rejected, read: outcome.compared + outcome.rejected, common)
        if json {
            return try printJSON(
                Summary(
                    compared: outcome.compared, unique: outcome.unique, rejected: outcome.rejected, output: output, seconds: outcome.seconds
                ))
        }
        if !common.quiet {
            common.tell("\(outcome.unique) of \(outcome.compared) structures are distinct\(output == "-" ? "" : "; \(output)")")
        }
    }
}
