import MaterialsCore
import Testing

@testable import Models

/// Remembers nothing but the mean of its targets.
private struct AverageModel: PropertyModel {
    static let name = "average"
    let mean: Double
    init(mean: Double) { self.mean = mean }
    init(parameters: ParameterArchive) throws { mean = try parameters.double("mean") }
    static func fit(_ data: TrainingData, settings: inout Settings, context: TrainingContext) throws -> AverageModel {
        AverageModel(mean: data.targets.reduce(0, +) / Double(data.targets.count))
    }
    var parameters: ParameterArchive { ParameterArchive(["mean": .doubles([mean], shape: [1])]) }
    func predict(_ features: FeatureMatrix, into prediction: inout Prediction) {
        for row in 0..<features.rows { prediction.mean[row] = mean }
    }
}

/// Row r has the feature r and the target r².
private func squares(_ rows: Int) -> TrainingData {
    let x = (0..<rows).map { Double($0) }
    return TrainingData(features: FeatureMatrix(rows: rows, columns: 1, values: x), targets: x.map { $0 * $0 }, featureNames: ["x"])
}

@Suite struct MetricsTests {
    @Test func agreeWithScikitLearn() throws {
        let scores = Dictionary(
            uniqueKeysWithValues: try ReferenceData.text("linear_models/scores.csv").split(separator: "\n").map { line in
                let parts = line.split(separator: ",")
                return (String(parts[0]), Double(parts[1])!)
            })
        let steels = try ReferenceData.table("linear_models/steels.csv").columns
        let predictions = try ReferenceData.table("linear_models/predictions.csv").columns
        let probabilities = predictions["logistic_0.5"]!.map { ($0 * 100).rounded(.toNearestOrEven) / 100 }
        var ours = Metrics.regression(predicted: predictions["ridge_all_0.1"]!, observed: steels["target"]!)
        ours.merge(
            Metrics.classification(
                classes: probabilities.map { $0 >= 0.5 ? 1 : 0 }, probabilities: probabilities, observed: steels["strong"]!)
        ) { first, _ in first }
        #expect(ours.count == 8)
        for (name, value) in ours where scores[name] != nil {
            #expect((value - scores[name]!).magnitude < 1e-12 * value.magnitude.rounded(.up), "\(name)")
        }
    }

    @Test func knownAnswers() {
        #expect(Metrics.meanAbsoluteError([1, 2], [2, 4]) == 1.5)
        #expect(Metrics.rootMeanSquareError([0, 0], [3, 4]) == 12.5.squareRoot())
        #expect(Metrics.determination([1, 1], [1, 1]).isNaN)
        #expect(Metrics.areaUnderROC([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]) == 0.75)
        #expect(Metrics.areaUnderROC([0.5, 0.5], [0, 1]) == 0.5)
        #expect(Metrics.areaUnderROC([0.5, 0.5], [1, 1]).isNaN)
        #expect(Metrics.balancedAccuracy([1, 1, 1, 1], [1, 1, 1, 0]) == 0.5)
        #expect(Metrics.f1([0, 0], [0, 0]) == 0)
    }
}

@Suite struct FoldsTests {
    @Test func columnFoldsAreInNumericOrder() throws {
        let folds = try Folds.column(["10", "2", "10", "1"], name: "fold")
        #expect(folds.testRows == [[3], [1], [0, 2]])
        #expect(try Folds.column(["b", "a", "10"], name: "fold").testRows == [[2], [1], [0]])
    }

    @Test func uselessColumnsAreRefused() {
        #expect { try Folds.column(["1", "1"], name: "part") } throws: { "\($0)".contains("'part'") }
        #expect { try Folds.column(["1", ""], name: "part") } throws: { "\($0)".contains("row 2") }
    }

