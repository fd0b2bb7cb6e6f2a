import LinearAlgebra
import MaterialsCore
import Testing

@testable import Models

private func fit(_ data: TrainingData, alpha: Double? = nil, clip: Double? = nil) throws -> RidgeModel {
    var values = alpha.map { ["alpha": $0] } ?? [:]
    values["clip"] = clip
    var s = try settings(values)
    return try RidgeModel.fit(data, settings: &s, context: TrainingContext())
}

@Suite struct RidgeTests {
    /// scikit-learn solves the normal equations; both lose about κ² · 1e-16.
    private static let tolerance = 1e-8

    @Test(arguments: ["all", "few"], [0.1, 10.0]) func agreesWithScikitLearn(_ rows: String, _ alpha: Double) throws {
        let (steels, fold) = try ReferenceData.steels(target: "target", task: .regression)
        let training = fold.indices.filter { fold[$0] != 0 }.prefix(rows == "few" ? 10 : 312)
        let expected = try ReferenceData.table("linear_models/predictions.csv").columns
        let data = steels.selecting(Array(training))
        let model = try fit(data, alpha: alpha, clip: 1e12)
        let p = model.predictions(steels.features)
        let (means, spreads) = (expected["ridge_\(rows)_\(alpha)"]!, expected["ridge_\(rows)_\(alpha)_std"]!)
        #expect(zip(p.mean, means).allSatisfy { ($0 - $1).magnitude < Self.tolerance * $1.magnitude })
        #expect(zip(p.spread, spreads).allSatisfy { ($0 - $1).magnitude < Self.tolerance * $1.magnitude })
        // With limits, rows within them keep their bits, and all keep their spread.
        let clipped = try fit(data, alpha: alpha).predictions(steels.features)
        let inside = rowsInside(steels.features, of: data.features)
        #expect(inside.count > training.count && inside.count < 312)
        for row in inside { #expect(clipped.mean[row].bitPattern == p.mean[row].bitPattern) }
        #expect(clipped.spread.bits == p.spread.bits)
    }

    /// Rows whose values all lie within one range of the training values.
    private func rowsInside(_ features: FeatureMatrix, of training: FeatureMatrix) -> [Int] {
        (0..<features.rows).filter { row in
            (0..<features.columns).allSatisfy { column in
                let values = training.column(column)
                let (low, high) = (values.min()!, values.max()!)
                return low == high || (2 * low - high...2 * high - low).contains(features[row, column])
            }
        }
    }

    @Test func aColumnThatHardlyVariedDoesNotExplode() throws {
        var random = SplitMix64(seed: 8)
        var features = FeatureMatrix(rows: 50, columns: 2, values: (0..<100).map { _ in random.nextUnit() })
        for row in 0..<50 { features[row, 1] = row == 20 ? 6e-6 : 0 }
        var targets = features.column(0)
        targets[20] += 0.4
        let data = TrainingData(features: features, targets: targets, featureNames: ["a", "b"])
        let far = FeatureMatrix(rows: 1, columns: 2, values: [0.5, 1])
        #expect(try fit(data, alpha: 1e-3, clip: 1e12).predictions(far).mean[0] > 1e4)
        let p = try fit(data, alpha: 1e-3).predictions(far)
        #expect((p.mean[0] - 0.5).magnitude < 1 && p.spread[0] > 1)
    }

    @Test func weightedRowsAgreeWithScikitLearn() throws {
        let (steels, fold) = try ReferenceData.steels(target: "target", task: .regression)
        let expected = try ReferenceData.table("linear_models/weighted.csv").columns
        let training = fold.indices.filter { fold[$0] != 0 }
        var data = steels.selecting(training)
        data.weights = training.map { Self.rowWeight($0) }
        let mean = data.weights!.reduce(0, +) / Double(training.count)
        data.weights = data.weights!.map { $0 / mean }
        let p = try fit(data, alpha: 10, clip: 1e12).predictions(steels.features)
        #expect(zip(p.mean, expected["ridge_10.0"]!).allSatisfy { ($0 - $1).magnitude < Self.tolerance * $1.magnitude })
    }

    /// Integers from 1 to 4, as the reference's script has them.
    private static func rowWeight(_ row: Int) -> Double { Double(row * 7 % 4 + 1) }

    @Test func aRowOfWeightTwoIsTwoRows() throws {
        for task in [LearningTask.regression, .classification] {
            let steels = try ReferenceData.steels(target: task == .regression ? "target" : "strong", task: task).data
            let rows = Array(0..<100)
            let twice = steels.selecting(rows + rows.filter { $0 % 3 == 0 })
            let source = steels.selecting(rows)
            let weighted = TrainingData(
                features: source.features, targets: source.targets, weights: rows.map { $0 % 3 == 0 ? 2 : 1 },
                featureNames: source.featureNames, task: task, classCount: source.classCount)
            // The penalty stands against weights of mean 1.
            let (a, b) = (try fit(twice, alpha: 134, clip: 1e12), try fit(weighted, alpha: 100, clip: 1e12))
            let (p, q) = (a.predictions(steels.features), b.predictions(steels.features))
            #expect(largestDifference(p.mean, q.mean) < 1e-7 && (task == .regression || largestDifference(p.spread, q.spread) < 1e-7))
        }
    }

    @Test func manyClassesAreLearned() throws {
        let steels = try ReferenceData.steels(target: "target", task: .regression).data
        let order = steels.targets.sorted()
        let codes = steels.targets.map { t in Double([78, 156, 234].count { order[$0] < t }) }
        let data = steels.replacingTargets(codes, task: .classification, classCount: 5)
        let p = try fit(data).predictions(data.features, classCount: 5)
        #expect(Double(zip(p.mean, codes).count { $0 == $1 }) > 0.55 * 312)
        for row in 0..<312 {
            #expect((p.probabilities.row(row).reduce(0, +) - 1).magnitude < 1e-12 && p.probabilities[row, 4] < 0.01)
        }
        let read = try RidgeModel(parameters: fit(data).parameters)
        #expect(read.predictions(data.features, classCount: 5) == p)
    }

    @Test func logisticRidgeAgreesWithScikitLearn() throws {
        let (steels, fold) = try ReferenceData.steels(target: "strong", task: .classification)
        let model = try fit(steels.selecting(fold.indices.filter { fold[$0] != 0 }), alpha: 0.5, clip: 1e12)
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
