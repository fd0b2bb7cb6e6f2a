import MaterialsCore
import Testing

@testable import Selection

private let objectives = (0..<3).map { Objective(property: "p\($0)", maximize: $0 == 1, range: -0.2...1.2) }

/// Points that are continuous, on a coarse lattice with many ties, or all the same.
enum PointKind: CaseIterable {
    case fine, coarse, constant
}

private func points(_ count: Int, seed: UInt64, _ kind: PointKind) -> [KeptCandidate] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { i in
        let values = (0..<3).map { _ in
            switch kind {
            case .fine: random.nextUnit()
            case .coarse: Double(random.nextInt(below: 3))
            case .constant: 0.5
            }
        }
        return KeptCandidate(
            index: CandidateIndex(source: i / 200, position: i), id: "m", composition: Composition([(Element(symbol: "O")!, 1)]),
            group: "\(random.nextInt(below: 40) / (1 + random.nextInt(below: 8)))", objectives: values,
            objectiveSpreads: [0.01, .nan, i % 3 == 0 ? 0.1 : 0])
    }
}

private func batches(_ all: ArraySlice<KeptCandidate>, _ size: Int) -> [ObjectiveBatch] {
    stride(from: all.startIndex, to: all.endIndex, by: size).map { start in
        let part = Array(all[start..<min(start + size, all.endIndex)])
        return ObjectiveBatch(
            indices: part.map(\.index), columns: (0..<3).map { k in part.map { $0.objectives[k] } },
            spreads: (0..<3).map { k in k == 1 ? nil : part.map { $0.objectiveSpreads[k] } }
        ) { part[$0] }
    }
}

private func permutations(_ items: [Int]) -> [[Int]] {
    items.count <= 1 ? [items] : items.indices.flatMap { i in permutations(items[..<i] + items[(i + 1)...]).map { [items[i]] + $0 } }
}

extension ArraySlice where Element == Int {
    fileprivate static func + (a: Self, b: Self) -> [Int] { Array(a) + Array(b) }
}

private func made(_ name: String, lines: Int, perGroup: Int?) throws -> any RankingMethod {
    var settings = Settings(subject: "ranking")
    let method = try RankingRegistry.entry(named: name).make(
        &settings, RankingRequest(objectives: objectives, lines: lines, perGroup: perGroup))
    try settings.finish()
    return method
}

private func fold<R: RankingMethod>(_ ranking: R, _ all: ArraySlice<KeptCandidate>, batchSize: Int) throws -> R.Fold {
    var fold = try ranking.makeFold(RankingState())
    for batch in batches(all, batchSize) { try fold.insert(batch) }
    return fold
}

/// Every registered method: any cut, any order of merging and any resume hold the same and finish the same.
@Suite struct RankingConformanceTests {
    @Test(arguments: RankingRegistry.entries.map(\.name), PointKind.allCases)
    func foldIsExact(_ name: String, _ kind: PointKind) throws {
        for perGroup in [nil, 3] {
            try check(try made(name, lines: 40, perGroup: perGroup), points(700, seed: 21, kind))
        }
    }

    private func check<R: RankingMethod>(_ ranking: R, _ all: [KeptCandidate]) throws {
        let reference = try fold(ranking, all[...], batchSize: all.count).state
        let lines = try ranking.finish(reference)
        #expect(!lines.isEmpty && lines.allSatisfy { $0.extras.count == ranking.extraColumns.count })
        #expect(zip(lines, lines.dropFirst()).allSatisfy { $0.score >= $1.score } && lines.allSatisfy { !$0.score.isNaN })
        #expect(!R.scoreMeaning.en.isEmpty && !R.scoreMeaning.ja.isEmpty)
        for batchSize in [1, 333] { #expect(try fold(ranking, all[...], batchSize: batchSize).state == reference) }
        // All orders of four parts, one of them empty.
        let cuts = [0, 50, 50, 400, 700]
        let parts = try (0..<4).map { try fold(ranking, all[cuts[$0]..<cuts[$0 + 1]], batchSize: 64) }
        for order in permutations([0, 1, 2, 3]) {
            var merged = try ranking.makeFold(RankingState())
            for p in order { try merged.merge(parts[p]) }
            #expect(merged.state == reference)
        }
        // Parts that know of the whole so far, merged later.
        var total = try ranking.makeFold(RankingState())
        var waiting: [R.Fold] = []
        for batch in batches(all[...], 40) {
            var part = total.emptyPart()
            try part.insert(batch)
            waiting.append(part)
            if waiting.count == 3 { for _ in 0..<3 { try total.merge(waiting.removeFirst()) } }
        }
        for part in waiting { try total.merge(part) }
        #expect(total.state == reference)
        try checkRandomTrees(ranking, all, state: reference)
        // A resumed run: what was held so far, then the rest.
        var resumed = try ranking.makeFold(fold(ranking, all[..<300], batchSize: 50).state)
        for batch in batches(all[300...], 50) { try resumed.insert(batch) }
        #expect(resumed.state == reference)
    }

    /// Random partitions, not contiguous, merged in a random tree.
    private func checkRandomTrees<R: RankingMethod>(_ ranking: R, _ all: [KeptCandidate], state: RankingState) throws {
        var random = SplitMix64(seed: 1)
        for _ in 0..<4 {
            var parts = [[KeptCandidate]](repeating: [], count: 1 + random.nextInt(below: 9))
            for c in all { parts[random.nextInt(below: parts.count)].append(c) }
            var folds = try parts.map { try fold(ranking, $0[...], batchSize: 40) }
            while folds.count > 1 {
                let taken = folds.remove(at: random.nextInt(below: folds.count))
                try folds[random.nextInt(below: folds.count)].merge(taken)
            }
            #expect(folds[0].state == state)
        }
    }

    /// A short list out of what is held is the one out of all candidates, with a limit per group and without.
    @Test(arguments: RankingRegistry.entries.map(\.name), PointKind.allCases)
    func whatIsHeldIsEnough(_ name: String, _ kind: PointKind) throws {
        for (lines, perGroup) in [(1, nil), (20, nil), (20, 1), (60, 2), (1, 1)] as [(Int, Int?)] {
            let all = points(500, seed: UInt64(lines), kind)
            func shortList(_ method: some RankingMethod) throws -> [RankedCandidate] {
                var tally = GroupTally(lines: lines, perGroup: perGroup)
                let held = try fold(method, all[...], batchSize: 100).state
                return try method.finish(held).filter { tally.admit($0.candidate.group) }
            }
            let whole = try shortList(try made(name, lines: all.count, perGroup: nil))
            let list = try shortList(try made(name, lines: lines, perGroup: perGroup))
            if ["pareto", "hypervolume-contribution"].contains(name), kind != .fine {
                // Crowding and volumes see fewer copies of a point.
                #expect(list.map(\.score) == whole.map(\.score) || perGroup != nil)
            } else if name == "lexicographic", perGroup != nil {
                // Numbers of groups count held candidates only.
                #expect(list.map(\.candidate) == whole.map(\.candidate))
            } else {
                #expect(list == whole)
            }
        }
    }

    @Test func registryIsAlphabetical() {
        let names = RankingRegistry.entries.map(\.name)
        #expect(names == names.sorted() && Set(names).count == names.count)
        #expect(throws: MatSieveError.usage("line 8: unknown ranking method 'parteo'; did you mean 'pareto'?")) {
            _ = try RankingRegistry.entry(named: "parteo", line: 8)
        }
    }
}
