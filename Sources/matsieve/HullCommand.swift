import ArgumentParser
import MaterialsCore
import Screening

/// `matsieve hull`
struct Hull: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Energy above the hull and decomposition of entries or candidates.")

    @Option(help: "Entries of the hull: a table with --energy, or computed entries (JSON) without.")
    var entries: String
    @Option(help: "Column with the energies, eV/atom.")
    var energy: String?
    @Option(
        help: "formation (elements are 0 and need no row) or total (each element needs one); else formation, of computed entries total.")
    var energyKind: String?
    @Option(help: "Table to judge against the entries; else every entry is judged.")
    var candidates: String?
    @Option(help: "Column with the energies of the candidates, where it has another name.")
    var candidateEnergy: String?
    @Option(help: "Column of the candidates with what their predicted energies should be: says how well the stable ones are found.")
    var trueEnergy: String?
    @Option(name: .shortAndLong, help: "Table: .csv, .csv.gz or .h5; - is standard output (CSV).")
    var output: String
    @Option(help: "Draw a system of two or three elements: Li-Fe-O=FILE.svg.")
    var diagram: [String] = []
    @Option(help: "Chemical potentials at which each phase of a system is stable: Li-Fe-O=FILE.csv.")
    var windows: [String] = []
    @Flag(help: "Compare entries of different functionals or correction schemes as they are.")
    var allowMixed = false
    @OptionGroup var table: TableOptions
    @OptionGroup var common: CommonOptions
    @Flag(help: "Print the summary as one JSON object.")
    var json = false

    private struct Summary: Encodable {
        let entries, chemicalSystems, judged, stable, rejected: Int
        let output: String
        let seconds: Double
        let metrics: StabilityTable.Metrics?
    }

    func run() throws {
        let figures = try diagram.map { try SystemOutput($0, option: "--diagram") }
        let potentials = try windows.map { try SystemOutput($0, option: "--windows") }
        try refuseOverwriting(
            [entries] + (candidates.map { [$0] } ?? []), outputs: [output, table.rejections] + (figures + potentials).map(\.path))
        var judging = StabilityTable(entries: entries, output: output, workers: try common.workers())
        (judging.energy, judging.candidates, judging.candidateEnergy, judging.trueEnergy) = (
            energy, candidates, candidateEnergy, trueEnergy
        )
        (judging.format, judging.keys, judging.allowsMixing) = (table.format, table.keys, allowMixed)
        (judging.figures, judging.windows) = (figures, potentials)
        try judging.setEnergyKind(energyKind)
        let outcome = try judging.run()
        for note in outcome.notes { common.tell("note: \(note)") }
        try table.report(outcome.rejections, total: outcome.rejected, read: outcome.judged + outcome.rejected, common)
        if json { return try printJSON(summary(outcome)) }
        if !common.quiet { for line in lines(outcome) { common.tell(line) } }
    }

    private func summary(_ outcome: StabilityTable.Outcome) -> Summary {
        Summary(
            entries: outcome.entries, chemicalSystems: outcome.systems, judged: outcome.judged, stable: outcome.stable,
            rejected: outcome.rejected, output: output, seconds: outcome.seconds,
            metrics: outcome.metrics)
    }

    private func lines(_ outcome: StabilityTable.Outcome) -> [String] {
        let what = candidates == nil ? "entries" : "candidates"
        var lines = [
            "\(outcome.stable) of \(outcome.judged) \(what) are on the hull\(candidates == nil ? "" : " or below it")\(output == "-" ? "" : "; \(output)")"
        ]
        if let m = outcome.metrics {
            lines.append(
                "predicted stable: precision \(roughNumberText(m.precision)), recall \(roughNumberText(m.recall)), F1 \(roughNumberText(m.f1)), "
                    + "discovery acceleration factor \(roughNumberText(m.discoveryAccelerationFactor)) at a prevalence of \(roughNumberText(m.prevalence))"
            )
        }
        return lines
    }
}
