import MaterialsCore
import Testing

@testable import Models

/// Settings with texts, as a plan gives them.
private func settings(_ values: [String: Double], loss: String?) throws -> Settings {
    var mapping = values.sorted { $0.key < $1.key }.map {
        (key: $0.key, line: 3, value: Setting(.number($0.value), line: 3, source: "\($0.value)"))
    }
    if let loss { mapping.append((key: "loss", line: 4, value: Setting(.text(loss), line: 4))) }
    return try Settings(Setting(.mapping(mapping), line: 2), subject: "model")
}

private func fit(
    _ data: TrainingData, _ values: [String: Double] = [:], loss: String? = nil, seed: UInt64 = 3, threads: Int = 1
) throws -> BoostedTreesModel {
    var s = try settings(values, loss: loss)
    return try BoostedTreesModel.fit(data, settings: &s, context: TrainingContext(seed: seed, threads: threads))
}

/// Rows with noise of a long tail, in `classes` classes or none.
private func data(rows: Int, classes: Int = 0, seed: UInt64 = 1, weights: [Double]? = nil) -> TrainingData {
    var random = SplitMix64(seed: seed)
    var features = FeatureMatrix(rows: rows, columns: 4)
    var targets: [Double] = []
    for row in 0..<rows {
        for column in 0..<4 { features[row, column] = (random.nextUnit() * 20).rounded() / 2 }
        let signal = features[row, 0] + (features[row, 1] > 5 ? 4 : 0)
        targets.append(
            classes > 0 ? Double(min(Int(signal / 15 * Double(classes)), classes - 1)) : signal - PortableMath.log(random.nextUnit()))
    }
    return TrainingData(
        features: features, targets: targets, weights: weights, featureNames: ["a", "b", "c", "d"],
        task: classes > 0 ? .classification : .regression, classCount: classes > 0 ? classes : nil)
}

@Suite struct WeightedSampleTests {
    @Test func quantilesAreInterpolated() {
        for (level, expected) in [(0.0, 1.0), (0.25, 2), (0.5, 3.5), (0.9, 29.5), (1, 40)] {
            var sample = WeightedSample(values: [40, 1, 5, 2, 19, 2])
            #expect((sample.quantile(level) - expected).magnitude < 1e-12)
        }
        var one = WeightedSample(values: [7])
        #expect(one.quantile(0.1) == 7)
    }

    @Test func selectionGivesTheSortedValue() {
        var random = SplitMix64(seed: 4)
        for count in [2, 3, 10, 101, 1_000] {
            let values = (0..<count).map { _ in Double(random.nextInt(below: count)) }
            let sorted = values.sorted()
            for rank in [0, count / 3, count - 1] {
                var sample = WeightedSample(values: values)
                #expect((sample.quantile(Double(rank) / Double(count - 1)) - sorted[rank]).magnitude < 1e-9)
            }
        }
    }

    @Test func aWeightOfTwoIsTheValueTwice() {
        var weighted = WeightedSample(values: [5, 1, 3], weights: [2, 1, 1])
        #expect(weighted.quantile(0.5) == 4)
        var plain = WeightedSample(values: [5, 5, 1, 3])
        #expect(plain.quantile(0.5) == 4)
    }
}

