import ArgumentParser
import MaterialsCore
import Screening

/// `matsieve import`
struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Bring tables and structure files into a candidate store.")

    @Argument(help: "Tables, structure files, folders or archives of them, or stores.")
    var inputs: [String]
    @Option(name: .shortAndLong, help: "Candidate store (.h5).")
    var output: String
    @OptionGroup var table: TableOptions
    @Option(help: "Numeric column to take: COLUMN, COLUMN=NAME or COLUMN=NAME:UNIT. None: all columns, numeric where all cells are.")
    var property: [String] = []
    @Option(help: "Column to keep as text though it looks like numbers, such as a code of a category.")
    var text: [String] = []
    @Option(help: "Rights class: open, shared or closed.")
    var dataClass: String = DataClass.open.rawValue
    @Option(help: "Where the data come from.")
    var source: String?
    @Option(help: "Licence of the data.")
    var license: String?
    @OptionGroup var common: CommonOptions

    func run() throws {
        let rights = try DataClass(option: dataClass)
        try refuseOverwriting(inputs, outputs: [output, table.rejections])
        let outcome = try CandidateImport(
            inputs: inputs, output: output, format: table.format, keys: table.keys,
            properties: try property.map { try CandidateImport.Property($0) }, textColumns: text, dataClass: rights, source: source,
            license: license,
            workers: try common.workers()
        ).run()
        try table.report(outcome.rejections, total: outcome.rejected, read: outcome.read, common)
        for note in outcome.notes { common.tell("note: \(note)") }
        if !common.quiet { common.tell("\(outcome.written) candidates in \(output)") }
    }
}

/// `matsieve export`
struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a candidate store, or the short list of a run, as a table or as structures.")

    @Argument(help: "Candidate store, or the folder of a run that kept structures.")
    var file: String
    @Option(
        name: .shortAndLong,
        help: "Table: .csv or .jsonl; structures: .extxyz; each also with .gz; a folder/ of POSCAR files. - is standard output (CSV).")
    var output: String
    @Option(help: "Refuse where the data are stricter than this class.")
    var dataClass: String?
    @OptionGroup var common: CommonOptions

    func run() throws {
        try refuseOverwriting([file], outputs: [output])
        let outcome = try CandidateExport.run(file, output: output, dataClass: dataClass, workers: try common.workers())
        for note in outcome.notes where !common.quiet || note.hasPrefix("the data are") { common.tell("note: \(note)") }
        if outcome.leftOutCount > 0 {
            common.tell("\(outcome.leftOutCount) candidates left out, since the format cannot hold them:")
            for line in outcome.leftOut { common.tell("  \(line)") }
        }
        if output != "-", !common.quiet { common.tell("\(outcome.written) candidates in \(output)") }
    }
}

/// `matsieve describe`
struct Describe: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Compute descriptors of every candidate.")

    @Argument(help: "Table, structure file, folder, archive or store.")
    var input: String
    @Option(
        help: "Descriptors with commas between (matsieve list descriptors), with settings as in '{soap: {species: [Na, Cl], r_cut: 5}}'.")
    var descriptor: String
    @Option(name: .shortAndLong, help: "Table: .csv, .csv.gz or .h5; - is standard output (CSV).")
    var output: String
    @OptionGroup var table: TableOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        try refuseOverwriting([input], outputs: [output, table.rejections])
        let outcome = try TableDescription.describe(
            input, descriptors: try NamedSettings.list(descriptor), output: output, format: table.format, keys: table.keys,
            workers: try common.workers())
        try table.report(outcome, common)
    }
}

/// `matsieve info`
struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Say what a file is and holds; without a file, what this MatSieve is.")

    @Argument(help: "Store or model.")
    var file: String?
    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        try StandardOutput.print(try FileInformation.describe(file, json: json))
    }
}

/// `matsieve list`
struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List what is registered: descriptors, models, filters, …")

    @Argument(help: "acquisitions, descriptors, element-tables, models, formats, filters, rankings, properties or sources.")
    var what: String
    @Argument(help: "One of them, whose settings are listed, or an element table, whose entries are.")
    var name: String?
    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        try StandardOutput.print(try RegistryListing.describe(what, name: name, json: json))
    }
}