    @Test(arguments: [2, 3, 5, 10, 97]) func everyRowIsTestedOnce(_ count: Int) throws {
        let folds = try Folds.random(count, targets: squares(97).targets, task: .regression, seed: 4)
        #expect(folds.testRows.flatMap { $0 }.sorted() == Array(0..<97))
        let sizes = folds.testRows.map(\.count)
        #expect(sizes.max()! - sizes.min()! <= 1)
        #expect(try Folds.random(count, targets: squares(97).targets, task: .regression, seed: 4) == folds)
        #expect(try Folds.random(count, targets: squares(97).targets, task: .regression, seed: 5) != folds)
    }

    @Test func classesAreSharedOut() throws {
        let targets = (0..<100).map { $0 % 10 == 0 ? 1.0 : 0 }
        for rows in try Folds.random(5, targets: targets, task: .classification, seed: 1).testRows {
            #expect(rows.count { targets[$0] == 1 } == 2)
        }
        let held = try Folds.holdOut(0.2, targets: targets, task: .classification, seed: 1).testRows
        #expect(held.count == 1 && held[0].count == 20 && held[0].count { targets[$0] == 1 } == 2)
    }

    @Test(arguments: [0, 1, -0.5, 2, 0.001, .nan]) func emptyPartsAreRefused(_ fraction: Double) {
        #expect(throws: MatSieveError.self) { try Folds.holdOut(fraction, targets: [1, 2, 3], task: .regression, seed: 1) }
        #expect(throws: MatSieveError.self) { try Folds.random(1, targets: [1, 2, 3], task: .regression, seed: 1) }
        #expect(throws: MatSieveError.self) { try Folds.random(4, targets: [1, 2, 3], task: .regression, seed: 1) }
    }
}

@Suite struct CrossValidationTests {
    @Test func aFitSeesNothingOfTheRowsItIsTestedOn() throws {
        let data = squares(50)
        let folds = try Folds.random(5, targets: data.targets, task: .regression, seed: 2)
        let cv = try CrossValidation.run(data, folds: folds) { training, fold in
            let seen = Set(training.features.values)
            #expect(seen.count == 40 && seen.isDisjoint(with: folds.testRows[fold].map { Double($0) }))
            #expect(training.targets == training.features.values.map { $0 * $0 })
            return AverageModel(mean: training.targets.reduce(0, +) / Double(training.targets.count))
        }
        // The mean of the other rows, by hand.
        for rows in folds.testRows {
            let others = (0..<50).filter { !rows.contains($0) }.map { Double($0 * $0) }
            for row in rows { #expect(cv.outOfFold.mean[row] == others.reduce(0, +) / 40) }
        }
        #expect(cv.scores.keys.sorted() == ["mae", "r2", "rmse", "spearman"] && cv.scores["mae"]!.perFold.count == 5)
        let first = folds.testRows[0]
        let mae = Metrics.meanAbsoluteError(first.map { cv.outOfFold.mean[$0] }, first.map { data.targets[$0] })
        #expect(cv.scores["mae"]!.perFold[0] == mae)
    }

    @Test func rowsThatNoFoldTestsHaveNoPrediction() throws {
        let data = squares(10)
        let folds = try Folds.holdOut(0.3, targets: data.targets, task: .regression, seed: 2)
        let cv = try CrossValidation.run(data, folds: folds) { _, _ in AverageModel(mean: 1) }
        #expect(cv.outOfFold.mean.count { $0.isNaN } == 7 && cv.outOfFold.mean.count { $0 == 1 } == 3)
    }

    @Test func scoresHaveMeanAndSpread() {
        let score = CrossValidation.Score(perFold: [1, 2, 3, 4])
        #expect(score.mean == 2.5 && score.standardDeviation == 1.25.squareRoot())
        let metric = ModelCard.Metric(perFold: [1, .nan, 2, 3, 4])
        #expect(metric.mean == 2.5 && metric.std == 1.25.squareRoot() && metric.perFold.count == 5)
        #expect(CrossValidation.Score(perFold: [1, .nan, 2, 3, 4]).mean == 2.5 && ModelCard.Metric(perFold: []).mean.isNaN)
    }
}
