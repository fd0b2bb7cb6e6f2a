import MaterialsCore
import Testing

@testable import Selection

private func candidate(_ position: Int, _ objectives: [Double]) -> KeptCandidate {
    KeptCandidate(
        index: CandidateIndex(source: 0, position: position), id: "m\(position % 3)",
        composition: Composition([(Element(symbol: "O")!, Double(position + 1))]), objectives: objectives, values: objectives)
}

/// Puts candidates into a fold in batches of at most `batchSize`.
private func insert<F: RankingFold>(_ candidates: [KeptCandidate], into fold: inout F, batchSize: Int) throws {
    for start in stride(from: 0, to: candidates.count, by: batchSize) {
        let part = Array(candidates[start..<min(start + batchSize, candidates.count)])
        let columns = (part.first?.objectives.indices ?? 0..<0).map { k in part.map { $0.objectives[k] } }
        try fold.insert(ObjectiveBatch(indices: part.map(\.index), columns: columns) { part[$0] })
    }
}

private func method<R: RankingMethod>(_ type: R.Type, _ pairs: [(String, Double)] = [], _ objectives: [Objective], lines: Int = 100) throws
    -> R
{
    var settings = try Settings(Setting(.mapping(pairs.map { ($0.0, 3, Setting(.number($0.1), line: 3)) }), line: 2), subject: "ranking")
    let made = try R(settings: &settings, request: RankingRequest(objectives: objectives, lines: lines))
    try settings.finish()
    return made
}

private func goals(_ count: Int, maximize: [Int] = []) -> [Objective] {
    (0..<count).map { Objective(property: "p\($0)", maximize: maximize.contains($0)) }
}

private func message(_ body: () throws -> Void) -> String {
    do {
        try body()
        return "accepted"
    } catch { return "\(error)" }
}

/// Naive ranks: 1 + the highest rank among dominators, by repeated peeling.
private func peeledRanks(_ points: [[Double]]) -> [Int] {
    func dominates(_ a: [Double], _ b: [Double]) -> Bool { zip(a, b).allSatisfy { $0 <= $1 } && zip(a, b).contains { $0 < $1 } }
    var ranks = [Int](repeating: 0, count: points.count)
    var left = Array(points.indices)
    var rank = 0
    while !left.isEmpty {
        rank += 1
        let front = left.filter { p in !left.contains { dominates(points[$0], points[p]) } }
        for p in front { ranks[p] = rank }
        left = left.filter { ranks[$0] == 0 }
    }
    return ranks
}

/// Random points: continuous, or on a coarse lattice with many ties and duplicates.
private func randomPoints(_ count: Int, _ dimension: Int, isCoarse: Bool, _ random: inout SplitMix64) -> [[Double]] {
    (0..<count).map { _ in (0..<dimension).map { _ in isCoarse ? Double(random.nextInt(below: 4)) - 1 : random.nextUnit() - 0.5 } }
}

@Suite struct FrontTests {
    @Test func agreesWithPeeling() {
        var random = SplitMix64(seed: 3)
        for trial in 0..<200 {
            let dimension = 1 + trial % 5
            let points = randomPoints(1 + random.nextInt(below: 60), dimension, isCoarse: trial % 2 == 0, &random)
            let limit = 1 + random.nextInt(below: 6)
            let expected = peeledRanks(points).map { $0 <= limit ? $0 : 0 }
            #expect(NonDominatedFronts(points.flatMap(\.self), dimension: dimension, limit: limit).ranks == expected)
        }
    }

    @Test func signedZerosAndInfinitiesAreOrdinaryValues() {
        let points: [[Double]] = [[0, 1], [-0.0, 1], [-0.0, 2], [-.infinity, 3], [.infinity, .infinity], [0, 0.5]]
        #expect(NonDominatedFronts(points.flatMap(\.self), dimension: 2, limit: 9).ranks == peeledRanks(points))
    }

    @Test(arguments: [(0, false), (20, true), (50, true), (3_000, true), (3_000, false)])
    func screenAgreesWithTest(_ count: Int, isCoarse: Bool) {
        var random = SplitMix64(seed: 4)
        let shift = isCoarse ? 0 : 0.4
        let members = randomPoints(count, 3, isCoarse: isCoarse, &random).map { $0.map { $0 + shift } }
        var screen = DominanceScreen(members.flatMap(\.self), dimension: 3)
        for p in randomPoints(500, 3, isCoarse: isCoarse, &random) + members.prefix(100) {
            let expected = members.contains { q in zip(q, p).allSatisfy { $0 <= $1 } && q != p }
            #expect(screen.dominates(p.span, at: 0) == expected)
        }
    }

    @Test func largeSetsAgreeWithPeeling() {
        var random = SplitMix64(seed: 6)
        for dimension in 1...5 {
            for isCoarse in [true, false] {
                let points = randomPoints(700, dimension, isCoarse: isCoarse, &random)
                let expected = peeledRanks(points).map { $0 <= 4 ? $0 : 0 }
                #expect(NonDominatedFronts(points.flatMap(\.self), dimension: dimension, limit: 4).ranks == expected)
            }
        }
    }

