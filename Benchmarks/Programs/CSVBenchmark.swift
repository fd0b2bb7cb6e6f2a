import BenchmarkHarness
import MaterialsCore

extension Benchmark {
    /// Text of a table to batches of candidates.
    static let csv = Benchmark(
        name: "csv", unit: "rows", summary: "decodes the text of a CSV table into batches of candidates", optionNames: ["input"]
    ) { context in
        let table = try TableText(context)
        let source = try table.source()
        let threads = context.threads
        var sum = Double.nan
        return BenchmarkWork(
            rows: try source.positionCount(),
            run: { sum = try readThrough(source, threads: threads) { $0.checksum } },
            checksum: { sum },
            finish: { ["bytes": Double(table.bytes.count)] })
    }
}

extension TableText {
    /// The table that `--input` names, else formation energies ten times over.
    init(_ context: BenchmarkContext) throws {
        let isOwn = context.options["input"] == nil
        try self.init(
            path: context.options["input"] ?? context.datasets + "/mp_stability/formation_energy.csv.gz",
            rows: context.tiny ? 500 : nil, copies: isOwn ? (context.tiny ? 2 : 10) : 1)
    }
}

extension CandidateBatch {
    /// Rows, elements and finite numbers added up.
    var checksum: Double {
        var sum = Double(count + atomicNumbers.count)
        for column in numericColumns { for value in column where value.isFinite { sum += value } }
        return sum
    }
}
