import BenchmarkHarness
import Descriptors
import MaterialsCore

extension Benchmark {
    /// Formula text to 132 features, batch by batch as a run does it.
    static let magpie = Benchmark(
        name: "magpie", unit: "compositions", summary: "describes the formulas of a table with magpie", optionNames: ["input", "output"]
    ) { context in
        let magpie = try MagpieTableDescription(FormulaTable(context), threads: context.threads)
        let output = context.options["output"]
        return BenchmarkWork(
            rows: magpie.table.formulas.count, run: magpie.run,
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
        var sample = 0.0
    }

    private(set) var table: FormulaTable
    let names: [String]
    private let descriptor: MagpieDescriptor
    private let threads: Int
    private let indices = (0..<CandidateGrid.batchSize).map { CandidateIndex(source: 0, position: $0) }
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
    }

    /// Describes all rows; the result stands for every row with one of its features.
    func run() -> Double {
        let workers = Slots(count: threads) { _ in Scratch() }
        let samples = Slots(count: table.batchCount) { _ in 0.0 }
        inParallel(table.batchCount, threads: threads) { worker, batch in
            _ = describe(batch, &workers[worker])
            samples[batch] = workers[worker].sample
        }
        return samples.all.reduce(0, +)
    }

    /// Goes through the features in the order of the rows.
    func forEachMatrix(_ body: (FeatureMatrix) -> Void) {
        var scratch = Scratch()
        for b in 0..<table.batchCount {
            _ = describe(b, &scratch)
            body(scratch.features)
        }
    }

    private func describe(_ batch: Int, _ scratch: inout Scratch) -> [Int] {
        let rows = table.rows(ofBatch: batch)
        scratch.parsed.read(table, rows, &scratch.parser)
        if scratch.features.rows != rows.count { scratch.features = FeatureMatrix(rows: rows.count, columns: 132) }
        let isWhole = rows.count == indices.count
        let candidates = scratch.parsed.batch(
            indices: isWhole ? indices : Array(indices[..<rows.count]), ids: isWhole ? ids : ids.selecting(Array(0..<rows.count)))
        let defects = descriptor.compute(candidates, into: &scratch.features, firstColumn: 0)
        scratch.sample = 0
        for row in 0..<rows.count { scratch.sample += scratch.features[row, row % 132] }
        return defects.map(\.row)
    }
}
