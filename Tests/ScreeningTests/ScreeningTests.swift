import Foundation
import MaterialsCore
import Testing

@testable import Screening

@Suite struct ShardTests {
    @Test(arguments: [[0], [1], [1024], [1025], [5000, 3], [10, 0, 99_999]], [1, 2, 3, 7, 1000])
    func shardsCoverEachPositionOnce(counts: [Int], shards: Int) {
        var seen = counts.map { [Int](repeating: 0, count: $0) }
        for i in 1...shards {
            for (s, range) in Shard(number: i, count: shards).ranges(positionCounts: counts).enumerated() {
                #expect(range.isEmpty || range.lowerBound % CandidateGrid.batchSize == 0)
                for p in range { seen[s][p] += 1 }
            }
        }
        #expect(seen.allSatisfy { $0.allSatisfy { $0 == 1 } })
    }

    @Test func readsSchedulers() throws {
        #expect(try Shard("3/16", environment: [:]) == Shard(number: 3, count: 16))
        let slurm = ["SLURM_ARRAY_TASK_ID": "12", "SLURM_ARRAY_TASK_COUNT": "5", "SLURM_ARRAY_TASK_MIN": "10"]
        #expect(try Shard("auto", environment: slurm) == Shard(number: 3, count: 5))
        #expect(try Shard("auto", environment: ["PJM_BULKNUM": "2", "MATSIEVE_SHARDS": "4"]) == Shard(number: 2, count: 4))
        for bad in ["0/3", "4/3", "a/b", "3", "1/0", "auto", "1/2/3"] {
            #expect(throws: MatSieveError.self) { try Shard(bad, environment: [:]) }
        }
    }
}

@Suite struct SchedulerTests {
    private func run(threads: Int, pieces: Int, failingAt: Int? = nil, stopAfter: Int? = nil) throws -> [Int] {
        var next = 0
        var committed: [Int] = []
        let counter = Counter()
        try BatchScheduler<Int>(threads: threads, isCancelled: { stopAfter.map { counter.value >= $0 } ?? false }).run(
            next: {
                defer { next += 1 }
                return next < pieces ? next : nil
            },
            process: { piece in
                if piece == failingAt { throw MatSieveError.input("piece \(piece)") }
                counter.increment()
                return piece * piece
            }, commit: { committed.append($0) })
        return committed
    }

    @Test(arguments: [1, 2, 7, 16], [0, 1, 5, 500])
    func commitsInOrder(threads: Int, pieces: Int) throws {
        #expect(try run(threads: threads, pieces: pieces) == (0..<pieces).map { $0 * $0 })
    }

    @Test(arguments: [1, 2, 7]) func failureEndsIt(threads: Int) {
        #expect(throws: MatSieveError.input("piece 40")) { try run(threads: threads, pieces: 100, failingAt: 40) }
    }

    @Test(arguments: [1, 2, 7]) func cancellationLeavesAPrefix(threads: Int) throws {
        let committed = try run(threads: threads, pieces: 100_000, stopAfter: 50)
        #expect(committed.count >= 50 && committed.count < 100_000)
        #expect(committed == committed.indices.map { $0 * $0 })
    }
}

final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var n = 0
    var value: Int { lock.withLock { n } }
    func increment() { lock.withLock { n += 1 } }
}

@Suite struct PlanTests {
    private let minimal = "candidates: [{file: a.csv}]\nobjectives: [{minimize: gap}]\n"

    @Test func readsAPlan() throws {
        let plan = try ScreeningPlan(
            text: minimal + "seed: 7\nfilters: [gap > 1, {name: oxides, require_elements: [O]}]\nranking: {method: pareto, keep: 5}\n",
            path: "x/p.yaml")
        #expect(plan.seed == 7 && plan.filters.map(\.name) == ["gap > 1", "oxides"] && plan.ranking.name == "pareto")
        #expect(plan.resolve("a.csv") == "x/a.csv" && plan.resolve("/a.csv") == "/a.csv")
    }

    @Test func layoutDoesNotChangeThePlan() throws {
        let a = try ScreeningPlan(text: minimal + "seed: 7\nname: n\n", path: "p.yaml")
        let b = try ScreeningPlan(
            text: "# a note\nname:   n\nseed: 7\nobjectives:\n  - minimize: gap\ncandidates:\n  - {file: a.csv}\n", path: "q.yaml")
        #expect(a.canonicalText == b.canonicalText)
    }

    @Test func setChangesValues() throws {
        let plan = try ScreeningPlan(
            text: minimal + "ranking: {keep: 5}\n", path: "p.yaml", overrides: ["ranking.keep=9", "seed=3", "objectives.0.weight=2"])
        #expect(plan.seed == 3 && plan.objectives[0].weight == 2 && plan.canonicalText.contains("\"keep\":9"))
        for bad in ["seed", "=3", "rankin.keep=3", "objectives.4.weight=2", "seed.x=2", "nonsense=1"] {
            #expect(throws: MatSieveError.self) { try ScreeningPlan(text: minimal, path: "p.yaml", overrides: [bad]) }
        }
    }

