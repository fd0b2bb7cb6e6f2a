import MaterialsCore
import Testing

@testable import Models

/// Rows whose target depends on the columns in known ways.
private func data(rows: Int, columns: Int = 5, seed: UInt64 = 1, task: LearningTask = .regression) -> TrainingData {
    var random = SplitMix64(seed: seed)
    var features = FeatureMatrix(rows: rows, columns: columns)
    var targets: [Double] = []
    for row in 0..<rows {
        for column in 0..<columns { features[row, column] = random.nextUnit() * 10 - 5 }
        let signal = features[row, 0] * 2 + (features[row, 1] > 1 ? 7 : 0) + features[row, 2] * features[row, 2] + random.nextUnit()
        targets.append(task == .regression ? signal : signal > 8 ? 1 : 0)
    }
    return TrainingData(features: features, targets: targets, featureNames: (0..<columns).map { "x\($0)" }, task: task)
}

private func fit(_ data: TrainingData, _ values: [String: Double] = [:], seed: UInt64 = 3, threads: Int = 1) throws -> BoostedTreesModel {
    var s = try settings(values)
    return try BoostedTreesModel.fit(data, settings: &s, context: TrainingContext(seed: seed, threads: threads))
}

/// A run to its end, with what a model does not keep.
private func finishedRun(_ data: TrainingData, _ settings: inout Settings, seed: UInt64) throws -> BoostingRun {
    let chosen = try BoostedTreesSettings(&settings, classCount: data.classCount)
    let context = TrainingContext(seed: seed)
    var run = BoostingRun(
        data, matrix: try BinnedMatrix(data, mostBins: chosen.maxBins, context: context), settings: chosen, context: context)
    try run.run()
    return run
}

@Suite struct FeatureBinsTests {
    @Test func fewValuesGetABinEach() {
        let bins = FeatureBins.numeric(column: 0, sorted: [1, 1, 1, 2, 2, 2, 4, 4, 4], hasMissing: false, most: 255, fewestRows: 3)
        #expect(bins.limits == [1.5, 3] && bins.count == 3 && bins.missingBin == nil)
    }

    @Test func manyValuesFillBinsEvenly() {
        let values = (0..<10_000).map { Float($0) }
        let bins = FeatureBins.numeric(column: 0, sorted: values, hasMissing: true, most: 100, fewestRows: 3)
        #expect(bins.limits.count == 99 && bins.missingBin == 100 && bins.count == 101)
        let sizes = zip([-1] + bins.limits, bins.limits + [10_000]).map { $1 - $0 }
        #expect(sizes.allSatisfy { $0 > 90 && $0 < 111 })
    }

    @Test func aFrequentValueStandsAlone() {
        let values = ([Float](repeating: 0, count: 5_000) + (1...5_000).map { Float($0) }).sorted()
        let bins = FeatureBins.numeric(column: 0, sorted: values, hasMissing: false, most: 50, fewestRows: 3)
        #expect(bins.limits.first == 0.5 && bins.limits.count > 40)
    }

    @Test func limitsLieBetweenNeighbours() {
        let tiny = Float(1).nextUp
        #expect(FeatureBins.between(1, tiny) >= 1 && FeatureBins.between(1, tiny) < tiny)
        #expect(FeatureBins.between(-Float.greatestFiniteMagnitude, .greatestFiniteMagnitude) == 0)
    }

    @Test func radixOrderIsTheOrderOfNumbers() {
        var random = SplitMix64(seed: 2)
        let values = (0..<5_000).map { _ in
            Float(random.nextUnit() - 0.5) * Float(sign: .plus, exponent: random.nextInt(below: 200) - 100, significand: 1)
        }
        #expect(values.radixSorted() == values.sorted())
    }
}

@Suite struct PackedGradientsTests {
    @Test(arguments: [nil, 0.25]) func sumsOfAllRowsFit(_ largestHessian: Double?) {
        var random = SplitMix64(seed: 8)
        let count = 100_000
        let gradients = (0..<count).map { _ in random.nextUnit() }
        let hessians = (0..<count).map { _ in 0.25 * random.nextUnit() }
        var packed = PackedGradients(rows: count, largestHessian: largestHessian)
        let isPacked = packed.pack(Array(0..<Int32(count)), gradients: gradients, hessians: largestHessian == nil ? nil : hessians)
        #expect(isPacked)
        let sum = (0..<count).reduce(Int64(0)) { $0 + packed.words.pointer[$1] }
        let exact = gradients.reduce(0, +)
        #expect((packed.gradient(sum) / packed.gradientScale - exact).magnitude < exact * 1e-5)
        let exactHessian = largestHessian == nil ? Double(count) : hessians.reduce(0, +)
        #expect((packed.hessian(sum) / packed.hessianScale - exactHessian).magnitude <= exactHessian * 1e-3)
    }