    /// Deb 2002: sum over objectives of the neighbours' distance in units of the front's extent.
    @Test func crowdingKnownAnswer() {
        let points: [Double] = [0, 4, 1, 2, 2, 1, 4, 0]
        #expect(crowdingDistances(points, dimension: 2, members: [0, 1, 2, 3]) == [.infinity, 0.5 + 0.75, 0.75 + 0.5, .infinity])
        #expect(crowdingDistances([1, 1, 1, 1, 1, 1], dimension: 2, members: [0, 1, 2]) == [0, 0, 0])
    }
}

@Suite struct ParetoTests {
    @Test func heldIsExactlyTheFirstFronts() throws {
        var random = SplitMix64(seed: 5)
        for trial in 0..<24 {
            let dimension = 1 + trial % 4
            let points = randomPoints(250, dimension, isCoarse: trial % 3 == 0, &random)
            let ranking = try method(ParetoRanking.self, [("fronts", Double(1 + trial % 3))], goals(dimension, maximize: [1]))
            let ranks = peeledRanks(points.map { p in p.enumerated().map { $0.offset == 1 ? -$0.element : $0.element } })
            let all = points.enumerated().map { candidate($0.offset, $0.element) }
            var fold = try ranking.makeFold(RankingState())
            try insert(all, into: &fold, batchSize: [1, 7, 100, 1024][trial % 4])
            #expect(fold.state.held == all.indices.filter { ranks[$0] <= ranking.limits.fronts }.map { all[$0] })
        }
    }

    @Test func orderOfTheRanking() throws {
        // Front 1: all but the last; the second and third are equal, and the third has the wider gap after it. Minimise, maximise.
        let points: [[Double]] = [[0, 0], [1, 2], [1, 2], [3, 4], [3, 3]]
        let ranking = try method(ParetoRanking.self, [], goals(2, maximize: [1]))
        let lines = try ranking.finish(RankingState(held: points.enumerated().map { candidate($0.offset, $0.element) }))
        #expect(lines.map(\.candidate.index.position) == [0, 3, 2, 1, 4])
        #expect(lines.map(\.score) == [-1, -1, -1, -1, -2])
        #expect(lines.map { $0.extras[0] } == [1, 1, 1, 1, 2])
        #expect(lines.allSatisfy { $0.extras.count == ranking.extraColumns.count })
    }

    @Test func oneObjectiveRanksByValueThenIndex() throws {
        let ranking = try method(ParetoRanking.self, [("fronts", 2)], goals(1))
        let lines = try ranking.finish(RankingState(held: [3, 1, 2, 1].enumerated().map { candidate($0.offset, [$0.element]) }))
        #expect(lines.map(\.candidate.index.position) == [1, 3, 2])
    }

    /// A fold of shards, a resumed one and an unbroken one come to one judgement, though a shard alone holds too many.
    @Test(arguments: [(49, false), (50, true)]) func maxFrontIsJudgedOnTheWhole(_ maxFront: Int, isAccepted: Bool) throws {
        let ranking = try method(ParetoRanking.self, [("max_front", Double(maxFront)), ("fronts", 1)], goals(2))
        let line = (0..<300).map { candidate($0, [Double($0), -Double($0)]) }
        // Better than all but the last 49.
        let late = candidate(300, [-1, -250.5])
        for cuts in [[0, 301], [0, 300, 301], [0, 100, 200, 301]] {
            let parts = try zip(cuts, cuts.dropFirst()).map { first, last in
                var fold = try ranking.makeFold(RankingState())
                try insert(Array((line + [late])[first..<last]), into: &fold, batchSize: 64)
                return fold.state.held
            }
            var total = try ranking.makeFold(RankingState())
            for part in parts { try total.merge(ranking.makeFold(RankingState(held: part))) }
            #expect(total.state.held.count == 50)
            let m = message { _ = try ranking.finish(total.state) }
            #expect(
                (m == "accepted") == isAccepted && (isAccepted || m.contains("50 candidates") && m.contains("raise 'ranking.max_front'")))
        }
    }

    @Test func aPartThatWouldFillTheMemoryStopsWithACure() throws {
        let ranking = try method(ParetoRanking.self, [("max_front", 50)], goals(2))
        let line = (0..<1000).map { candidate($0, [Double($0), -Double($0)]) }
        let m = message {
            var fold = try ranking.makeFold(RankingState())
            try insert(line, into: &fold, batchSize: 1024)
        }
        #expect(m.contains("more than eight times max_front allows (400)") && m.contains("filter more"))
    }

    /// Many times more than a leaf of the tree, or than what a screen tries first, holds.
    @Test(arguments: [(3, 1), (4, 1), (4, 5), (5, 2)]) func largeFrontsAreHeldWhateverTheCut(_ dimension: Int, fronts: Int) throws {
        var random = SplitMix64(seed: UInt64(17 * dimension + fronts))
        // On a sphere, where few dominate each other, with some inside of it.
        let points = (0..<2_000).map { _ -> [Double] in
            let direction = (0..<dimension).map { _ in 1e-3 + random.nextUnit() }
            let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot() * (random.nextInt(below: 4) == 0 ? 1.25 : 1)
            return direction.map { (64 * $0 / length).rounded() / 64 }
        }
        let all = points.enumerated().map { candidate($0.offset, $0.element.map { -$0 }) }
        let ranks = peeledRanks(all.map(\.objectives))
        let expected = all.indices.filter { ranks[$0] <= fronts }.map { all[$0] }
        let ranking = try method(ParetoRanking.self, [("fronts", Double(fronts))], goals(dimension))
        for size in [25, 700, 2_000] {
            var total = try ranking.makeFold(RankingState())
            for start in stride(from: 0, to: all.count, by: size) {
                var part = try ranking.makeFold(RankingState())
                try insert(Array(all[start..<min(start + size, all.count)]), into: &part, batchSize: 100)
                try total.merge(part)
            }
            #expect(total.state.held == expected)
        }
    }

    @Test func misuse() {
        #expect(message { _ = try method(ParetoRanking.self, [], []) }.contains("at least one objective"))
        #expect(message { _ = try method(ParetoRanking.self, [("front", 3)], goals(2)) }.contains("did you mean 'fronts'"))
        #expect(message { _ = try method(ParetoRanking.self, [("fronts", 51)], goals(2)) }.hasPrefix("line 3"))
        let weighted = [Objective(property: "gap", maximize: true, weight: 2)]
        #expect(message { _ = try method(ParetoRanking.self, [], weighted) }.contains("weight of 'gap'"))
    }
}

