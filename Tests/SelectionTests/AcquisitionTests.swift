import Foundation
import MaterialsCore
import Testing

@testable import Selection

/// A posterior that rows carry themselves: column 2k is the mean of objective k, column 2k + 1 its variance.
private struct CarriedPosterior: PosteriorModel {
    static let name = "carried"
    var objective = 0

    static func fit(
        _ rows: FeatureMatrix, targets: [Double], settings: inout Settings, previous: CarriedPosterior?, context: TrainingContext
    ) -> CarriedPosterior { CarriedPosterior() }
    var noiseVariance: Double { 0.01 }
    var summary: [String: String] { [:] }
    func means(at rows: FeatureMatrix) -> [Double] { rows.column(2 * objective) }
    func values(at rows: FeatureMatrix) -> PosteriorValues {
        PosteriorValues(mean: rows.column(2 * objective), variance: rows.column(2 * objective + 1))
    }
    func covariances(of rows: FeatureMatrix, with anchors: FeatureMatrix) -> FeatureMatrix {
        FeatureMatrix(rows: rows.rows, columns: anchors.rows)
    }
    func sample(seed: UInt64) -> any FunctionSample { Sample(objective: objective, shift: Double(seed % 7)) }
    mutating func condition(on row: FeatureMatrix, target: Double) {}

    struct Sample: FunctionSample {
        let objective: Int
        let shift: Double
        func values(at rows: FeatureMatrix) -> [Double] {
            rows.column(2 * objective).enumerated().map { Double($0 % 7) == shift ? $1 + 100 : $1 }
        }
    }
}

private func state(_ known: [[Double]], objectives: Int = 1) -> SearchState {
    SearchState(
        objectives: (0..<objectives).map {
            SearchObjective(name: "y\($0)", maximize: true, posterior: CarriedPosterior(objective: $0))
        },
        known: FeatureMatrix(rows: known.count, columns: 2 * objectives, values: known.flatMap(\.self)),
        medians: [Double](repeating: 0, count: objectives), seed: 1)
}

private func matrix(_ rows: [[Double]]) -> FeatureMatrix {
    FeatureMatrix(rows: rows.count, columns: rows[0].count, values: rows.flatMap(\.self))
}

private func scores<A: Acquisition>(_ type: A.Type, _ state: SearchState, _ rows: [[Double]]) throws -> [Double] {
    var none = Settings(subject: "method")
    return try A(settings: &none, state: state).scores(AcquisitionBatch(matrix(rows), state))
}

/// A table of reference values made by scripts/generate-references/acquisitions.py.
private func reference(_ name: String) throws -> [[Double]] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(contentsOf: folder.appending(path: "Datasets/references/acquisitions/" + name), encoding: .utf8)
    return text.split(separator: "\n").dropFirst().map { $0.split(separator: ",").map { Double($0)! } }
}

@Suite struct AcquisitionTests {
    @Test func improvementsMatchTheirIntegrals() throws {
        let table = try reference("improvement.csv")
        let rows = table.map { [$0[0], $0[1] * $0[1]] }
        let known = state([[0.7, 0], [0.2, 0]])
        for (score, line) in zip(try scores(ExpectedImprovement.self, known, rows), table) {
            #expect(abs(score - line[2]) <= 1e-9 * line[2])
        }
        for (score, line) in zip(try scores(ProbabilityOfImprovement.self, known, rows), table) {
            #expect(abs(score - line[3]) <= 1e-11 * line[3])
        }
    }

    @Test func certainRowsGainTheirDistance() throws {
        let known = state([[1, 0]])
        #expect(try scores(ExpectedImprovement.self, known, [[3, 0], [0.5, 0], [1, 0]]) == [2, 0, 0])
        #expect(try scores(ProbabilityOfImprovement.self, known, [[3, 0], [0.5, 0], [1, 0]]) == [1, 0, 0])
        #expect(try scores(UpperConfidenceBound.self, known, [[3, 4], [0.5, 0]]) == [7, 0.5])
        #expect(try scores(Uncertainty.self, known, [[3, 4], [0.5, 0]]) == [2, 0])
        #expect(try scores(Boundary.self, known, [[3, 4], [0, 0]]) == [1.96 * 2 - 3, 0])
    }

    @Test func hypervolumeOfTwoObjectivesMatchesQuadrature() throws {
        let known = state([[0.2, 0, 0.9, 0], [0.5, 0, 0.7, 0], [0.8, 0, 0.1, 0], [0.1, 0, 0.1, 0]], objectives: 2)
        let table = try reference("hypervolume2.csv")
        var settings = try Settings(
            Setting(.mapping([(key: "reference", line: 1, value: Setting(.list([Setting(.number(0)), Setting(.number(0))])))])),
            subject: "method")
        let rows = matrix(table.map { [$0[0], $0[2] * $0[2], $0[1], $0[3] * $0[3]] })
        let found = try ExpectedHypervolumeImprovement(settings: &settings, state: known).scores(AcquisitionBatch(rows, known))
        for (score, line) in zip(found, table) {
            #expect(abs(score - line[4]) <= 1e-9 * line[4])
            // Sums over a grid of pymoo's hypervolume, whose kinks cost them digits.
            #expect(abs(score - line[5]) <= 4e-4)
        }
    }

