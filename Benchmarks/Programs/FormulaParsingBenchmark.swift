import BenchmarkHarness
import MaterialsCore

extension Benchmark {
    /// Formula text to atomic numbers and amounts.
    static let formulaParsing = Benchmark(
        name: "formula-parsing", unit: "formulas", summary: "reads the formulas of a table", optionNames: ["input"]
    ) { context in
        let table = try FormulaTable(context)
        let parsed = Slots(count: table.batchCount) { _ in ParsedFormulas() }
        let threads = context.threads
        return BenchmarkWork(
            rows: table.formulas.count,
            run: {
                inParallel(table.batchCount, threads: threads) { _, batch in
                    // On the worker's own stack: two in one cache line would slow each other down.
                    var parser = FormulaParser()
                    var own = ParsedFormulas()
                    swap(&own, &parsed[batch])
                    own.read(table, table.rows(ofBatch: batch), &parser)
                    swap(&own, &parsed[batch])
                }
            },
            checksum: { parsed.all.reduce(0) { $0 + $1.atomCharge } },
            finish: { ["rejected": Double(table.rejected)] })
    }
}

extension FormulaTable {
    /// The table that `--input` names, else formation energies of Matbench; cut where the run is tiny.
    init(_ context: BenchmarkContext) throws {
        try self.init(
            path: context.options["input"] ?? context.datasets + "/matbench/mp_e_form.csv.gz", rows: context.tiny ? 500 : nil)
    }
}

/// Compositions of some formulas, one after the other.
struct ParsedFormulas: Sendable {
    private(set) var offsets = [0]
    private(set) var atomicNumbers: [UInt8] = []
    private(set) var amounts: [Double] = []

    /// Reads formulas in place of those before.
    mutating func read(_ table: FormulaTable, _ rows: Range<Int>, _ parser: inout FormulaParser) {
        offsets.removeAll(keepingCapacity: true)
        atomicNumbers.removeAll(keepingCapacity: true)
        amounts.removeAll(keepingCapacity: true)
        offsets.append(0)
        let (bytes, ends) = (table.formulas.bytes.span, table.formulas.offsets.span)
        for row in rows {
            // The table holds what could be read.
            try! parser.append(bytes.extracting(ends[row]..<ends[row + 1]), atomicNumbers: &atomicNumbers, amounts: &amounts)
            offsets.append(atomicNumbers.count)
        }
    }

    /// Σ Z × amount.
    var atomCharge: Double {
        var sum = 0.0
        for i in amounts.indices { sum += Double(atomicNumbers[i]) * amounts[i] }
        return sum
    }

    /// The formulas as a batch of candidates without columns.
    func batch(indices: [CandidateIndex], ids: TextColumn) -> CandidateBatch {
        CandidateBatch(
            schema: CandidateSchema(), indices: indices, ids: ids, compositionOffsets: offsets, atomicNumbers: atomicNumbers,
            amounts: amounts,
            numericColumns: [], textColumns: [])
    }
}
