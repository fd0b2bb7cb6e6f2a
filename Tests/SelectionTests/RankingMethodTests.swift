import MaterialsCore
import Testing

@testable import Selection

private func candidate(_ position: Int, _ objectives: [Double], spreads: [Double] = [], group: String = "") -> KeptCandidate {
    KeptCandidate(
        index: CandidateIndex(source: 0, position: position), id: "", composition: Composition([]), group: group, objectives: objectives,
        objectiveSpreads: spreads)
}

private func ranked(
    _ name: String, _ objectives: [Objective], _ points: [[Double]], settings: [(String, Setting)] = [], lines: Int = 100
) throws -> [RankedCandidate] {
    var s = try Settings(Setting(.mapping(settings.map { ($0.0, 3, $0.1) }), line: 2), subject: "ranking")
    let method = try RankingRegistry.entry(named: name).make(&s, RankingRequest(objectives: objectives, lines: lines))
    try s.finish()
    func finish(_ method: some RankingMethod) throws -> [RankedCandidate] {
        var fold = try method.makeFold(RankingState())
        let columns = objectives.indices.map { k in points.map { $0[k] } }
        let indices = points.indices.map { CandidateIndex(source: 0, position: $0) }
        try fold.insert(ObjectiveBatch(indices: indices, columns: columns) { candidate($0, points[$0]) })
        return try method.finish(fold.state)
    }
    return try finish(method)
}

private func refusal(_ body: () throws -> Void) -> String {
    do {
        try body()
        return "accepted"
    } catch { return "\(error)" }
}

private func positions(_ lines: [RankedCandidate]) -> [Int] { lines.map(\.candidate.index.position) }

@Suite struct DesirabilityTests {
    /// Worked by hand: d = (½, ¾) with exponents 1, weights 1 and 3; and a target of two sides.
    @Test func knownAnswers() throws {
        let goals = [
            Objective(property: "a", maximize: true, range: 0...2), Objective(property: "b", maximize: false, weight: 3, range: 0...4),
        ]
        let lines = try ranked("desirability", goals, [[1, 1], [2, 0], [3, -1], [0, 1], [1, 4]])
        #expect(positions(lines) == [1, 2, 0, 3, 4])
        #expect(lines.map { $0.extras } == [[1, 1], [1, 1], [0.5, 0.75], [0, 0.75], [0.5, 0]])
        // (½ · ¾³)^¼
        #expect(abs(lines[2].score - 0.677_701_502_707_383_6) < 1e-12 && lines[0].score == 1 && lines[3].score == 0)
        let near = [Objective(property: "a", maximize: false, target: 1, range: 0...3, exponents: [2, 0.5])]
        let sided = try ranked("desirability", near, [[0.5], [1], [2], [3.5]])
        #expect(positions(sided) == [1, 2, 0, 3])
        #expect(zip(sided.map(\.score), [1, 0.5.squareRoot(), 0.25, 0]).allSatisfy { abs($0 - $1) < 1e-15 })
    }

    @Test func misuse() {
        func of(_ o: Objective) -> String { refusal { _ = try ranked("desirability", [o], [[1]]) } }
        #expect(of(Objective(property: "a", maximize: true)).contains("needs a range"))
        #expect(of(Objective(property: "a", maximize: true, target: 3, range: 0...2)).contains("target of objective 'a' must lie inside"))
        #expect(of(Objective(property: "a", maximize: true, range: 0...2, exponents: [1, 2])).contains("'exponent' of objective 'a'"))
        #expect(of(Objective(property: "a", maximize: true, range: 0...2, tolerance: 1)).contains("take method 'lexicographic'"))
    }
}

@Suite struct LexicographicTests {
    private let goals = [Objective(property: "a", maximize: false, tolerance: 1), Objective(property: "b", maximize: true, tolerance: 0.5)]

    @Test func tolerancesLeaveItToTheNextObjective() throws {
        // a: groups {0, 0.9, 1} and {1.1, 2}; b within them.
        let points: [[Double]] = [[0, 1], [0.9, 5], [1, 4.6], [1.1, 9], [2, 1], [0.5, 1.2]]
        let lines = try ranked("lexicographic", goals, points)
        #expect(positions(lines) == [1, 2, 0, 5, 3, 4])
        #expect(lines.map(\.score) == [-1, -1, -2, -2, -3, -4])
    }

    /// The short list out of the skyband is the one out of all, by a slow version of the definition.
    @Test func agreesWithTheDefinition() throws {
        var random = SplitMix64(seed: 12)
        for trial in 0..<20 {
            let points = (0..<300).map { _ in [random.nextUnit() * 4, (random.nextUnit() * 8).rounded() / 2] }
            let losses = points.map { [$0[0], -$0[1]] }
            func order(_ members: [Int], _ k: Int) -> [Int] {
                if k == 2 {
                    return members.sorted { losses[$0] == losses[$1] ? $0 < $1 : losses[$0].lexicographicallyPrecedes(losses[$1]) }
                }
                var (left, result) = (members, [Int]())
                while let best = left.map({ losses[$0][k] }).min() {
                    let limit = best + goals[k].tolerance
                    result += order(left.filter { losses[$0][k] <= limit }, k + 1)
                    left = left.filter { losses[$0][k] > limit }
                }
                return result
            }
            let lines = 1 + trial * 5
            #expect(
                Array(positions(try ranked("lexicographic", goals, points, lines: lines)).prefix(lines))
                    == Array(order(Array(points.indices), 0).prefix(lines)))
        }
    }
}