    @Test(arguments: [
        ("objectives: [{minimize: gap}]", "candidates"), ("candidates: [{file: a.csv}]", "objectives"),
        ("candidates: [{file: a.csv, fil: b}]\nobjectives: [{minimize: gap}]", "unknown key 'fil'"),
        ("candidates: [{file: a.csv}]\nobjectives: [{minimize: gap, maximize: gap}]", "one of 'minimize', 'maximize' or 'target'"),
        ("candidates: [{file: a.csv}]\nobjectives: [{target: gap}]", "needs the 'value' to come close to"),
        ("candidates: [{file: a.csv}]\nobjectives: [{minimize: gap, value: 1}]", "'value' belongs to 'target'"),
        ("candidates: [{file: a.csv}]\nobjectives: [{minimize: gap, exponent: [a]}]", "'exponent' of an objective must be a number"),
        ("candidates: [{file: a.csv}]\nobjectives: [{minimize: gap, tolerance: -1}]", "tolerance"),
        ("candidates: [{file: a.csv}]\nobjectives: [{minimize: gap}]\nranking: {method: topsis, fronts: 2}", "unknown key 'fronts'"),
        ("candidates: [{file: a.csv}]\nobjectives: [{minimize: gap}, {maximize: gap}]", "twice"),
        ("candidates: [{file: a.csv}]\nobjectives: [{minimize: gap}]\nseed: -1", "seed"),
        ("candidates: [{file: a.csv}]\nobjectives: [{minimize: gap}]\nproperties: {known: {model: a.h5}}", "reserved"),
        ("candidates: [{file: a.csv}]\nobjectives: [{minimize: gap}]\nproperties: {x: {modle: a.h5}}", "did you mean 'model'"),
        ("candidates: [{file: a.csv}]\nobjectives: [{minimize: gap}]\nproperties: {x: {expression: gap > 1}}", "condition"),
        ("candidates: [{file: a.csv}]\ncandidates: [{file: a.csv}]\nobjectives: [{minimize: gap}]", "twice"),
        ("candidates: [{file: a.csv}\nobjectives: [{minimize: gap}]", "not valid YAML"), ("- a\n- b", "mapping"), ("", "empty"),
    ])
    func refuses(text: String, because reason: String) {
        let error = #expect(throws: MatSieveError.self) { try ScreeningPlan(text: text, path: "p.yaml") }
        #expect(error?.kind == .usage && error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }
}

@Suite struct SummaryTests {
    private func summary(_ random: inout SplitMix64, from: Int, count: Int) -> RunSummary {
        var s = RunSummary(stepCount: 2, propertyCount: 1, rejectionLimit: 20)
        for i in from..<from + count {
            s.read += 1
            if random.nextInt(below: 4) == 0 {
                s.reject([
                    Rejection(
                        index: CandidateIndex(source: 0, position: i), id: "\(i)", stage: .read, defect: CandidateDefect("r\(i % 3)", "d"))
                ])
                continue
            }
            s.steps[0].entered += 1
            s.steps[0].passed += UInt64(i % 2)
            s.distributions[0].insert(computed: [random.nextUnit()])
            s.distributions[0].insert(passed: [random.nextUnit() * 1e10, -random.nextUnit()])
        }
        return s
    }

    private func bytes(_ s: RunSummary) -> [UInt8] {
        var w = ByteWriter()
        s.encode(to: &w)
        return w.bytes
    }

    @Test(arguments: 0..<20) func anyGroupingGivesTheSameBytes(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let parts = (0..<9).map { summary(&random, from: $0 * 30, count: 30) }
        var whole = parts[0]
        for p in parts.dropFirst() { whole.merge(p) }
        var other = RunSummary(stepCount: 2, propertyCount: 1, rejectionLimit: 20)
        for i in random.permutation(parts.count) { other.merge(parts[i]) }
        #expect(bytes(whole) == bytes(other))
        #expect(whole.rejections.count == 20 && whole.rejected > 20)
        var reader = ByteReader(bytes(whole), subject: "test")
        #expect(try bytes(RunSummary(from: &reader)) == bytes(whole))
    }

    @Test func damagedBytesThrow() {
        var random = SplitMix64(seed: 1)
        let good = bytes(summary(&random, from: 0, count: 50))
        for n in stride(from: 0, to: good.count - 1, by: 7) {
            var reader = ByteReader(Array(good.prefix(n)), subject: "test")
            #expect(throws: MatSieveError.self) { _ = try RunSummary(from: &reader) }
        }
    }
}

@Suite struct CompositionKeyTests {
    @Test func scaleDoesNotMatter() throws {
        for (a, b) in [("Fe2O3", "Fe4O6"), ("Ba0.5Sr0.5TiO3", "BaSrTi2O6"), ("Fe0.62C0.000953", "Fe1.24C0.001906"), ("H2O", "H200O100")] {
            #expect(try compositionKey(Composition(formula: a)) == compositionKey(Composition(formula: b)))
        }
        #expect(try compositionKey(Composition(formula: "FeO")) != compositionKey(Composition(formula: "Fe2O3")))
    }

    @Test(arguments: 0..<200) func smallNumbersAtAnyScale(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let z = Array(Set((0..<4).map { _ in UInt8(1 + random.nextInt(below: 118)) })).sorted()
        let amounts = z.map { _ in Double(1 + random.nextInt(below: 300)) }
        let key = compositionKey(Composition(sortedAtomicNumbers: z, amounts: amounts))
        for scale in [2, 3, 7, 0.1, 1.0 / 3, 1e-3, 1.7] {
            #expect(compositionKey(Composition(sortedAtomicNumbers: z, amounts: amounts.map { $0 * scale })) == key)
        }
    }
}
