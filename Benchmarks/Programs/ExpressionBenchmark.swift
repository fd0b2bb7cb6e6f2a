import BenchmarkHarness
import MaterialsCore
import Selection

extension Benchmark {
    /// A filter's condition over random properties, batch by batch.
    static let expression = Benchmark(
        name: "expression", unit: "candidates", summary: "evaluates a condition over random properties",
        optionNames: ["rows", "expression"]
    ) { context in
        let rows = try context.integer("rows", default: context.tiny ? 5_000 : 1_000_000)
        let expression = try Expression(context.options["expression"] ?? "gap > 0.3 and gap < 0.5 or abs(energy - 0.5) < 0.1 * gap")
        let batches = ObjectiveTable(rows: rows, columns: expression.propertyNames.count).batches
        let sums = Slots(count: batches.count) { _ in 0.0 }
        let threads = context.threads
        return BenchmarkWork(rows: rows) {
            inParallel(batches.count, threads: threads) { _, b in
                sums[b] = expression.sum(batches[b].columns, rows: batches[b].indices.count)
            }
        } checksum: {
            sums.all.reduce(0, +)
        }
    }
}

extension Expression {
    /// Sum of the values, or of the truth values.
    fileprivate func sum(_ columns: [[Double]], rows: Int) -> Double {
        if kind == .number { return values(columns, rows: rows).reduce(0, +) }
        var total = 0
        evaluate(columns, rows: rows) { truths in
            for row in truths.indices { total += Int(truths[row]) }
        }
        return Double(total)
    }
}