    @Test func hypervolumeOfThreeObjectivesMatchesPymoo() throws {
        let front = [[0.2, 0.9, 0.4], [0.5, 0.7, 0.2], [0.8, 0.1, 0.6], [0.3, 0.3, 0.9]]
        let boxes = try NondominatedBoxes(front: front, reference: [0, 0, 0])
        for line in try reference("hypervolume3.csv") {
            let excess = boxes.levels.enumerated().map { k, levels in
                levels.map {
                    $0 == .infinity ? 0 : NormalDistribution.expectedExcess(over: $0, mean: line[k], deviation: line[3 + k])
                }
            }
            // The error of a sum over 28 nodes an objective.
            #expect(abs(boxes.expectedVolume(excess) - line[6]) <= 2e-3 * max(line[6], 0.1))
        }
    }

    /// Boxes cover what is not dominated once and nothing else.
    @Test(arguments: 2...5) func boxesPartTheSpace(objectives: Int) throws {
        var random = SplitMix64(seed: UInt64(objectives))
        let points = (0..<9).map { _ in (0..<objectives).map { _ in (random.nextUnit() * 5).rounded() / 5 } }
        let front = NondominatedBoxes.front(points)
        let boxes = try NondominatedBoxes(front: front, reference: [Double](repeating: -0.1, count: objectives))
        for _ in 0..<300 {
            let y = (0..<objectives).map { _ in random.nextUnit() * 1.2 }
            // With no uncertainty the expected volume is the volume gained; by counting points of the box [-0.1, y].
            let excess = boxes.levels.enumerated().map { k, levels in levels.map { max(y[k] - $0, 0) } }
            let gained = boxes.expectedVolume(excess)
            let isDominated = front.contains { p in zip(p, y).allSatisfy { $0 >= $1 } }
            #expect(isDominated ? gained < 1e-12 : gained > 0)
            let cell = 0.2
            var counted = 0.0
            // The front lies on a grid of 0.2, so volumes of cells that are cut by y only are exact.
            func count(_ k: Int, _ corner: [Double], _ volume: Double) {
                if k == objectives {
                    if !front.contains(where: { p in zip(p, corner).allSatisfy { $0 >= $1 - 1e-9 } }) { counted += volume }
                    return
                }
                var low = -0.1
                var i = 0
                while low < y[k] {
                    let next = Double(i) * cell
                    let high = min(next, y[k])
                    if high > low { count(k + 1, corner + [next], volume * (high - low)) }
                    low = max(next, low)
                    i += 1
                }
            }
            if objectives <= 3 {
                count(0, [], 1)
                #expect(abs(gained - counted) < 1e-9)
            }
        }
    }

    @Test func expectedRiseOfLinesMatchesQuadrature() throws {
        let table = try reference("knowledge_gradient.csv")
        for (_, lines) in Dictionary(grouping: table, by: { $0[0] }) {
            var pairs = lines.map { (slope: $0[2], height: $0[1]) }
            #expect(abs(UpperHull.expectedRise(&pairs) - lines[0][3]) < 1e-7)
        }
        var parallel = [(slope: 1.0, height: 2.0), (slope: 1.0, height: 5.0)]
        #expect(UpperHull.expectedRise(&parallel) == 0)
    }

    @Test func noveltyIsTheLeastDistance() throws {
        let known = state([[0, 0], [3, 4]])
        #expect(try scores(Novelty.self, known, [[0, 1], [3, 0], [3, 4]]) == [1, 3, 0])
        #expect(try scores(Novelty.self, state([]), [[0, 1], [3, 4]]) == [-1, -5])
    }

    @Test func feasibilityIsAProbability() throws {
        let bound = SearchConstraint(name: "y", bound: 1, isUpper: true, posterior: CarriedPosterior())
        #expect(bound.probabilities(at: matrix([[1, 4], [0, 0], [2, 0]])) == [0.5, 1, 0])
    }

    @Test func settingsAreStrict() throws {
        for entry in AcquisitionRegistry.entries {
            let count = max(entry.traits.objectives.lowerBound, 1)
            let known = state([[Double](repeating: 1, count: 2 * count)], objectives: count)
            var settings = try Settings(Setting(.mapping([(key: "kapa", line: 4, value: Setting(.number(1)))])), subject: "method")
            #expect(throws: MatSieveError.self) { _ = try entry.make(&settings, known) }
            #expect(try AcquisitionRegistry.entry(named: entry.aliases[0].uppercased()).name == entry.name)
        }
        let names = AcquisitionRegistry.entries.map(\.name)
        #expect(names == names.sorted())
        #expect(throws: MatSieveError.usage("unknown method 'novlty'; did you mean 'novelty'?")) {
            _ = try AcquisitionRegistry.entry(named: "novlty")
        }
    }
}

