import BenchmarkHarness
import MaterialsCore
import Selection

extension Benchmark {
    /// Uniform random objectives through the fold of a run, and the ranking at its end.
    static let pareto = Benchmark(
        name: "pareto", unit: "candidates", summary: "finds the first five non-dominated fronts of random objectives",
        optionNames: ["rows", "objectives"]
    ) { context in
        let rows = try context.integer("rows", default: context.tiny ? 5_000 : 1_000_000)
        let count = try context.integer("objectives", default: 3)
        let batches = ObjectiveTable(rows: rows, columns: count).batches
        var settings = Settings()
        let method = try ParetoRanking(
            settings: &settings, objectives: (0..<count).map { Objective(property: "objective \($0)", maximize: $0 % 2 == 1) })
        let threads = context.threads
        var ranking: [RankedCandidate] = []
        return BenchmarkWork(rows: rows) {
            let parts = Slots(count: (batches.count + 7) / 8) { _ in Result { try method.makeFold(held: []) } }
            inParallel(parts.count, threads: threads) { _, piece in
                parts[piece] = Result {
                    var fold = try method.makeFold(held: [])
                    for b in piece * 8..<min(piece * 8 + 8, batches.count) { try fold.insert(batches[b].objectives) }
                    return fold
                }
            }
            var total = try method.makeFold(held: [])
            for part in parts.all { try total.merge(part.get()) }
            ranking = try method.finish(total.held)
        } checksum: {
            ranking.enumerated().reduce(0) { $0 + Double($1.offset + 1) * Double($1.element.candidate.index.position) }
        }
    }
}

/// Random numbers in batches on the grid.
struct ObjectiveTable {
    /// Some rows, one array a column.
    struct Batch: Sendable {
        var indices: [CandidateIndex]
        var columns: [[Double]]

        /// The same as objectives of candidates made of hydrogen.
        var objectives: ObjectiveBatch {
            ObjectiveBatch(indices: indices, columns: columns) { row in
                KeptCandidate(
                    index: indices[row], id: "", composition: Composition(sortedAtomicNumbers: [1], amounts: [1]),
                    objectives: columns.map { $0[row] })
            }
        }
    }

    let batches: [Batch]

    init(rows: Int, columns: Int) {
        var random = SplitMix64(seed: 1)
        batches = stride(from: 0, to: rows, by: CandidateGrid.batchSize).map { first in
            let all = first..<min(first + CandidateGrid.batchSize, rows)
            return Batch(
                indices: all.map { CandidateIndex(source: 0, position: $0) },
                columns: (0..<columns).map { _ in all.map { _ in random.nextUnit() } })
        }
    }
}
