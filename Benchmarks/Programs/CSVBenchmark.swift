import BenchmarkHarness
import Formats
import MaterialsCore
import Storage

extension Benchmark {
    /// A table from disk to batches: unpacking, cells, formulas, numbers.
    static let csv = Benchmark(
        name: "csv", unit: "rows", summary: "reads a table of formulas and numbers from disk into batches, on one thread",
        optionNames: ["input"]
    ) { context in
        let path = context.tiny ? "\(context.datasets)/matbench/expt_gap.csv" : context.inputTable
        let entry = try FormatRegistry.table(forFile: path)
        var checksum = 0.0
        var rows = 0
        func read() throws {
            (checksum, rows) = (0, 0)
            let source = try entry.open(try openByteInput(path: path), TableRequest(columns: nil))
            try forEachBatch(source) { batch in
                rows += batch.count
                checksum += batch.amounts.reduce(0, +)
                for column in batch.numericColumns { checksum += column.reduce(0) { $0 + ($1.isNaN ? 0 : $1) } }
            }
        }
        try read()
        return BenchmarkWork(rows: rows, run: read, checksum: { checksum })
    }
}