@Suite struct WeightedSumTests {
    @Test func scoresKnownAnswers() throws {
        let objectives = [
            Objective(property: "gap", maximize: true, weight: 2, range: 1...3),
            Objective(property: "risk", maximize: false, range: 0...10),
            Objective(property: "mass", maximize: false, weight: 0.5),
        ]
        let ranking = try method(WeightedSumRanking.self, [], objectives)
        #expect(ranking.utilities.score([2, 2.5, 4]) == 2 * 0.5 + 0.75 - 2)
        #expect(ranking.utilities.score([5, 0, 0]) == 2 * 2 + 1)
        var settings = try Settings(Setting(.mapping([("clamp", 1, Setting(.boolean(true)))])), subject: "ranking")
        let clamped = try WeightedSumRanking(settings: &settings, request: RankingRequest(objectives: objectives))
        #expect(clamped.utilities.score([5, 20, 1]) == 2 - 0.5)
        #expect(ranking.utilities.score([.infinity, .infinity, 0]) == -.infinity)
    }

    @Test func holdsTheBestByScoreThenIndex() throws {
        var random = SplitMix64(seed: 8)
        for trial in 0..<40 {
            let all = randomPoints(300, 2, isCoarse: trial % 2 == 0, &random).enumerated().map { candidate($0.offset, $0.element) }
            let lines = 1 + trial * 7
            let ranking = try method(WeightedSumRanking.self, [], goals(2, maximize: [0]), lines: lines)
            let expected = all.sorted { a, b in
                let (x, y) = (a.objectives[0] - a.objectives[1], b.objectives[0] - b.objectives[1])
                return x != y ? x > y : a.index < b.index
            }.prefix(lines)
            var fold = try ranking.makeFold(RankingState())
            try insert(all, into: &fold, batchSize: 64)
            #expect(fold.state.held == expected.sorted { $0.index < $1.index })
            #expect(ranking.finish(fold.state).map(\.candidate) == Array(expected))
        }
    }

    @Test func onlyWhatMayEnterIsMadeWhole() throws {
        let ranking = try method(WeightedSumRanking.self, [], goals(1), lines: 2)
        var fold = try ranking.makeFold(RankingState())
        var made: [Int] = []
        let values = (0..<300).map { $0 == 200 ? -1 : Double($0) }
        let indices = values.indices.map { CandidateIndex(source: 0, position: $0) }
        fold.insert(
            ObjectiveBatch(indices: indices, columns: [values]) {
                made.append($0)
                return candidate($0, [values[$0]])
            })
        #expect(made == Array(0..<64) + [200] && fold.state.held.map(\.index.position) == [0, 200])
    }

    @Test func misuse() {
        func of(_ objective: Objective) -> String { message { _ = try method(WeightedSumRanking.self, [], [objective]) } }
        #expect(message { _ = try method(WeightedSumRanking.self, [], []) }.contains("at least one objective"))
        #expect(message { _ = try method(WeightedSumRanking.self, [("clmp", 1)], goals(1)) }.contains("did you mean 'clamp'"))
        #expect(of(Objective(property: "p", maximize: true, weight: 0)).contains("weight"))
        #expect(of(Objective(property: "p", maximize: true, weight: .nan)).contains("weight"))
        #expect(of(Objective(property: "p", maximize: true, range: 1...1)).contains("range"))
    }
}
