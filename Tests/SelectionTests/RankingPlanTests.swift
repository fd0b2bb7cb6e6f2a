import MaterialsCore
import Testing

@testable import Selection

/// A setting from Swift literals.
private func setting(_ value: Any) -> Setting {
    switch value {
    case let n as Int: Setting(.number(Double(n)), line: 5, source: "\(n)")
    case let n as Double: Setting(.number(n), line: 5, source: "\(n)")
    case let t as String: Setting(.text(t), line: 5, source: t)
    case let l as [Any]: Setting(.list(l.map(setting)), line: 5)
    case let m as [String: Any]: Setting(.mapping(m.sorted { $0.key < $1.key }.map { ($0.key, 5, setting($0.value)) }), line: 5)
    default: Setting(.null)
    }
}

private let goals = [Objective(property: "gap", maximize: true), Objective(property: "hull", maximize: false)]

private func plan(_ ranking: [String: Any], _ objectives: [Objective] = goals) throws -> RankingPlan {
    try RankingPlan(setting(ranking), objectives: objectives, seed: 7)
}

private func refusal(_ ranking: [String: Any], _ objectives: [Objective] = goals) -> String {
    do {
        _ = try plan(ranking, objectives)
        return "accepted"
    } catch { return "\(error)" }
}

private let formulas: [[(String, Double)]] = [
    [("Cu", 2), ("O", 1)], [("Cu", 1), ("O", 1)], [("Cu", 3), ("O", 1)], [("Zn", 1), ("S", 1)], [("Zn", 1), ("O", 1)],
    [("Fe", 2), ("O", 3)],
]

private func candidates(_ gaps: [Double], _ hulls: [Double], spread: Double = .nan) -> [KeptCandidate] {
    gaps.indices.map { i in
        let composition = Composition(formulas[i % formulas.count].map { (Element(symbol: $0.0)!, $0.1) })
        return KeptCandidate(
            index: CandidateIndex(source: 0, position: i), id: "", composition: composition,
            group: GroupLimit.chemicalSystem(of: composition), objectives: [gaps[i], hulls[i]], objectiveSpreads: [spread, .nan],
            values: [gaps[i], hulls[i]], spreads: [spread, .nan])
    }
}

private func finish(_ plan: RankingPlan, _ all: [KeptCandidate]) throws -> [RankedCandidate] {
    func state(_ method: some RankingMethod) throws -> RankingState {
        var fold = try method.makeFold(RankingState())
        let batch = ObjectiveBatch(
            indices: all.map(\.index), columns: [0, 1].map { k in all.map { $0.objectives[k] } },
            spreads: [0, 1].map { k in all.map { $0.objectiveSpreads[k] } }
        ) { all[$0] }
        try fold.insert(batch)
        return fold.state
    }
    return try plan.finish(state(plan.method), properties: ["gap", "hull"])
}

private func positions(_ lines: [RankedCandidate]) -> [Int] { lines.map(\.candidate.index.position) }

@Suite struct UncertaintyTests {
    @Test func probabilityOfMeetingConstraints() throws {
        let p = try plan(["constraints": [["property": "gap", "above": 1.0, "below": 2.0], ["property": "hull", "below": 0.1]]])
        let lines = try finish(p, candidates([1.5, 3, 1, 1.5], [0, 0.01, 0.02, 0.2], spread: 0.5))
        #expect(p.extraColumns == ["front", "crowding", "probability_of_feasibility"])
        let byIndex = lines.sorted { $0.candidate.index < $1.candidate.index }.map { $0.extras[2] }
        // Φ(1) − Φ(−1); Φ(−2) − Φ(−4); Φ(2) − ½; and one that fails for certain.
        let expected = [0.682_689_492_137_085_9, 0.022_718_460_706_346_075, 0.477_249_868_051_820_8, 0]
        #expect(zip(byIndex, expected).allSatisfy { abs($0 - $1) < 1e-14 })
    }

    @Test func probabilityOrdersWhereAskedFor() throws {
        let constraints: [Any] = [["property": "gap", "above": 1.0]]
        let all = candidates([0.9, 1.2, 2, 1], [0, 0.1, 0.2, 0.3], spread: 0.2)
        let lines = try finish(try plan(["uncertainty": "probability_of_feasibility", "constraints": constraints, "keep": 3]), all)
        #expect(positions(lines) == [2, 1, 3])
        #expect(zip(lines, lines.dropFirst()).allSatisfy { $0.score >= $1.score } && lines[2].score == 0.5)
        #expect(lines.map { $0.extras[3] } == [2, 3, 4])
    }

    /// Two of one objective: the better one by 1 with errors of 1 and 1 is better with Φ(1/√2).
    @Test func probabilityOfBeingInTheFront() throws {
        let p = try plan(["method": "weighted-sum", "uncertainty": "probability_of_front", "samples": 40_000], [goals[0]])
        func lines(_ spread: Double) throws -> [RankedCandidate] {
            try p.finish(RankingState(held: candidates([1, 2], [0, 0], spread: spread)), properties: ["gap", "hull"])
        }
        #expect(abs(try lines(1)[0].score - 0.760_249_938_906_524) < 0.01)
        #expect(try lines(1)[0].score + lines(1)[1].score == 1 && positions(try lines(1)) == [1, 0])
        #expect(try lines(.nan).map(\.score) == [1, 0])
        #expect(p.extraColumns == ["probability_of_front", "expected_rank"])
    }

