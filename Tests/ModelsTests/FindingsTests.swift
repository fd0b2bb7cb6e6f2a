import MaterialsCore
import Testing

@testable import Models

/// Target 3·x0 + x2, six features.
private func linear(_ rows: Int, columns: Int = 6, groups: [FeatureGroup] = []) -> TrainingData {
    var random = SplitMix64(seed: 15)
    var features = FeatureMatrix(rows: rows, columns: columns)
    for i in features.values.indices { features.values[i] = deviate(&random) }
    let targets = (0..<rows).map { 3 * features[$0, 0] + features[$0, 2] + 0.1 * deviate(&random) }
    return TrainingData(features: features, targets: targets, featureNames: (0..<columns).map { "x\($0)" }, groups: groups)
}

private func ridge(_ data: TrainingData) throws -> any PropertyModel {
    var none = Settings(subject: "model")
    return try RidgeModel.fit(data, settings: &none, context: TrainingContext())
}

private func importance(_ data: TrainingData, seed: UInt64 = 1, mostFeatures: Int = 200) throws -> [ModelCard.FeatureImportance] {
    let folds = try Folds.random(5, targets: data.targets, task: data.task, seed: 1)
    var importance = PermutationImportance(data, folds: folds, seed: seed, mostFeatures: mostFeatures)
    _ = try CrossValidation.run(
        data, folds: folds, inspect: { model, tested, fold in try importance.add(model, tested: tested, fold: fold) },
        fit: { training, _ in try ridge(training) })
    return importance.result(shap: (0..<data.features.columns).map { Double($0) }, limit: 10)
}

@Suite struct FindingsTests {
    @Test func importanceIsWhatTheExchangeCosts() throws {
        let found = try importance(linear(600))
        #expect(found.prefix(2).map(\.feature) == ["x0", "x2"] && found.count == 6 && found[1].shap == 2)
        // |w (x - x')| of two normal deviates is w · 2/√π on average.
        #expect((found[0].permutation / (3 * 1.128) - 1).magnitude < 0.1 && (found[1].permutation / 1.05 - 1).magnitude < 0.15)
        #expect(found.dropFirst(2).allSatisfy { $0.permutation.magnitude < 0.02 })
        #expect(try importance(linear(600)) == found && (try importance(linear(600), seed: 2)) != found)
    }

    @Test func ofManyFeaturesTheGroupsThatMatterAreJudged() throws {
        let groups = [0..<10, 10..<60, 60..<80].map { FeatureGroup(name: "g\($0.lowerBound)", columns: $0) }
        for data in [linear(400, columns: 80, groups: groups), linear(400, columns: 80)] {
            let found = try importance(data, mostFeatures: 12)
            #expect(found.count == 10 && found.prefix(2).map(\.feature) == ["x0", "x2"])
        }
    }

    @Test func importanceOfClassesFollowsTheLogLoss() throws {
        var data = linear(300)
        data = data.replacingTargets(data.targets.map { $0 > 0 ? 1 : 0 }, task: .classification, classCount: 2)
        let found = try importance(data)
        #expect(found[0].feature == "x0" && found[0].permutation > 0.5)
    }

    @Test func cancellingEndsIt() throws {
        let data = linear(50)
        let folds = try Folds.random(5, targets: data.targets, task: data.task, seed: 1)
        var importance = PermutationImportance(data, folds: folds, seed: 1)
        let model = try ridge(data)
        #expect(throws: MatSieveError.self) { try importance.add(model, tested: folds.testRows[0], fold: 0, isCancelled: { true }) }
        #expect(importance.result().isEmpty)
    }

    @Test func learningCurvesAreNestedAndJudgedOnTheSameRows() throws {
        let data = linear(200)
        let folds = try Folds.random(5, targets: data.targets, task: .regression, seed: 1)
        var seen: [Set<Double>] = []
        let tested = Set(folds.testRows[0].map { data.targets[$0] })
        let points = try LearningCurve.measure(data, folds: folds, seed: 2) { training in
            seen.append(Set(training.targets))
            #expect(tested.isDisjoint(with: training.targets))
            return try ridge(training)
        }
        #expect(points.map(\.rows) == [16, 32, 64, 112, 160])
        for (a, b) in zip(seen, seen.dropFirst()) { #expect(a.isSubset(of: b)) }
        #expect(points[0].metrics["mae"]! > points[4].metrics["mae"]!)
        let whole = try LearningCurve.measure(data, folds: folds, seed: 2, whole: ["mae": 7]) { try ridge($0) }
        #expect(whole.last!.metrics == ["mae": 7] && whole.dropLast() == points.dropLast())
    }

    @Test func curvesOfClassesHaveARowOfEach() throws {
        var data = linear(100)
        data = data.replacingTargets((0..<100).map { $0 < 3 ? 1 : 0 }, task: .classification, classCount: 2)
        let folds = Folds(scheme: "hold-out", testRows: [[0] + Array(50..<60)])
        let points = try LearningCurve.measure(data, folds: folds, seed: 2) { training in
            #expect(Set(training.targets) == [0, 1])
            return try ridge(training)
        }
        #expect(points.count == 5)
        let few = try LearningCurve.measure(linear(4), folds: Folds(scheme: "hold-out", testRows: [[0]]), seed: 2) { try ridge($0) }
        #expect(few.map(\.rows) == [2, 3])
    }

    @Test func worstErrorsAreWorstFirst() {
        var prediction = Prediction(rows: 5)
        (prediction.mean, prediction.spread) = ([1, 2, 3, 4, 8], [0.5, 0.5, .nan, 0.5, 0.5])
        let held = HeldOutPredictions(rows: [0, 1, 3, 4, 4], folds: [0, 0, 1, 0, 1], prediction: prediction, observed: [1, 5, 0, 7, 7])
        let worst = held.worstErrors(ids: ["a", "b", "c", "d", "e"], formulas: ["A", "B", "C", "D", "E"], count: 3)
        #expect(worst.map(\.id) == ["b", "d", "e"] && worst.map(\.predicted) == [2, 3, 6] && worst[1].spread == nil)
        var classes = Prediction(rows: 2, classCount: 2)
        classes.setProbability(0.9, row: 0)
        classes.setProbability(0.4, row: 1)
        let two = HeldOutPredictions(rows: [0, 1], folds: [0, 1], prediction: classes, observed: [0, 0])
        #expect(two.worstErrors(ids: ["a", "b"], formulas: ["A", "B"]).map(\.id) == ["a", "b"])
    }
}
