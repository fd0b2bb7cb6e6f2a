import ArgumentParser
import Foundation
import MaterialsCore
import Screening

/// Options that most commands share.
struct CommonOptions: ParsableArguments {
    @Option(help: "Threads; else SLURM_CPUS_PER_TASK, else the CPUs that the process may use.")
    var threads: Int?
    @Flag(help: "No progress and no summary on standard error; warnings and errors still.")
    var quiet = false

    func threadCount() throws -> Int {
        if let threads, !(1...4096).contains(threads) { throw MatSieveError.usage("--threads \(threads): give a number from 1 to 4096") }
        return threads ?? AvailableCPUs.count()
    }

    /// The threads, with signals taken from now on.
    func workers() throws -> Workers {
        let interruption = Interruption()
        interruption.listen()
        return Workers(threads: try threadCount(), interruption: interruption)
    }

    /// Says something to people.
    func tell(_ line: String) { StandardError.write(line + "\n") }
}

/// How a table is read.
struct TableOptions: ParsableArguments {
    @Option(help: "Format of the input, where its ending does not say (matsieve list formats).")
    var format: String?
    @Option(help: "Formula column; else 'formula' or 'composition'.")
    var formulaColumn: String?
    @Option(help: "Id column; else 'id' or 'material_id', else the row number.")
    var idColumn: String?
    @Option(help: "Column with a structure (CIF, POSCAR, extended XYZ or JSON text); else 'cif' or 'poscar', or 'structure'.")
    var structureColumn: String?
    @Option(help: "File for the rows that can't be used.")
    var rejections: String?

    /// Columns that say what a row is.
    var keys: KeyColumns { KeyColumns(formula: formulaColumn, id: idColumn, structure: structureColumn) }

    /// Tells of the rows that can't be used, and of doubtful ones.
    func report(_ outcome: TableDescription.Outcome, _ common: CommonOptions) throws {
        for note in outcome.notes { common.tell("note: \(note)") }
        try report(outcome.rejections, total: outcome.rejected, read: outcome.written + outcome.rejected, common)
    }

    /// Tells of the rows that can't be used, and writes them where asked.
    func report(_ found: [Rejection], total: Int, read: Int, _ common: CommonOptions) throws {
        if let rejections { try RejectionList.write(found, to: rejections) }
        guard total > 0 else { return }
        common.tell("\(total) of \(read) candidates can't be used\(rejections.map { "; see \($0)" } ?? ":")")
        if rejections == nil {
            for r in found.prefix(20) { common.tell("  \(r.id): \(r.defect.reason): \(r.defect.detail)") }
            if total > 20 { common.tell("  … --rejections FILE lists all") }
        }
    }
}

/// Prints a command's own summary as one JSON object.
func printJSON(_ value: some Encodable) throws {
    try StandardOutput.print(try JSONText.line(value))
}
