import MaterialsCore
import TestSupport
import Testing

@testable import Selection

/// A set of `Datasets/references/ranking/points.csv`.
private struct ReferencePoints {
    var candidates: [KeptCandidate] = []
    var front: [Int] = []
    var crowding: [Double] = []
    var contribution: [Double] = []
    var closeness: [Double] = []

    init(objectives: Int) throws {
        let table = try ReferenceTable("references/ranking/points.csv")
        for (name, row) in zip(table.formulas, table.values) where name == "\(objectives)" {
            candidates.append(
                KeptCandidate(
                    index: CandidateIndex(source: 0, position: candidates.count), id: "", composition: Composition([]),
                    objectives: Array(row.prefix(objectives))))
            front.append(Int(row[6]))
            crowding.append(row[7])
            contribution.append(row[8])
            closeness.append(row[9])
        }
    }

    /// Finishes a fold of all, by index.
    func ranked(_ name: String, _ settings: [(String, Setting)] = [], weighted: Bool = false) throws -> [RankedCandidate] {
        let goals = candidates[0].objectives.indices.map {
            Objective(property: "x\($0)", maximize: $0 == 1, weight: weighted ? Double($0 + 1) : 1)
        }
        var s = try Settings(Setting(.mapping(settings.map { ($0.0, 1, $0.1) })), subject: "ranking")
        let method = try RankingRegistry.entry(named: name).make(&s, RankingRequest(objectives: goals, lines: 1000))
        try s.finish()
        return try finish(method).sorted { $0.candidate.index < $1.candidate.index }
    }

    private func finish(_ method: some RankingMethod) throws -> [RankedCandidate] {
        var fold = try method.makeFold(RankingState())
        let columns = candidates[0].objectives.indices.map { k in candidates.map { $0.objectives[k] } }
        try fold.insert(ObjectiveBatch(indices: candidates.map(\.index), columns: columns) { candidates[$0] })
        return try method.finish(fold.state)
    }
}

private func isNear(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool { a == b || abs(a - b) <= tolerance * max(1, abs(b)) }

@Suite struct RankingReferenceTests {
    /// pymoo sums in another order.
    @Test(arguments: 2...6) func frontsAndCrowdingAreThoseOfPymoo(_ objectives: Int) throws {
        let set = try ReferencePoints(objectives: objectives)
        let lines = try set.ranked("pareto", [("fronts", Setting(.number(50)))])
        #expect(lines.map { Int($0.extras[0]) } == set.front)
        #expect(zip(lines, set.crowding).allSatisfy { isNear($0.extras[1], $1, 1e-12) })
    }

    /// Differences of whole volumes, so the reference itself has lost digits.
    @Test(arguments: 2...6) func contributionsAreThoseOfPymoo(_ objectives: Int) throws {
        let set = try ReferencePoints(objectives: objectives)
        let worst = (0..<objectives).map { k -> (key: String, line: Int, value: Setting) in
            let values = set.candidates.map { $0.objectives[k] }
            return ("x\(k)", 1, Setting(.number(k == 1 ? values.min()! - 0.25 : values.max()! + 0.25)))
        }
        let lines = try set.ranked(
            "hypervolume-contribution", [("fronts", Setting(.number(50))), ("reference", Setting(.mapping(worst)))])
        #expect(lines.map { Int($0.extras[0]) } == set.front)
        #expect(zip(lines, set.contribution).allSatisfy { isNear($0.extras[1], $1, 1e-11) })
    }

    @Test(arguments: 2...6) func closenessIsThatOfPymcdm(_ objectives: Int) throws {
        let set = try ReferencePoints(objectives: objectives)
        let lines = try set.ranked("topsis", weighted: true)
        #expect(lines.count == set.closeness.count)
        #expect(zip(lines, set.closeness).allSatisfy { isNear($0.score, $1, 1e-13) })
    }

    @Test func expectedDesirabilitiesAreThoseOfAdaptiveQuadrature() throws {
        let table = try ReferenceTable("references/ranking/desirabilities.csv")
        for (kind, row) in zip(table.formulas, table.values) {
            let k = Double(kind)!
            let curve = try DesirabilityCurve(
                Objective(
                    property: "p", maximize: k == 1, target: k == 0 ? row[2] : nil, range: row[0]...row[1],
                    exponents: k == 0 ? [row[3], row[4]] : [k == 1 ? row[3] : row[4]]), line: 1)
            #expect(isNear(curve.expected(mean: row[5], spread: row[6]), row[7], 1e-6))
            // Almost no error: the desirability of the value itself.
            #expect(isNear(curve.expected(mean: row[5], spread: 1e-9), curve.value(row[5]), 1e-4))
        }
    }
}
