import BenchmarkHarness
import Formats
import MaterialsCore
import Storage

extension BenchmarkContext {
    /// The table that `--input` names, or the one of formation energies in `Datasets`.
    var inputTable: String { options["input"] ?? "\(datasets)/matbench/mp_e_form.csv.gz" }

    /// Formula texts of the input, those that can't be read left out; a few where only the program is tried.
    func formulas() throws -> (texts: TextColumn, rejected: Int) {
        let path = inputTable
        let entry = try FormatRegistry.table(forFile: path)
        let names = try entry.columnNames(try openByteInput(path: path))
        guard let column = ["formula", "composition"].first(where: names.contains) else {
            throw MatSieveError.input("\(path) has no column 'formula' or 'composition'")
        }
        let request = TableRequest(columns: [CandidateColumn(name: column, kind: .text)])
        var texts = TextColumn()
        var rejected = 0
        try forEachBatch(try entry.open(try openByteInput(path: path), request)) { batch in
            rejected += batch.rejections.count
            let formulas = batch.textColumns[0]
            for row in 0..<batch.count where !tiny || texts.count < 200 { texts.append(utf8: formulas.utf8(row)) }
        }
        return (texts, rejected)
    }
}

/// Reads a source from its start to its end, in order, on one thread.
func forEachBatch(_ source: any CandidateSource, _ body: (CandidateBatch) throws -> Void) throws {
    let reader = try source.reader(positions: 0..<1 << 48)
    while let pending = try reader.next() {
        for batch in try pending.decode() { try body(batch) }
    }
}
