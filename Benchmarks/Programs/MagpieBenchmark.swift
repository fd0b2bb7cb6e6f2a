import BenchmarkHarness
import Descriptors
import MaterialsCore

extension Benchmark {
    /// Formula text to Magpie features; `--from compositions` leaves the parsing out.
    static let magpie = Benchmark(
        name: "magpie", unit: "compositions",
        summary: "formula text to 132 Magpie features, on one thread (--from compositions: without parsing)",
        optionNames: ["input", "output", "from"]
    ) { context in
        let (texts, unreadable) = try context.formulas()
        let parsesText = try context.choice("from", among: ["formulas", "compositions"]) == "formulas"
        let describer = try MagpieDescriber(texts)
        return BenchmarkWork(rows: describer.describableRows) {
            try describer.run(parsing: parsesText)
        } checksum: {
            try describer.checksum()
        } finish: {
            if let output = context.options["output"] { try describer.write(to: output) }
            return ["columns": Double(describer.columns), "rejected": Double(unreadable + texts.count - describer.describableRows)]
        }
    }
}

/// Describes formulas batch by batch, as a run does: 1,024 rows, one feature matrix used again.
private final class MagpieDescriber {
    let columns: Int
    private(set) var describableRows = 0
    private let descriptor: any Descriptor
    private let texts: TextColumn
    private var batches: [CandidateBatch] = []
    private var features: FeatureMatrix

    init(_ texts: TextColumn) throws {
        self.texts = texts
        descriptor = try DescriptorRegistry.make("magpie")
        columns = descriptor.featureNames.count
        features = FeatureMatrix(rows: CandidateGrid.batchSize, columns: columns)
        var parser = FormulaParser()
        for start in starts { batches.append(try batch(at: start, &parser)) }
        try forEachDescribedBatch { _, described in describableRows += described.count }
    }

    private var starts: StrideTo<Int> { stride(from: 0, to: texts.count, by: CandidateGrid.batchSize) }

    private func batch(at start: Int, _ parser: inout FormulaParser) throws -> CandidateBatch {
        let rows = start..<min(start + CandidateGrid.batchSize, texts.count)
        var (atomicNumbers, amounts, offsets): ([UInt8], [Double], [Int]) = ([], [], [0])
        offsets.reserveCapacity(rows.count + 1)
        let texts = texts
        let bytes = texts.bytes.span
        for row in rows {
            let text = bytes.extracting(texts.offsets[row]..<texts.offsets[row + 1])
            try parser.append(text, atomicNumbers: &atomicNumbers, amounts: &amounts)
            offsets.append(atomicNumbers.count)
        }
        return CandidateBatch(
            schema: CandidateSchema(), indices: rows.map { CandidateIndex(source: 0, position: $0) },
            ids: TextColumn(offsets: [Int](repeating: 0, count: rows.count + 1), bytes: []), compositionOffsets: offsets,
            atomicNumbers: atomicNumbers, amounts: amounts, numericColumns: [], textColumns: [])
    }

    func run(parsing: Bool) throws {
        var parser = FormulaParser()
        for (number, start) in starts.enumerated() {
            let batch = parsing ? try batch(at: start, &parser) : batches[number]
            if batch.count != features.rows { features = FeatureMatrix(rows: batch.count, columns: columns) }
            _ = descriptor.compute(batch, into: &features, firstColumn: 0)
        }
    }

    /// Gives each batch's features and the rows of it that could be described.
    private func forEachDescribedBatch(_ body: (FeatureMatrix, [Int]) throws -> Void) throws {
        for batch in batches {
            var matrix = FeatureMatrix(rows: batch.count, columns: columns)
            let defective = Set(descriptor.compute(batch, into: &matrix, firstColumn: 0).map(\.row))
            try body(matrix, (0..<batch.count).filter { !defective.contains($0) })
        }
    }

    /// Sum of all features, row by row, from left to right.
    func checksum() throws -> Double {
        var sum = 0.0
        try forEachDescribedBatch { matrix, rows in
            for row in rows { for value in matrix.row(row) { sum += value } }
        }
        return sum
    }

    func write(to path: String) throws {
        var values: [Double] = []
        try forEachDescribedBatch { matrix, rows in for row in rows { values.append(contentsOf: matrix.row(row)) } }
        try MatrixFile(rows: describableRows, columns: columns, names: descriptor.featureNames).write(values, to: path)
    }
}