/// Candidates in memory, cut into batches of any size.
private struct MemoryScan: CandidateScan {
    let rows: FeatureMatrix
    var batch = 7

    func best(_ count: Int, score: @escaping @Sendable (FeatureMatrix, [Double]) throws -> [Double]) throws -> CandidatePool {
        var best = BestRows(count: count, columns: rows.columns)
        for first in stride(from: 0, to: rows.rows, by: batch) {
            let some = Array(first..<min(first + batch, rows.rows))
            let part = rows.selecting(some)
            for (i, s) in try score(part, some.map { 1 + Double($0 % 3) }).enumerated() {
                best.insert(ScoredCandidate(position: some[i], score: s, cost: 1 + Double(some[i] % 3))) { Array(part.row(i)) }
            }
        }
        return best.pool()
    }
}

@Suite struct ProposalSearchTests {
    private func candidates(_ count: Int, seed: UInt64) -> FeatureMatrix {
        var random = SplitMix64(seed: seed)
        return FeatureMatrix(rows: count, columns: 2, values: (0..<2 * count).map { _ in random.nextUnit() })
    }

    private func search(_ method: String, hasCosts: Bool = false, _ state: SearchState, rule: BatchRule = .believer) throws
        -> ProposalSearch
    {
        try ProposalSearch(
            AcquisitionRegistry.entry(named: method), settings: Setting(.null), rule: rule, state: state, hasCosts: hasCosts)
    }

    @Test func bestRowsAreThoseOfASort() {
        var random = SplitMix64(seed: 5)
        let all = (0..<1_000).map { ScoredCandidate(position: $0, score: Double(random.nextInt(below: 50)), cost: 1) }
        var (one, other) = (BestRows(count: 40, columns: 1), BestRows(count: 40, columns: 1))
        for c in all.shuffled(using: &random) {
            if c.position % 3 == 0 { one.insert(c) { [Double(c.position)] } } else { other.insert(c) { [Double(c.position)] } }
        }
        one.merge(other)
        let pool = one.pool()
        #expect(pool.candidates == Array(all.sorted { $0.precedes($1) }.prefix(40)))
        #expect(pool.rows.values == pool.candidates.map { Double($0.position) } && !pool.isWhole)
    }

    @Test func proposalsAreDistinctAndEndWithTheCandidates() throws {
        let known = state([[0.5, 0]])
        for entry in AcquisitionRegistry.entries where entry.traits.objectives.contains(1) {
            for rule in BatchRule.allCases {
                let found = try search(entry.name, known, rule: rule).proposals(
                    20, from: known, scan: MemoryScan(rows: candidates(15, seed: 2)))
                #expect(Set(found.map(\.position)) == Set(0..<15), "\(entry.name), \(rule)")
            }
        }
    }

    @Test func farthestPointsComeFromRepeatedPasses() throws {
        // More candidates than the pool holds.
        let rows = candidates(6_000, seed: 9)
        let known = state([[0.5, 0.5]])
        let found = try search("novelty", known).proposals(12, from: known, scan: MemoryScan(rows: rows, batch: 500))
        var distances = (0..<6_000).map { ($0, hypot(rows[$0, 0] - 0.5, rows[$0, 1] - 0.5)) }
        for proposal in found {
            let best = distances.max { ($0.1, -$0.0) < ($1.1, -$1.0) }!
            #expect(proposal.position == best.0)
            distances = distances.map { ($0.0, min($0.1, hypot(rows[$0.0, 0] - rows[best.0, 0], rows[$0.0, 1] - rows[best.0, 1]))) }
        }
    }

    @Test func gainsAreDividedByCosts() throws {
        let known = state([[0, 0]])
        // Costs are 1, 2, 3, 1, …
        let rows = matrix([[1, 0], [1.9, 0], [3.1, 0], [0.9, 0]])
        #expect(
            try search("ei", hasCosts: true, known).proposals(4, from: known, scan: MemoryScan(rows: rows)).map(\.position) == [2, 0, 1, 3])
        #expect(throws: MatSieveError.self) { _ = try search("ucb", hasCosts: true, known) }
    }

    @Test func methodsRefuseWhatTheyCannotJudge() throws {
        let two = state([[0, 0, 0, 0]], objectives: 2)
        #expect(throws: MatSieveError.self) { _ = try search("ei", two) }
        #expect(throws: MatSieveError.self) { _ = try search("ehvi", state([[0, 0]])) }
    }

    @Test func tablesLearnAsConditioningSays() throws {
        // No covariance: nothing changes but the row itself, which a carried posterior does not know of.
        var table = PosteriorTable(matrix([[1, 4], [2, 9]]), CarriedPosterior())
        try table.learn(0, value: 5, CarriedPosterior())
        #expect(table.values == PosteriorValues(mean: [1, 2], variance: [4, 9]))
    }
}