    @Test func zeroGradientsEndTheFit() {
        var packed = PackedGradients(rows: 3, largestHessian: nil)
        let isPacked = packed.pack([0, 1, 2], gradients: [0, 0, 0], hessians: nil)
        #expect(!isPacked)
    }
}

@Suite struct BoostedTreesTests {
    @Test func learnsAStepExactly() throws {
        var features = FeatureMatrix(rows: 100, columns: 2)
        for row in 0..<100 { features[row, 1] = Double(row) }
        let targets = (0..<100).map { $0 < 30 ? 1.0 : 5.0 }
        let step = TrainingData(features: features, targets: targets, featureNames: ["constant", "x"])
        let model = try fit(step, ["trees": 1, "learning_rate": 1, "l2": 0, "validation_fraction": 0])
        let prediction = model.predictions(features)
        #expect(largestDifference(prediction.mean, targets) < 1e-14)
        #expect(prediction.spread.allSatisfy { $0.isNaN })
    }

    /// What was added up over bins in training is what float32 features give afterwards.
    @Test(arguments: [LearningTask.regression, .classification]) func trainingScoresAreThePredictions(_ task: LearningTask) throws {
        var source = data(rows: 700, task: task)
        for row in stride(from: 0, to: 700, by: 9) { source.features[row, 2] = .nan }
        var s = try settings(["trees": 40, "row_fraction": 0.7, "feature_fraction": 0.6, "early_stopping_rounds": 0])
        let run = try finishedRun(source, &s, seed: 5)
        #expect(run.ensembles[0].treeCount == 40)
        #expect(run.scores[0].bits == (0..<700).map { run.ensembles[0].sum(Array(source.features.row($0)).span) }.bits)
    }

    @Test func theModelDoesNotDependOnThreads() throws {
        let source = data(rows: 5_000, columns: 40)
        let values: [String: Double] = ["trees": 6, "feature_fraction": 0.8, "row_fraction": 0.9]
        let one = try fit(source, values, threads: 1).parameters
        #expect(try fit(source, values, threads: 2).parameters == one)
        #expect(try fit(source, values, threads: 7).parameters == one)
        #expect(try fit(source, values, seed: 4).parameters != one)
    }

    @Test func missingValuesGoWhereTheyFit() throws {
        var random = SplitMix64(seed: 6)
        var features = FeatureMatrix(rows: 400, columns: 1)
        for row in 0..<400 { features[row, 0] = row % 4 == 0 ? .nan : random.nextUnit() }
        for (high, low) in [(3.0, 0.0), (0.0, 3.0)] {
            let targets = (0..<400).map { features[$0, 0].isNaN || features[$0, 0] > 0.5 ? high : low }
            let source = TrainingData(features: features, targets: targets, featureNames: ["x"])
            let model = try fit(source, ["trees": 1, "leaves": 3, "learning_rate": 1, "l2": 0, "validation_fraction": 0])
            let p = model.predictions(FeatureMatrix(rows: 4, columns: 1, values: [.nan, 0.9, 0.1, .infinity]))
            #expect(largestDifference(p.mean, [high, high, low, high]) < 1e-12)
        }
    }

