import LinearAlgebra
import MaterialsCore
import Testing

@testable import Models

private func fit(_ data: TrainingData, alpha: Double? = nil) throws -> RidgeModel {
    var s = try settings(alpha.map { ["alpha": $0] } ?? [:])
    return try RidgeModel.fit(data, settings: &s, context: TrainingContext())
}

@Suite struct RidgeTests {
    /// scikit-learn solves the normal equations; both lose about κ² · 1e-16.
    private static let tolerance = 1e-8

    @Test(arguments: ["all", "few"], [0.1, 10.0]) func agreesWithScikitLearn(_ rows: String, _ alpha: Double) throws {
        let (steels, fold) = try ReferenceData.steels(target: "target", task: .regression)
        let training = fold.indices.filter { fold[$0] != 0 }.prefix(rows == "few" ? 10 : 312)
        let expected = try ReferenceData.table("linear_models/predictions.csv").columns
        let model = try fit(steels.selecting(Array(training)), alpha: alpha)
        let p = model.predictions(steels.features)
        let (means, spreads) = (expected["ridge_\(rows)_\(alpha)"]!, expected["ridge_\(rows)_\(alpha)_std"]!)
        #expect(zip(p.mean, means).allSatisfy { ($0 - $1).magnitude < Self.tolerance * $1.magnitude })
        #expect(zip(p.spread, spreads).allSatisfy { ($0 - $1).magnitude < Self.tolerance * $1.magnitude })
    }

    @Test func logisticRidgeAgreesWithScikitLearn() throws {
        let (steels, fold) = try ReferenceData.steels(target: "strong", task: .classification)
        let model = try fit(steels.selecting(fold.indices.filter { fold[$0] != 0 }), alpha: 0.5)
        let p = model.predictions(steels.features)
        let expected = try ReferenceData.table("linear_models/predictions.csv").columns["logistic_0.5"]!
        #expect(largestDifference(p.spread, expected) < 1e-7)
        #expect(zip(p.mean, p.spread).allSatisfy { $0 == ($1 >= 0.5 ? 1 : 0) })
    }

    @Test func penaltyIsOfLeastGeneralisedCrossValidation() throws {
        let steels = try ReferenceData.steels(target: "target", task: .regression).data
        let scaling = try ColumnScaling(steels)
        let problem = try RidgeRegression(
            Matrix(rows: 312, columns: scaling.kept.count, values: scaling.apply(steels.features)), targets: steels.targets)
        let best = problem.bestAlpha()
        let least = problem.generalisedCrossValidation(best)
        for factor in [1e-3, 0.1, 0.9, 1.1, 10, 1e3] { #expect(problem.generalisedCrossValidation(best * factor) >= least) }
        // By its definition, from the fitted values of an ordinary solve.
        let model = try fit(steels, alpha: best)
        let rss = zip(model.predictions(steels.features).mean, steels.targets).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        #expect((problem.residualSquares(best) - rss).magnitude < 1e-9 * rss)
        #expect(try fit(steels).alpha == best)
    }

    @Test func learnsALineAndItsNoise() throws {
        var random = SplitMix64(seed: 5)
        var features = FeatureMatrix(rows: 2_000, columns: 3)
        var targets: [Double] = []
        for row in 0..<2_000 {
            for column in 0..<3 { features[row, column] = random.nextUnit() * 100 }
            let noise = (0..<12).reduce(-6.0) { sum, _ in sum + random.nextUnit() }
            targets.append(4 + 0.5 * features[row, 0] - 2 * features[row, 2] + noise * 3)
        }
        let model = try fit(TrainingData(features: features, targets: targets, featureNames: ["a", "b", "c"]))
        let p = model.predictions(FeatureMatrix(rows: 2, columns: 3, values: [10, 50, 20, 1e4, 0, 0]))
        #expect((p.mean[0] + 31).magnitude < 0.3)
        #expect((p.spread[0] - 3).magnitude < 0.15)
        #expect(p.spread[1] > 2 * p.spread[0])
    }

    @Test func missingValuesCountAsTheMean() throws {
        let (steels, _) = try ReferenceData.steels(target: "target", task: .regression)
        let model = try fit(steels, alpha: 1)
        let mean = (0..<14).map { steels.features.column($0).reduce(0, +) / 312 }
        let known = model.predictions(FeatureMatrix(rows: 1, columns: 14, values: mean))
        let missing = model.predictions(FeatureMatrix(rows: 1, columns: 14, values: [Double](repeating: .nan, count: 14)))
        #expect(largestDifference(known.mean, missing.mean) < 1e-9)
    }

    @Test func separableClassesHaveAFit() throws {
        let x = (0..<40).map { Double($0) }
        let data = TrainingData(
            features: FeatureMatrix(rows: 40, columns: 1, values: x), targets: x.map { $0 < 17 ? 0 : 1 }, featureNames: ["x"],
            task: .classification)
        let p = try fit(data).predictions(data.features)
        #expect(p.mean == data.targets)
        #expect(p.spread.allSatisfy { $0.isFinite && $0 >= 0 && $0 <= 1 })
    }

    @Test func hugeValuesAreRefused() {
        let data = TrainingData(
            features: FeatureMatrix(rows: 2, columns: 1, values: [1e200, -1e200]), targets: [0, 1], featureNames: ["size"])
        #expect { try fit(data) } throws: { "\($0)".contains("'size'") }
    }
}
