import BenchmarkHarness
import Descriptors
import MaterialsCore

extension Benchmark {
    /// Formula text to 132 features, batch by batch as a run does it.
    static let magpie = Benchmark(
        name: "magpie", unit: "compositions", summary: "formula text to magpie features (--from compositions: without parsing)",
        optionNames: ["input", "output", "from"]
    ) { context in
        let parses = try context.choice("from", among: ["formulas", "compositions"]) == "formulas"
        let magpie = try MagpieTableDescription(FormulaTable(context), threads: context.threads)
        let output = context.options["output"]
        return BenchmarkWork(
            rows: magpie.table.formulas.count, run: { magpie.run(parsing: parses) },
            checksum: {
                var sum = 0.0
                magpie.forEachMatrix { for value in $0.values { sum += value } }
                return sum
            },
            finish: {
                if let output {
                    var values: [Double] = []
                    magpie.forEachMatrix { values += $0.values }
                    try MatrixFile.write(values, columns: magpie.names.count, names: magpie.names, to: output)
                }
                return ["columns": Double(magpie.names.count), "rejected": Double(magpie.table.rejected)]
            })
    }
}

/// A table of formulas and what describes it. All rows can be described.
struct MagpieTableDescription {
    private struct Scratch {
        var parser = FormulaParser()
        var parsed = ParsedFormulas()
        var features = FeatureMatrix(rows: CandidateGrid.batchSize, columns: 132)
    }

    private(set) var table: FormulaTable
    let names: [String]
    private let descriptor: MagpieDescriptor
    private let threads: Int
    private let indices = (0..<CandidateGrid.batchSize).map { CandidateIndex(source: 0, position: $0) }
    private var parsed: [ParsedFormulas] = []
    private let ids = TextColumn(repeatElement("", count: CandidateGrid.batchSize))

    init(_ table: FormulaTable, threads: Int) throws {
        (self.table, self.threads) = (table, threads)
        var settings = Settings()
        descriptor = try MagpieDescriptor(settings: &settings)
        names = descriptor.featureNames
        var unusable: Set<Int> = []
        var scratch = Scratch()
        for b in 0..<table.batchCount { unusable.formUnion(describe(b, &scratch).map { $0 + table.rows(ofBatch: b).lowerBound }) }
        self.table.drop(unusable)
        for b in 0..<self.table.batchCount {
            var one = ParsedFormulas()
            one.read(self.table, self.table.rows(ofBatch: b), &scratch.parser)
            parsed.append(one)
        }
    }

    /// Describes all rows; without parsing the compositions are those read before.
    func run(parsing: Bool) {
        let workers = Slots(count: threads) { _ in Scratch() }
        inParallel(table.batchCount, threads: threads) { worker, batch in
            if !parsing { workers[worker].parsed = parsed[batch] }
            _ = describe(batch, &workers[worker], parsing: parsing)
        }
    }

    /// Goes through the features in the order of the rows.
    func forEachMatrix(_ body: (FeatureMatrix) -> Void) {
        var scratch = Scratch()
        for b in 0..<table.batchCount {
            _ = describe(b, &scratch)
            body(scratch.features)
        }
    }

    private func describe(_ batch: Int, _ scratch: inout Scratch, parsing: Bool = true) -> [Int] {
        let rows = table.rows(ofBatch: batch)
        if parsing { scratch.parsed.read(table, rows, &scratch.parser) }
        if scratch.features.rows != rows.count { scratch.features = FeatureMatrix(rows: rows.count, columns: 132) }
        let isWhole = rows.count == indices.count
        let candidates = scratch.parsed.batch(
            indices: isWhole ? indices : Array(indices[..<rows.count]), ids: isWhole ? ids : ids.selecting(Array(0..<rows.count)))
        let defects = descriptor.compute(candidates, into: &scratch.features, firstColumn: 0)
        return defects.map(\.row)
    }
}
