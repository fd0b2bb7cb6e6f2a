import MaterialsCore
import Testing

@testable import Models

private func fit(_ data: TrainingData, neighbours: Double? = nil, weighting: String? = nil, metric: String? = "plain", threads: Int = 1)
    throws
    -> NearestNeighboursModel
{
    var entries: [(key: String, line: Int, value: Setting)] = []
    if let neighbours { entries.append(("neighbours", 1, Setting(.number(neighbours)))) }
    if let weighting { entries.append(("weighting", 1, Setting(.text(weighting)))) }
    if let metric { entries.append(("metric", 1, Setting(.text(metric)))) }
    var s = try Settings(Setting(.mapping(entries)), subject: "model")
    return try NearestNeighboursModel.fit(data, settings: &s, context: TrainingContext(seed: 3, threads: threads))
}

@Suite struct NearestNeighboursTests {
    @Test(arguments: [1, 5], ["uniform", "distance"]) func agreesWithScikitLearn(_ k: Int, _ weighting: String) throws {
        let (steels, fold) = try ReferenceData.steels(target: "target", task: .regression)
        let expected = try ReferenceData.table("networks/neighbours.csv").columns["neighbours_\(k)_\(weighting)"]!
        let data = steels.selecting(fold.indices.filter { fold[$0] != 0 })
        let p = try fit(data, neighbours: Double(k), weighting: weighting).predictions(steels.features)
        // Where two rows are as far, the other code may take the other one; values held at ±10 are another distance.
        let same = zip(p.mean, expected).count { ($0 - $1).magnitude < 1e-9 * $1.magnitude }
        #expect(same >= 300)
    }

    /// All distances in double, sorted by distance and row.
    private func naive(_ rows: [Double], _ query: [Double], _ width: Int, _ k: Int, excluding: Int? = nil) -> [Int] {
        let all = (0..<rows.count / width).map { row in
            (row, (0..<width).reduce(0.0) { $0 + (query[$1] - rows[row * width + $1]) * (query[$1] - rows[row * width + $1]) })
        }
        return all.filter { $0.0 != excluding }.sorted { $0.1 != $1.1 ? $0.1 < $1.1 : $0.0 < $1.0 }.prefix(k).map(\.0)
    }

    @Test(arguments: [1, 3, 17, 64], [1, 4, 50]) func theSearchIsExact(_ width: Int, _ k: Int) {
        var random = SplitMix64(seed: UInt64(width * 100 + k))
        // A coarse grid gives many ties; an offset makes float products cancel.
        let rows = (0..<300 * width).map { _ in 100 + Double(random.nextInt(below: 5)) + (random.nextInt(below: 4) == 0 ? 1e-6 : 0) }
        let search = NeighbourSearch(rows: rows, count: 300, width: width)
        let queries = Array(rows[0..<130 * width])
        search.forEach(queries, count: 130, nearest: k) { i, found in
            #expect(found.map(\.row) == naive(rows, Array(queries[i * width..<(i + 1) * width]), width, k))
        }
        search.forEach(queries, count: 130, nearest: k, excluding: Array(0..<130)) { i, found in
            #expect(found.map(\.row) == naive(rows, Array(queries[i * width..<(i + 1) * width]), width, k, excluding: i))
        }
    }

    @Test func moreNeighboursThanRowsAreAllRows() throws {
        let data = TrainingData(
            features: FeatureMatrix(rows: 3, columns: 1, values: [1, 2, 4]), targets: [1, 2, 6], weights: [1, 1, 2], featureNames: ["x"])
        let p = try fit(data, neighbours: 500, weighting: "uniform").predictions(FeatureMatrix(rows: 1, columns: 1, values: [0]))
        #expect((p.mean[0] - 3.75).magnitude < 1e-12)
    }

    @Test func theChoiceIsOfLeastLeaveOneOutError() throws {
        let steels = try ReferenceData.steels(target: "target", task: .regression).data
        let model = try fit(steels, metric: nil)
        func error(_ k: Int, _ weighting: NeighbourVote.Weighting) -> Double {
            let vote = NeighbourVote(neighbours: k, weighting: weighting, combination: .mean, classCount: 0, shares: [])
            var sum = 0.0
            model.search.forEach(model.search.rows, count: 312, nearest: k, excluding: Array(0..<312)) { i, found in
                sum += (vote.regression(found, steels.targets, model.rowWeights).value - steels.targets[i]).magnitude
            }
            return sum
        }
        let best = error(model.vote.neighbours, model.vote.weighting)
        for k in [1, 2, 3, 5, 10, 40] { for w in NeighbourVote.Weighting.allCases { #expect(error(k, w) >= best * (1 - 1e-12)) } }
        #expect(try fit(steels, metric: nil, threads: 4).parameters == model.parameters)
    }

    @Test func farRowsAreLessCertain() throws {
        let steels = try ReferenceData.steels(target: "target", task: .regression).data
        let model = try fit(steels)
        var far = steels.features.selecting([0, 0])
        for j in 0..<14 { far[1, j] = steels.features.column(j).max()! }
        let p = model.predictions(far)
        #expect(p.spread[1] > 2 * p.spread[0] && p.spread[0] >= 0)
    }

    @Test func medianAndManyClasses() throws {
        let x = (0..<60).map { Double($0) }
        let features = FeatureMatrix(rows: 60, columns: 1, values: x)
        var vote = NeighbourVote(neighbours: 3, weighting: .uniform, combination: .median, classCount: 0, shares: [])
        let found = [0, 1, 2].map { NeighbourSearch.Neighbour(row: $0, squaredDistance: 1) }
        #expect(vote.regression(found, [1, 50, 2], [1, 1, 1]).value == 2)
        #expect(vote.regression(found, [1, 50, 2], [1, 2, 1]).value == 26)
        vote.combination = .mean
        #expect(vote.regression(found, [1, 50, 3], [1, 1, 1]).value == 18)
        let data = TrainingData(
            features: features, targets: x.map { Double(Int($0) / 20) }, featureNames: ["x"], task: .classification, classCount: 3)
        let model = try fit(data, metric: nil)
        let p = model.predictions(features, classCount: 3)
        #expect(zip(p.mean, data.targets).count { $0 == $1 } > 55)
        #expect((0..<60).allSatisfy { (p.probabilities.row($0).reduce(0, +) - 1).magnitude < 1e-12 })
        #expect(try NearestNeighboursModel(parameters: model.parameters).predictions(features, classCount: 3) == p)
    }

    @Test func rowsAreHeldAndSaidToBe() { #expect(NearestNeighboursModel.traits.holdsTrainingRows) }
}
