import BenchmarkHarness
import MaterialsCore
import Selection

extension Benchmark {
    /// Objectives through the fold of a run, and the ranking at its end.
    static let pareto = Benchmark(
        name: "pareto", unit: "candidates", summary: "finds the first non-dominated fronts of random or given objectives",
        optionNames: ["rows", "objectives", "fronts", "input", "ranks"]
    ) { context in
        let matrix = try context.options["input"].map { try MatrixFile(path: $0).matrix }
        let rows = try matrix?.rows ?? context.integer("rows", default: context.tiny ? 5_000 : 1_000_000)
        let count = try matrix?.columns ?? context.integer("objectives", default: 3)
        let table = matrix.map { ObjectiveTable($0) } ?? ObjectiveTable(rows: rows, columns: count)
        var settings = try Settings(
            Setting(.mapping([("fronts", 0, Setting(.number(context.number("fronts", default: 5))))])), subject: "pareto")
        // All are minimised where they are given, as other codes do.
        let goals = (0..<count).map { Objective(property: "objective \($0)", maximize: matrix == nil && $0 % 2 == 1) }
        let method = try ParetoRanking(settings: &settings, request: RankingRequest(objectives: goals, lines: 1_000_000))
        let ranking = Slots(count: 1) { _ in [RankedCandidate]() }
        return BenchmarkWork(
            rows: rows,
            run: { ranking[0] = try table.ranked(by: method, threads: context.threads) },
            checksum: { ranking[0].enumerated().reduce(0) { $0 + Double($1.offset + 1) * Double($1.element.candidate.index.position) } },
            finish: {
                if let path = context.options["ranks"] {
                    var fronts = [Double](repeating: 0, count: rows)
                    for line in ranking[0] { fronts[line.candidate.index.position] = line.extras[0] }
                    try MatrixFile.write(fronts, columns: 1, to: path)
                }
                return ["held": Double(ranking[0].count)]
            })
    }

    /// Any registered method, as a run folds it.
    static let ranking = Benchmark(
        name: "ranking", unit: "candidates", summary: "ranks random objectives by a registered method",
        optionNames: ["method", "rows", "objectives"]
    ) { context in
        let entry = try RankingRegistry.entry(named: context.options["method"] ?? "topsis")
        let rows = try context.integer("rows", default: context.tiny ? 5_000 : 1_000_000)
        let count = try context.integer("objectives", default: 3)
        let table = ObjectiveTable(rows: rows, columns: count)
        var settings = Settings()
        let goals = (0..<count).map { Objective(property: "objective \($0)", maximize: $0 % 2 == 1, range: 0...1) }
        let method = try entry.make(&settings, RankingRequest(objectives: goals))
        let ranking = Slots(count: 1) { _ in [RankedCandidate]() }
        return BenchmarkWork(rows: rows) {
            ranking[0] = try table.ranked(by: method, threads: context.threads)
        } checksum: {
            ranking[0].enumerated().reduce(0) { $0 + Double($1.offset + 1) * Double($1.element.candidate.index.position) }
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

    /// The rows of a matrix.
    init(_ matrix: FeatureMatrix) {
        batches = stride(from: 0, to: matrix.rows, by: CandidateGrid.batchSize).map { first in
            let all = first..<min(first + CandidateGrid.batchSize, matrix.rows)
            return Batch(
                indices: all.map { CandidateIndex(source: 0, position: $0) },
                columns: (0..<matrix.columns).map { k in all.map { matrix[$0, k] } })
        }
    }

    /// Folds all batches, in rounds of some batches for each thread as the workers of a run take them, and finishes.
    func ranked<M: RankingMethod>(by method: M, threads: Int) throws -> [RankedCandidate] {
        var total = try method.makeFold(RankingState())
        let size = 8
        for start in stride(from: 0, to: batches.count, by: size * threads) {
            let beginning = total.emptyPart()
            let count = min(threads, (batches.count - start + size - 1) / size)
            let parts = Slots(count: count) { _ in Result<M.Fold, any Error>.success(beginning) }
            inParallel(count, threads: threads) { _, piece in
                parts[piece] = Result {
                    var fold = beginning
                    let first = start + piece * size
                    for b in first..<min(first + size, batches.count) { try fold.insert(batches[b].objectives) }
                    return fold
                }
            }
            for part in parts.all { try total.merge(part.get()) }
        }
        return try method.finish(total.state)
    }

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
