import LinearAlgebra
import MaterialsCore
import Testing

@testable import Models

private func fit(_ data: TrainingData, _ values: [String: Double] = [:], threads: Int = 1) throws -> ElasticNetModel {
    var s = try settings(values)
    return try ElasticNetModel.fit(data, settings: &s, context: TrainingContext(seed: 3, threads: threads))
}

/// Steels of folds 1 to 4, in all orders of the targets that the references have.
private struct Steels {
    let all: TrainingData
    let training: [Int]
    let expected: [String: [Double]]

    init(_ task: LearningTask = .regression, classCount: Int = 0) throws {
        let (data, fold) = try ReferenceData.steels(target: classCount == 2 ? "strong" : "target", task: task)
        expected = try ReferenceData.table("networks/linear.csv").columns
        all = classCount > 2 ? data.replacingTargets(expected["quarter"]!, task: task, classCount: classCount) : data
        training = fold.indices.filter { fold[$0] != 0 }
    }

    /// Weights 1 to 4, as the reference's script has them.
    var weighted: TrainingData {
        TrainingData(
            features: all.features, targets: all.targets, weights: (0..<312).map { Double($0 * 7 % 4 + 1) },
            featureNames: all.featureNames, task: all.task
        ).selecting(training)
    }
}

@Suite struct ElasticNetTests {
    /// scikit-learn stops at a duality gap; both are far closer to the optimum than this.
    private static let tolerance = 1e-6

    @Test(arguments: [(1.0, 0.5), (20.0, 0.9)]) func agreesWithScikitLearn(_ alpha: Double, _ ratio: Double) throws {
        let steels = try Steels()
        let given = ["alpha": alpha, "l1_ratio": ratio, "clip": 1e12]
        for (data, label) in [(steels.all.selecting(steels.training), "elastic"), (steels.weighted, "elastic_weighted")] {
            let p = try fit(data, given).predictions(steels.all.features)
            let expected = steels.expected["\(label)_\(alpha)_\(ratio)"]!
            #expect(zip(p.mean, expected).allSatisfy { ($0 - $1).magnitude < Self.tolerance * $1.magnitude }, "\(label)")
        }
    }

    @Test func residualsAndColumnProductsGiveTheSame() throws {
        let steels = try Steels()
        let few = steels.all.selecting(Array(0..<200))
        var random = SplitMix64(seed: 2)
        // Constant columns in front do not count, noise columns make rows the fewer.
        var wide = FeatureMatrix(rows: 200, columns: 14 + 300)
        for i in 0..<200 { for j in 0..<314 { wide[i, j] = j < 14 ? few.features[i, j] : random.nextUnit() } }
        let wideData = TrainingData(features: wide, targets: few.targets, featureNames: (0..<314).map { "\($0)" })
        let model = try fit(wideData, ["alpha": 30, "l1_ratio": 1])
        // Karush, Kuhn and Tucker: no column pulls harder than alpha, and those in use exactly so hard.
        let scaling = try ColumnScaling(wideData)
        let z = Matrix(rows: 200, columns: scaling.kept.count, values: scaling.apply(wide))
        let p = model.predictions(wide)
        let pulls = z.transposedProduct(zip(few.targets, p.mean).map { ($0 - $1) / 200 })
        #expect(pulls.allSatisfy { $0.magnitude < 30 * (1 + 1e-6) })
        #expect(pulls.count { $0.magnitude > 30 * (1 - 1e-6) } == model.scorer.encoding.columns)
        #expect(model.scorer.encoding.columns > 5 && model.scorer.encoding.columns < 200)
    }

    @Test func twoClassesAgreeWithScikitLearn() throws {
        let steels = try Steels(.classification, classCount: 2)
        let p = try fit(steels.all.selecting(steels.training), ["alpha": 0.01, "l1_ratio": 0.5, "clip": 1e12])
            .predictions(steels.all.features)
        #expect(largestDifference(p.spread, steels.expected["logistic"]!) < Self.tolerance)
    }

    @Test func manyClassesAgreeWithScikitLearn() throws {
        let steels = try Steels(.classification, classCount: 4)
        let model = try fit(steels.all.selecting(steels.training), ["alpha": 0.01, "l1_ratio": 0.5, "clip": 1e12])
        let p = model.predictions(steels.all.features, classCount: 4)
        for c in 0..<4 { #expect(largestDifference(p.probabilities.column(c), steels.expected["multinomial_\(c)"]!) < Self.tolerance) }
        #expect(try ElasticNetModel(parameters: model.parameters).predictions(steels.all.features, classCount: 4) == p)
    }

    @Test func findsTheFewColumnsThatMatter() throws {
        var random = SplitMix64(seed: 4)
        let features = FeatureMatrix(rows: 60, columns: 2_000, values: (0..<120_000).map { _ in random.nextUnit() })
        let targets = (0..<60).map { 3 * features[$0, 7] - 5 * features[$0, 1_500] + 0.01 * random.nextUnit() }
        let data = TrainingData(features: features, targets: targets, featureNames: (0..<2_000).map { "\($0)" })
        let model = try fit(data, ["l1_ratio": 1, "penalties": 30])
        let used = model.scorer.encoding.scaling.kept
        #expect(used.contains(7) && used.contains(1_500) && used.count < 40)
        #expect(Metrics.determination(model.predictions(features).mean, targets) > 0.98)
        #expect(try fit(data, ["l1_ratio": 1, "penalties": 30], threads: 3).parameters == model.parameters)
    }

    @Test func hundredThousandColumnsAreFine() throws {
        var random = SplitMix64(seed: 5)
        let columns = 100_000
        var features = FeatureMatrix(rows: 12, columns: columns)
        for i in features.values.indices { features.values[i] = Double(random.next() >> 40) }
        let targets = (0..<12).map { features[$0, 99_000] * 1e-6 }
        let data = TrainingData(features: features, targets: targets, featureNames: [String](repeating: "x", count: columns))
        let model = try fit(data, ["alpha": 0.01, "l1_ratio": 1])
        #expect(model.scorer.encoding.columns <= 12)
        #expect(Metrics.determination(model.predictions(features).mean, targets) > 0.9)
    }

    @Test func separableClassesHaveAFit() throws {
        let x = (0..<40).map { Double($0) }
        let data = TrainingData(
            features: FeatureMatrix(rows: 40, columns: 1, values: x), targets: x.map { $0 < 17 ? 0 : 1 }, featureNames: ["x"],
            task: .classification)
        let p = try fit(data).predictions(data.features)
        #expect(p.mean == data.targets && p.spread.allSatisfy { $0.isFinite && $0 >= 0 && $0 <= 1 })
    }

    @Test func categoriesAreSpread() throws {
        let codes = (0..<90).map { Double($0 % 3) }
        let data = TrainingData(
            features: FeatureMatrix(rows: 90, columns: 1, values: codes), targets: codes.map { [5, -1, 2][Int($0)] }, featureNames: ["c"],
            categoricalColumns: [0])
        let p = try fit(data, ["alpha": 1e-6]).predictions(FeatureMatrix(rows: 4, columns: 1, values: [0, 1, 2, .nan]))
        #expect(largestDifference(p.mean, [5, -1, 2, 2]) < 1e-3)
    }

    @Test func badSettingsAreNamed() {
        for bad in [["alpha": 0.0], ["l1_ratio": 0], ["folds": 1]] {
            #expect { try fit(Steels().all, bad) } throws: { ($0 as? MatSieveError)?.kind == .usage && "\($0)".contains(bad.keys.first!) }
        }
    }
}
