import MaterialsCore
import Testing

@testable import Selection

private func points(_ count: Int, seed: UInt64, isCoarse: Bool) -> [KeptCandidate] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { i in
        let values = (0..<3).map { _ in isCoarse ? Double(random.nextInt(below: 3)) : random.nextUnit() }
        return KeptCandidate(
            index: CandidateIndex(source: i / 500, position: i), id: "m", composition: Composition([(Element(symbol: "O")!, 1)]),
            objectives: values)
    }
}

private func batches(_ all: ArraySlice<KeptCandidate>, _ size: Int) -> [ObjectiveBatch] {
    stride(from: all.startIndex, to: all.endIndex, by: size).map { start in
        let part = Array(all[start..<min(start + size, all.endIndex)])
        return ObjectiveBatch(indices: part.map(\.index), columns: (0..<3).map { k in part.map { $0.objectives[k] } }) { part[$0] }
    }
}

private func permutations(_ items: [Int]) -> [[Int]] {
    items.count <= 1 ? [items] : items.indices.flatMap { i in permutations(items[..<i] + items[(i + 1)...]).map { [items[i]] + $0 } }
}

extension ArraySlice where Element == Int {
    fileprivate static func + (a: Self, b: Self) -> [Int] { Array(a) + Array(b) }
}

/// Every registered method: any cut, any order of merging and any resume hold the same and finish the same.
@Suite struct RankingConformanceTests {
    @Test(arguments: RankingRegistry.entries.map(\.name), [true, false])
    func foldIsExact(_ name: String, isCoarse: Bool) throws {
        var settings = Settings(subject: "ranking")
        let objectives = (0..<3).map { Objective(property: "p\($0)", maximize: $0 == 1) }
        try check(try RankingRegistry.entry(named: name).make(&settings, objectives), points(1500, seed: 21, isCoarse: isCoarse))
    }

    private func check<R: RankingMethod>(_ ranking: R, _ all: [KeptCandidate]) throws {
        let reference = try fold(ranking, all[...], batchSize: all.count)
        let lines = try ranking.finish(reference.held)
        #expect(!lines.isEmpty && lines.allSatisfy { $0.extras.count == ranking.extraColumns.count })
        #expect(zip(lines, lines.dropFirst()).allSatisfy { $0.score >= $1.score })
        for batchSize in [1, 10, 333] { #expect(try fold(ranking, all[...], batchSize: batchSize).held == reference.held) }
        // All orders of four parts, one of them empty.
        let cuts = [0, 100, 100, 900, 1500]
        let parts = try (0..<4).map { try fold(ranking, all[cuts[$0]..<cuts[$0 + 1]], batchSize: 64) }
        for order in permutations([0, 1, 2, 3]) {
            var merged = try ranking.makeFold(held: [])
            for p in order { try merged.merge(parts[p]) }
            #expect(merged.held == reference.held)
            #expect(try ranking.finish(merged.held) == lines)
        }
        try checkRandomTrees(ranking, all, held: reference.held)
        // A resumed run: held so far, then the rest.
        var resumed = try ranking.makeFold(held: fold(ranking, all[..<700], batchSize: 50).held)
        for batch in batches(all[700...], 50) { try resumed.insert(batch) }
        #expect(resumed.held == reference.held)
    }

    /// Random partitions, not contiguous, merged in a random tree.
    private func checkRandomTrees<R: RankingMethod>(_ ranking: R, _ all: [KeptCandidate], held: [KeptCandidate]) throws {
        var random = SplitMix64(seed: 1)
        for _ in 0..<8 {
            var parts = [[KeptCandidate]](repeating: [], count: 1 + random.nextInt(below: 9))
            for c in all { parts[random.nextInt(below: parts.count)].append(c) }
            var folds = try parts.map { try fold(ranking, $0[...], batchSize: 40) }
            while folds.count > 1 {
                let taken = folds.remove(at: random.nextInt(below: folds.count))
                try folds[random.nextInt(below: folds.count)].merge(taken)
            }
            #expect(folds[0].held == held)
        }
    }

    private func fold<R: RankingMethod>(_ ranking: R, _ all: ArraySlice<KeptCandidate>, batchSize: Int) throws -> R.Fold {
        var fold = try ranking.makeFold(held: [])
        for batch in batches(all, batchSize) { try fold.insert(batch) }
        return fold
    }

    @Test func registryIsAlphabetical() {
        let names = RankingRegistry.entries.map(\.name)
        #expect(names == names.sorted() && Set(names).count == names.count)
        #expect(throws: MatSieveError.usage("line 8: unknown ranking method 'parteo'; did you mean 'pareto'?")) {
            _ = try RankingRegistry.entry(named: "parteo", line: 8)
        }
    }
}