@Suite struct TOPSISTests {
    /// √(Σ x²) is 5 and 13 here.
    @Test func knownAnswer() throws {
        let goals = [Objective(property: "a", maximize: true), Objective(property: "b", maximize: false)]
        let lines = try ranked("topsis", goals, [[3, 5], [4, 12]])
        // v: (−0.3, 5/26), (−0.4, 12/26): best −0.4 and 5/26.
        let (a, b) = (0.1, 7.0 / 26)
        #expect(positions(lines) == [0, 1])
        #expect(abs(lines[0].score - b / (a + b)) < 1e-15 && abs(lines[1].score - a / (a + b)) < 1e-15)
    }

    @Test func normsAreThoseOfAllCandidatesNotOnlyOfHeldOnes() throws {
        let goals = [Objective(property: "a", maximize: true), Objective(property: "b", maximize: true)]
        let points: [[Double]] = [[1, 0.2], [0.3, 0.9]] + (0..<500).map { i in [0.1, 0.001 * Double(i % 7)] }
        let few = try ranked("topsis", goals, points, lines: 2)
        let all = try ranked("topsis", goals, points, lines: 502)
        #expect(few.count < 10 && positions(few) == Array(positions(all).prefix(2)) && few.map(\.score) == all.prefix(2).map(\.score))
    }
}

@Suite struct ConstantObjectiveTests {
    /// What the documentation of each method says.
    @Test(arguments: [
        ("weighted-sum", 0.5), ("desirability", 0.5), ("topsis", 1), ("lexicographic", -1), ("pareto", -1),
        ("hypervolume-contribution", -1),
    ])
    func allTheSameGoByIndex(_ name: String, score: Double) throws {
        let goals = [Objective(property: "a", maximize: true, weight: 1, range: 0...2)]
        let two = name == "hypervolume-contribution" ? goals + [Objective(property: "b", maximize: false)] : goals
        let lines = try ranked(name, two, (0..<300).map { _ in two.map { _ in 1.0 } }, lines: 20)
        #expect(positions(lines) == Array(0..<20))
        #expect(lines.allSatisfy { $0.score == score })
    }

    @Test(arguments: ["topsis", "lexicographic", "pareto"]) func oneThatIsConstantDecidesNothing(_ name: String) throws {
        var random = SplitMix64(seed: 2)
        let points = (0..<200).map { _ in [random.nextUnit(), 7, random.nextUnit()] }
        let goals = ["a", "b", "c"].map { Objective(property: $0, maximize: false) }
        let with = try ranked(name, goals, points)
        let without = try ranked(name, [goals[0], goals[2]], points.map { [$0[0], $0[2]] })
        #expect(positions(with) == positions(without))
    }
}

@Suite struct HypervolumeTests {
    /// By counting cells of a lattice.
    @Test(arguments: 2...5) func volumesOfLatticePointsAreCounts(_ dimension: Int) {
        var random = SplitMix64(seed: 9)
        for _ in 0..<6 {
            let points = (0..<12).map { _ in (0..<dimension).map { _ in Double(random.nextInt(below: 5)) } }
            var cells = 0
            var cell = [Int](repeating: 0, count: dimension)
            counting: while true {
                if points.contains(where: { p in zip(p, cell).allSatisfy { $0 <= Double($1) } }) { cells += 1 }
                var k = 0
                while k < dimension {
                    cell[k] += 1
                    if cell[k] < 5 { continue counting }
                    cell[k] = 0
                    k += 1
                }
                break
            }
            #expect(Hypervolume(reference: [Double](repeating: 5, count: dimension)).volume(of: points) == Double(cells))
        }
    }

    @Test func copiesAndWhatLiesOutsideAddNothing() {
        let volumes = Hypervolume(reference: [4, 4, 4])
        #expect(volumes.contributions([[1, 1, 1], [1, 1, 1], [0, 5, 0], [3, 3, 0]]) == [0, 0, 0, 1])
        #expect(Hypervolume(reference: [4, 4]).contributions([[1, 2], [1, 2], [0, 4], [2, 1]]) == [0, 0, 0, 2])
    }

    @Test func misuse() {
        let one = [Objective(property: "a", maximize: true)]
        #expect(refusal { _ = try ranked("hypervolume-contribution", one, [[1]]) }.contains("needs 2 to 6 objectives"))
        let two = one + [Objective(property: "b", maximize: true)]
        let reference = Setting(.mapping([("a", 4, Setting(.number(1)))]), line: 4)
        #expect(
            refusal { _ = try ranked("hypervolume-contribution", two, [[1, 1]], settings: [("reference", reference)]) }.contains(
                "worst value of 'b'"))
    }
}
