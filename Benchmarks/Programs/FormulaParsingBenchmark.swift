import BenchmarkHarness
import MaterialsCore

extension Benchmark {
    /// Formula text to atomic numbers and amounts.
    static let formulaParsing = Benchmark(
        name: "formula-parsing", unit: "formulas", summary: "formula text to atomic numbers and amounts, on one thread",
        optionNames: ["input"]
    ) { context in
        let (texts, rejected) = try context.formulas()
        var parser = FormulaParser()
        var atomicNumbers: [UInt8] = []
        var amounts: [Double] = []
        return BenchmarkWork(rows: texts.count) {
            atomicNumbers.removeAll(keepingCapacity: true)
            amounts.removeAll(keepingCapacity: true)
            try parse(texts, parser: &parser, atomicNumbers: &atomicNumbers, amounts: &amounts)
        } checksum: {
            zip(atomicNumbers, amounts).reduce(0) { $0 + Double($1.0) * $1.1 }
        } finish: {
            ["rejected": Double(rejected)]
        }
    }
}

/// Reads every formula; all of them can be read.
private func parse(
    _ texts: TextColumn, parser: inout FormulaParser, atomicNumbers: inout [UInt8], amounts: inout [Double]
) throws {
    let bytes = texts.bytes.span
    let offsets = texts.offsets.span
    for row in 0..<texts.count {
        try parser.append(bytes.extracting(offsets[row]..<offsets[row + 1]), atomicNumbers: &atomicNumbers, amounts: &amounts)
    }
}