    /// A desirability that saturates: errors lower what is expected of the best.
    @Test func expectedDesirabilityMindsErrors() throws {
        let goal = [Objective(property: "gap", maximize: true, range: 0...1)]
        let held = RankingState(held: candidates([1], [0], spread: 0.5))
        func score(_ uncertainty: String) throws -> Double {
            try plan(["method": "desirability", "uncertainty": uncertainty], goal).finish(held, properties: ["gap", "hull"])[0].score
        }
        #expect(try score("none") == 1)
        // ½ + ∫ y φ from 0 to 1 = ½ + ½ − Φ(−2) − (φ(0) − φ(2)) / 2
        #expect(
            abs(try score("expected") - (1 - 0.022_750_131_948_179_2 - 0.5 * (0.398_942_280_401_432_7 - 0.053_990_966_513_188_06))) < 1e-14)
    }

    @Test func misuse() {
        #expect(refusal(["minimum_probability": 0.5]).contains("'minimum_probability' needs 'constraints'"))
        #expect(refusal(["uncertainty": "probability_of_feasibility"]).contains("needs 'constraints'"))
        #expect(refusal(["uncertainty": "expectd"]).contains("did you mean 'expected'"))
        #expect(refusal(["constraints": [["property": "gap"]]]).contains("needs 'above', 'below' or both"))
        #expect(refusal(["constraints": [["property": "gap", "above": 2, "below": 1]]]).contains("can't be met"))
        #expect(refusal(["constraints": [["property": "gap", "above": 2], ["property": "gap", "below": 3]]]).contains("two constraints"))
        #expect(refusal(["pool": 500]).contains("'pool' needs 'diversity'"))
        #expect(refusal(["kep": 500]).contains("did you mean 'keep'"))
        #expect(refusal(["max_held": 500]).contains("unknown key 'max_held'"))
    }
}

@Suite struct DiversityTests {
    private let gaps = [9.0, 8, 7, 6, 5, 4]
    private let hulls = [0.0, 0, 0, 0, 0, 0]

    @Test func atMostOneOfAChemicalSystem() throws {
        let p = try plan(["method": "weighted-sum", "at_most": ["count": 1], "keep": 3], [goals[0]])
        #expect(positions(try finish(p, candidates(gaps, hulls))) == [0, 3, 4])
        let two = try plan(["method": "weighted-sum", "at_most": ["count": 2, "per": "chemical_system"], "keep": 3], [goals[0]])
        #expect(positions(try finish(two, candidates(gaps, hulls))) == [0, 1, 3])
        #expect(GroupLimit.chemicalSystem(of: Composition([(Element(symbol: "Zn")!, 1), (Element(symbol: "Cu")!, 1)])) == "Cu-Zn")
    }

    @Test func kCentreTakesTheFarthest() throws {
        // Points on a line: the best is at 0.
        #expect(DiverseSelection.kCentre([0, 1, 5, 9, 10], columns: 1, count: 4) == [0, 4, 2, 1])
        #expect(DiverseSelection.kCentre([3, 3, 3], columns: 1, count: 9) == [0, 1, 2])
        let p = try plan(["method": "weighted-sum", "diversity": "k-centre", "keep": 2], [goals[0]])
        let lines = try finish(p, candidates(gaps, hulls))
        // ZnS has no element of Cu2O.
        #expect(positions(lines) == [0, 3] && lines.map { $0.extras[0] } == [1, 2])
    }

    /// The greedy choice by determinants themselves.
    @Test func determinantalGrowsTheDeterminantMost() {
        var random = SplitMix64(seed: 4)
        let rows = 14
        let features = (0..<rows * 2).map { _ in random.nextUnit() }
        let qualities = (0..<rows).map { 1 - Double($0) / Double(rows) }
        var spread = 0.0
        for k in 0..<2 {
            let column = stride(from: k, to: 2 * rows, by: 2).map { features[$0] }
            let mean: Double = column.reduce(0, +) / Double(rows)
            for x in column { spread += (x - mean) * (x - mean) / Double(rows) }
        }
        func kernel(_ i: Int, _ j: Int) -> Double {
            let (x, y) = (features[2 * i] - features[2 * j], features[2 * i + 1] - features[2 * j + 1])
            let squared: Double = x * x + y * y
            return qualities[i] * qualities[j] * PortableMath.exp(-squared / (4 * spread))
        }
        func determinant(_ members: [Int]) -> Double {
            var m = members.map { i in members.map { kernel(i, $0) } }
            var product = 1.0
            for c in m.indices {
                product *= m[c][c]
                for r in m.indices.dropFirst(c + 1) {
                    let f = m[r][c] / m[c][c]
                    for k in m.indices { m[r][k] -= f * m[c][k] }
                }
            }
            return product
        }
        var expected: [Int] = []
        for _ in 0..<5 {
            let left = (0..<rows).filter { !expected.contains($0) }
            expected.append(left.max { determinant(expected + [$0]) < determinant(expected + [$1]) }!)
        }
        #expect(DiverseSelection.determinantal(features, columns: 2, qualities: qualities, count: 5) == expected)
        // Copies come last, in their order.
        #expect(DiverseSelection.determinantal([0, 0, 1, 0], columns: 1, qualities: [1, 1, 1, 1], count: 4) == [0, 2, 1, 3])
    }

    @Test func featuresMayBeProperties() throws {
        let p = try plan(["method": "weighted-sum", "diversity": ["method": "k-centre", "features": ["hull"]], "keep": 2], [goals[0]])
        #expect(p.references.map(\.name) == ["hull"])
        #expect(positions(try finish(p, candidates(gaps, [0, 0.1, .nan, 0.1, 0.9, 0]))) == [0, 4])
    }

    @Test func misuse() {
        #expect(refusal(["diversity": "k-center"]).contains("did you mean 'k-centre'"))
        #expect(refusal(["diversity": ["method": "k-centre", "quality": 2]]).contains("unknown key 'quality'"))
        #expect(refusal(["at_most": ["per": "prototype", "counts": 2]]).contains("did you mean 'count'"))
    }
}