    @Test func categoriesAreSplitManyAgainstMany() throws {
        var random = SplitMix64(seed: 7)
        let isHigh: Set<Int> = [1, 4, 5, 8, 13, 17, 19]
        var features = FeatureMatrix(rows: 4_000, columns: 2)
        var targets: [Double] = []
        for row in 0..<4_000 {
            let code = random.nextInt(below: 20)
            features[row, 0] = row % 50 == 0 ? .nan : Double(code * 100)
            features[row, 1] = random.nextUnit()
            targets.append(isHigh.contains(code) && row % 50 != 0 ? 10 : 0)
        }
        let source = TrainingData(features: features, targets: targets, featureNames: ["code", "noise"], categoricalColumns: [0])
        let model = try fit(source, ["trees": 60, "leaves": 4, "learning_rate": 0.3])
        let codes = (0..<20).map { Double($0 * 100) } + [.nan, 50, 1e9]
        let p = model.predictions(FeatureMatrix(rows: codes.count, columns: 2, values: codes.flatMap { [$0, 0.5] }))
        #expect(largestDifference(p.mean, (0..<20).map { isHigh.contains($0) ? 10 : 0 } + [0, 0, 0]) < 0.1)
        let read = try BoostedTreesModel(parameters: model.parameters)
        #expect(read.predictions(features) == model.predictions(features))
        // As numbers, seven separate codes need far more leaves.
        let numeric = try fit(
            TrainingData(features: features, targets: targets, featureNames: ["code", "noise"]),
            ["trees": 3, "leaves": 4, "learning_rate": 1])
        let few = try fit(source, ["trees": 3, "leaves": 4, "learning_rate": 1])
        #expect(
            Metrics.rootMeanSquareError(few.predictions(features).mean, targets) < 0.3
                * Metrics.rootMeanSquareError(numeric.predictions(features).mean, targets))
    }

    @Test func badCategoryCodesAreRefused() throws {
        for bad in [-1.0, 1.5, 65_536, .infinity] {
            var source = data(rows: 50)
            for row in 0..<50 { source.features[row, 3] = Double(row % 3) }
            source.features[7, 3] = bad
            source.categoricalColumns = [3]
            #expect { try fit(source) } throws: { "\($0)".contains("'x3' of training row 8") }
        }
    }

    @Test func limitsOfATreeHold() throws {
        let source = data(rows: 3_000)
        let shallow = try fit(source, ["trees": 5, "max_depth": 2]).parameters.group("trees")
        let (nodes, leaves) = (try shallow.integers("node_offset"), try shallow.integers("leaf_offset"))
        #expect(zip(leaves, leaves.dropFirst()).allSatisfy { $1 - $0 <= 4 } && nodes.last! > 5)
        let gain = try fit(source, ["trees": 5, "min_gain": 1e12]).parameters.group("trees")
        #expect(try gain.integers("node_offset").last == 0)
        var s = try settings(["trees": 1, "min_rows_in_leaf": 400, "validation_fraction": 0])
        let grown = try finishedRun(source, &s, seed: 0).ensembles[0]
        var counts = [Int](repeating: 0, count: grown.largestLeafCount)
        for row in 0..<3_000 { counts[grown.leaf(of: Array(source.features.row(row)).span, tree: 0)] += 1 }
        #expect(counts.count > 2 && counts.allSatisfy { $0 >= 400 })
    }

    @Test func earlyStoppingKeepsTheBestTrees() throws {
        var random = SplitMix64(seed: 9)
        var noise = data(rows: 400)
        noise.targets = noise.targets.map { _ in random.nextUnit() }
        let model = try fit(noise, ["trees": 1_000, "early_stopping_rounds": 5])
        #expect(Int(model.summary["trees"]!)! < 60)
        let signal = try fit(data(rows: 2_000), ["trees": 150])
        #expect(Int(signal.summary["trees"]!)! > 100)
    }

    @Test func spreadIsTheErrorOfTheValidationRows() throws {
        let source = data(rows: 3_000)
        let p = try fit(source, ["trees": 200]).predictions(data(rows: 1_000, seed: 99).features)
        let error = Metrics.rootMeanSquareError(p.mean, data(rows: 1_000, seed: 99).targets)
        #expect(p.spread[0] > 0.8 * error && p.spread[0] < 1.25 * error)
        #expect(Set(p.spread.bits).count == 1)
    }

    @Test func aCancelledFitStops() throws {
        var s = try settings()
        do {
            _ = try BoostedTreesModel.fit(data(rows: 100), settings: &s, context: TrainingContext(isCancelled: { true }))
            Issue.record("not stopped")
        } catch let error as MatSieveError { #expect(error.kind == .stopped) }
    }

    /// The bits of a fit on real data, as they came out first: the same on every machine, at every optimisation level.
    @Test func aFitHasTheSameBitsOnEveryMachine() throws {
        let steels = try ReferenceData.steels(target: "strong", task: .classification).data
        let model = try fit(steels, ["trees": 30, "row_fraction": 0.8])
        let p = model.predictions(steels.features)
        var writer = ByteWriter()
        writer.write(p.spread)
        #expect(SHA256.hash(writer.bytes) == "fbbde0bb2fb95ad2d9211b7a853348cefc64dac34d7827280af9d11863f3deef")
    }

    /// Same folds and settings as LightGBM in the reference script; within 5 % of its error.
    @Test func errorOnSteelsIsLightGBMs() throws {
        let scores = Dictionary(
            uniqueKeysWithValues: try ReferenceData.text("linear_models/scores.csv").split(separator: "\n").map { line in
                let parts = line.split(separator: ",")
                return (String(parts[0]), Double(parts[1])!)
            })
        let common: [String: Double] = [
            "leaves": 7, "learning_rate": 0.05, "min_rows_in_leaf": 5, "l2": 1, "feature_fraction": 1, "validation_fraction": 0,
        ]
        let (steels, fold) = try ReferenceData.steels(target: "target", task: .regression)
        let folds = try Folds.column(fold.map { "\($0)" }, name: "fold")
        let cv = try CrossValidation.run(steels, folds: folds) { data, _ in try fit(data, common.merging(["trees": 200]) { $1 }) }
        #expect(Metrics.meanAbsoluteError(cv.outOfFold.mean, steels.targets) < 1.05 * scores["lightgbm_mae"]!)
        let strong = try ReferenceData.steels(target: "strong", task: .classification).data
        let classes = try CrossValidation.run(strong, folds: folds) { data, _ in try fit(data, common.merging(["trees": 50]) { $1 }) }
        let loss = zip(classes.outOfFold.spread, strong.targets).reduce(0) { $0 - PortableMath.log($1.1 == 1 ? $1.0 : 1 - $1.0) } / 312
        #expect(loss < 1.05 * scores["lightgbm_log_loss"]!)
    }
}