@Suite struct BoostingLossTests {
    /// Trees, leaf values and probabilities of LightGBM; it keeps gradients as float32.
    @Test(arguments: ["absolute", "quantile_0.1", "quantile_0.8", "squared_weighted", "logistic_weighted", "softmax"])
    func smallTreesAreLightGBMs(_ name: String) throws {
        let (_, columns) = try ReferenceData.table("boosting_losses/table.csv")
        let rows = columns["x"]!.count
        let features = FeatureMatrix(rows: rows, columns: 2, values: zip(columns["x"]!, columns["z"]!).flatMap { [$0, $1] })
        let isWeighted = name.hasSuffix("weighted")
        let classes = name == "softmax" ? 3 : name.hasPrefix("logistic") ? 2 : 0
        let targets = classes == 3 ? columns["class"]! : classes == 2 ? columns["class"]!.map { $0 == 1 ? 1 : 0 } : columns["y"]!
        let source = TrainingData(
            features: features, targets: targets, weights: isWeighted ? columns["weight"]! : nil, featureNames: ["x", "z"],
            task: classes > 0 ? .classification : .regression, classCount: classes)
        var values: [String: Double] = [
            "trees": 3, "leaves": 4, "learning_rate": 0.3, "l2": 0, "min_rows_in_leaf": isWeighted ? 1 : 5, "feature_fraction": 1,
            "validation_fraction": 0,
        ]
        let parts = name.split(separator: "_")
        if parts[0] == "quantile" { values["quantile"] = Double(parts[1])! }
        let p = try fit(source, values, loss: classes == 3 ? "logistic" : String(parts[0])).predictions(features, classCount: classes)
        if classes == 3 {
            for k in 0..<3 { #expect(largestDifference(p.probabilities.column(k), columns["softmax_\(k)"]!) < 1e-4) }
        } else {
            #expect(largestDifference(classes == 2 ? p.spread : p.mean, columns[name]!) < (isWeighted ? 2e-3 : 1e-5))
        }
    }

    @Test func absoluteIsTheMedianAndQuantilesCoverTheirShare() throws {
        let (train, test) = (data(rows: 4_000), data(rows: 2_000, seed: 9))
        let median = try fit(train, loss: "absolute").predictions(test.features).mean
        let mean = try fit(train).predictions(test.features).mean
        #expect(Metrics.meanAbsoluteError(median, test.targets) < Metrics.meanAbsoluteError(mean, test.targets))
        #expect(Metrics.rootMeanSquareError(mean, test.targets) < Metrics.rootMeanSquareError(median, test.targets))
        for level in [0.1, 0.5, 0.9] {
            let p = try fit(train, ["quantile": level, "leaves": 6, "min_rows_in_leaf": 80], loss: "quantile").predictions(test.features)
                .mean
            let below = Double(zip(p, test.targets).count { $1 <= $0 }) / 2_000
            #expect((below - level).magnitude < 0.05, "\(level) \(below)")
        }
    }

    @Test(arguments: ["squared", "absolute", "huber"]) func outliersMoveRobustLossesLess(_ loss: String) throws {
        var train = data(rows: 1_000)
        let test = data(rows: 1_000, seed: 5)
        let before = try fit(train, loss: loss).predictions(test.features).mean
        for row in stride(from: 0, to: 1_000, by: 50) { train.targets[row] += 1_000 }
        let moved = Metrics.meanAbsoluteError(before, try fit(train, loss: loss).predictions(test.features).mean)
        #expect(loss == "squared" ? moved > 5 : moved < 1.5, "\(loss) \(moved)")
    }

    /// Two as a weight is the row twice, as long as the bins are the same.
    @Test(arguments: ["squared", "absolute", "huber", "logistic"]) func aWeightOfTwoIsTheRowTwice(_ loss: String) throws {
        for classes in loss == "logistic" ? [2, 4] : [0] {
            let plain = data(rows: 300, classes: classes)
            let twice = plain.selecting((0..<300).flatMap { $0 % 3 == 0 ? [$0, $0] : [$0] })
            var weighted = plain
            // Not scaled, so that l2 and the least rows of a leaf weigh the same.
            weighted.weights = (0..<300).map { $0 % 3 == 0 ? 2 : 1 }
            let values: [String: Double] = [
                "trees": 8, "leaves": 5, "learning_rate": 0.3, "l2": 1, "min_rows_in_leaf": 1, "validation_fraction": 0,
                "feature_fraction": 1,
            ]
            let test = data(rows: 200, classes: classes, seed: 8).features
            let (a, b) = (
                try fit(twice, values, loss: loss).predictions(test, classCount: classes),
                try fit(weighted, values, loss: loss).predictions(test, classCount: classes)
            )
            // The δ of huber is interpolated only where rows weigh the same.
            let tolerance = loss == "huber" ? 0.05 : 1e-3
            #expect(largestDifference(classes > 0 ? a.spread : a.mean, classes > 0 ? b.spread : b.mean) < tolerance, "\(classes)")
        }
    }

    @Test(arguments: ["squared", "absolute", "huber"]) func weightsDoNotDependOnThreadsOrTheirScale(_ loss: String) throws {
        var random = SplitMix64(seed: 2)
        let weights = (0..<3_000).map { _ in 0.01 + random.nextUnit() * 5 }
        let source = data(rows: 3_000, weights: weights)
        let one = try fit(source, ["trees": 5], loss: loss).parameters
        #expect(try fit(source, ["trees": 5], loss: loss, threads: 3).parameters == one)
        #expect(try fit(data(rows: 3_000, weights: weights.map { $0 * 8 }), ["trees": 5], loss: loss).parameters == one)
        #expect(try fit(data(rows: 3_000), ["trees": 5], loss: loss).parameters != one)
        let equal = data(rows: 300, weights: [Double](repeating: 3, count: 300))
        #expect(try fit(equal, ["trees": 5], loss: loss).parameters == fit(data(rows: 300), ["trees": 5], loss: loss).parameters)
    }
}

@Suite struct ManyClassesTests {
    @Test func featuresThatSayNothingGiveTheShares() throws {
        let targets = (0..<60).map { Double([0, 0, 0, 1, 2, 2][$0 % 6]) }
        let source = TrainingData(
            features: FeatureMatrix(rows: 60, columns: 1), targets: targets, featureNames: ["a"], task: .classification, classCount: 3)
        let p = try fit(source, ["validation_fraction": 0, "trees": 20]).predictions(source.features, classCount: 3)
        #expect(largestDifference(Array(p.probabilities.row(0)), [0.5, 1.0 / 6, 1.0 / 3]) < 1e-9 && p.mean[0] == 0)
    }

    @Test(arguments: [3, 7]) func classesAreLearned(_ classes: Int) throws {
        let (train, test) = (data(rows: 2_000, classes: classes), data(rows: 500, classes: classes, seed: 6))
        let model = try fit(train, ["trees": 60])
        let p = model.predictions(test.features, classCount: classes)
        #expect(Double(zip(p.mean, test.targets).count { $0 == $1 }) / 500 > 0.95)
        for row in 0..<500 {
            let sum = p.probabilities.row(row).reduce(0, +)
            #expect((sum - 1).magnitude < 1e-12 && p.probabilities[row, Int(p.mean[row])] == p.spread[row])
        }
        #expect(try fit(train, ["trees": 60], threads: 2).parameters == model.parameters)
        let read = try BoostedTreesModel(parameters: model.parameters)
        #expect(read.predictions(test.features, classCount: classes) == p)
    }

    /// A part of the rows may lack classes: those get no probability to speak of.
    @Test func absentClassesAreUnlikely() throws {
        var source = data(rows: 300, classes: 4)
        source.targets = source.targets.map { $0 == 2 ? 1 : $0 }
        let p = try fit(source, ["trees": 30]).predictions(source.features, classCount: 4)
        #expect(p.probabilities.column(2).allSatisfy { $0 < 1e-3 } && p.mean.allSatisfy { $0 != 2 })
    }

    @Test func damagedClassesAreRefused() throws {
        let whole = try fit(data(rows: 100, classes: 3), ["trees": 3]).parameters
        for count: Int64 in [-1, 0, 1, 2, 4, .max] {
            var damaged = whole
            damaged["class_count"] = .integers([count], shape: [1])
            #expect(throws: MatSieveError.self) { try BoostedTreesModel(parameters: damaged) }
        }
        for key in whole.entries.keys {
            var damaged = whole
            damaged[key] = nil
            #expect(throws: MatSieveError.self, "\(key)") { try BoostedTreesModel(parameters: damaged) }
        }
    }
}

@Suite struct BoostingSettingsTests {
    @Test func lossesMustFitTheTask() {
        #expect { try fit(data(rows: 50), loss: "logistic") } throws: {
            "\($0)".contains("line 4") && "\($0)".contains("'logistic' is for classes")
        }
        #expect { try fit(data(rows: 50, classes: 3), loss: "absolute") } throws: { "\($0)".contains("'absolute' is not a loss") }
        #expect { try fit(data(rows: 50), loss: "quantil") } throws: { "\($0)".contains("quantile") }
        #expect { try fit(data(rows: 50), loss: "quantile") } throws: { "\($0)".contains("needs 'quantile'") }
        #expect { try fit(data(rows: 50), ["quantile": 0.5]) } throws: { "\($0)".contains("needs 'loss: quantile'") }
        #expect { try fit(data(rows: 50), ["quantile": 1.5], loss: "quantile") } throws: { "\($0)".contains("between") }
    }

    @Test(arguments: [0, 2, 3]) func severalSeedsGiveTheMeanOfTheirScores(_ classes: Int) throws {
        let (train, test) = (data(rows: 400, classes: classes), data(rows: 300, classes: classes, seed: 7))
        let bag = try fit(train, ["trees": 40, "seeds": 3])
        #expect(bag.ensembles[0].treeCount > 60)
        let p = bag.predictions(test.features, classCount: classes)
        if classes == 0 {
            let runs = try (0..<3).map { n in
                try fit(train, ["trees": 40], seed: 3 &+ UInt64(n) &* 0x9e37_79b9_7f4a_7c15).predictions(test.features).mean
            }
            #expect(largestDifference(p.mean, (0..<300).map { (runs[0][$0] + runs[1][$0] + runs[2][$0]) / 3 }) < 1e-12)
        } else {
            #expect(Double(zip(p.mean, test.targets).count { $0 == $1 }) / 300 > 0.9)
        }
        let read = try BoostedTreesModel(parameters: bag.parameters)
        #expect(read.predictions(test.features, classCount: classes) == p)
    }
}
