import MaterialsCore
import Testing

@testable import Models

/// What every registered model must do.
@Suite struct ModelConformanceTests {
    private static let names = ModelRegistry.entries.filter { !$0.traits.isImported }.map(\.name)

    /// Settings that keep these tests short where the defaults are made for accuracy.
    private static let quick = ["mlp": ["members": 2.0, "hidden": 24, "epochs": 40, "learning_rate": 0.02]]

    /// Mixed features (one constant, one repeated, some missing) and a target that depends on them.
    private func data(_ task: LearningTask, rows: Int = 120, seed: UInt64 = 11) -> TrainingData {
        var random = SplitMix64(seed: seed)
        var features = FeatureMatrix(rows: rows, columns: 6)
        for row in 0..<rows {
            for column in 0..<4 { features[row, column] = random.nextUnit() * 20 - 10 }
            features[row, 4] = 3
            features[row, 5] = features[row, 0]
            if row % 7 == 3 { features[row, 1] = .nan }
        }
        let scores = (0..<rows).map { features[$0, 0] * 3 - features[$0, 2] + random.nextUnit() }
        let targets = task == .regression ? scores : scores.map { $0 > 0 ? 1 : 0 }
        return TrainingData(features: features, targets: targets, featureNames: (0..<6).map { "x\($0)" }, task: task)
    }

    private func fit(_ name: String, _ data: TrainingData, threads: Int = 1, _ values: [String: Double] = [:]) throws -> any PropertyModel {
        var s = try settings((Self.quick[name] ?? [:]).merging(values) { $1 })
        return try ModelRegistry.entry(named: name).fit(data, &s, TrainingContext(seed: 1, threads: threads))
    }

    @Test func namesAreSortedUniqueAndWellFormed() {
        let names = ModelRegistry.entries.map(\.name)
        #expect(names == Set(names).sorted())
        for name in names { #expect(name.allSatisfy { $0.isLowercase || $0 == "-" }) }
    }

    @Test func importedModelsCannotBeFitted() {
        for entry in ModelRegistry.entries where entry.traits.isImported {
            #expect { try fit(entry.name, data(.regression)) } throws: {
                ($0 as? MatSieveError)?.kind == .usage && "\($0)".contains("matsieve convert")
            }
            #expect(throws: MatSieveError.self) { try entry.load(ParameterArchive()) }
        }
    }

    @Test func unknownNamesGetASuggestion() {
        #expect { try ModelRegistry.entry(named: "boosted-tree") } throws: { "\($0)".contains("did you mean 'boosted-trees'?") }
        #expect { try ModelRegistry.entry(named: "zzzzzzzzzzzz") } throws: { "\($0)".contains("ridge") }
    }

    @Test(arguments: names, [LearningTask.regression, .classification]) func learnsAndSurvivesItsArchive(
        _ name: String, _ task: LearningTask
    ) throws {
        let model = try fit(name, data(task))
        let fresh = data(task, rows: 200, seed: 12)
        let p = model.predictions(fresh.features)
        if task == .regression {
            #expect(Metrics.determination(p.mean, fresh.targets) > 0.8)
        } else {
            #expect(p.mean.allSatisfy { $0 == 0 || $0 == 1 } && p.spread.allSatisfy { $0 >= 0 && $0 <= 1 })
            #expect(Metrics.areaUnderROC(p.spread, fresh.targets) > 0.9)
        }
        let read = try ModelRegistry.entry(named: name).load(model.parameters)
        let again = read.predictions(fresh.features)
        #expect(again.mean.bits == p.mean.bits && again.spread.bits == p.spread.bits)
        #expect(read.parameters == model.parameters && read.summary == model.summary)
        #expect(try fit(name, data(task)).parameters == model.parameters)
    }

    @Test(arguments: names, [LearningTask.regression, .classification]) func aRowDoesNotDependOnItsBatchOrTheThreads(
        _ name: String, _ task: LearningTask
    ) throws {
        let model = try fit(name, data(task))
        for threads in [2, 7] { #expect(try fit(name, data(task), threads: threads).parameters == model.parameters) }
        let fresh = data(task, rows: 100, seed: 13).features
        let whole = model.predictions(fresh)
        for size in [1, 3, 16, 17, 99] {
            var mean: [Double] = []
            var spread: [Double] = []
            for first in stride(from: 0, to: 100, by: size) {
                let part = model.predictions(fresh.selecting(Array(first..<min(first + size, 100))))
                mean += part.mean
                spread += part.spread
            }
            #expect(mean.bits == whole.mean.bits && spread.bits == whole.spread.bits, "batches of \(size)")
        }
    }

    @Test(arguments: names) func anEmptyBatchIsFine(_ name: String) throws {
        let model = try fit(name, data(.regression))
        #expect(model.predictions(FeatureMatrix(rows: 0, columns: 6)).mean.isEmpty)
    }

    @Test(arguments: names) func missingInfiniteAndHugeFeaturesGiveNumbers(_ name: String) throws {
        for task in [LearningTask.regression, .classification] {
            let model = try fit(name, data(task))
            let odd: [Double] = [.nan, .infinity, -.infinity, 1e300, 0, -1e300]
            let p = model.predictions(FeatureMatrix(rows: 2, columns: 6, values: odd + [Double](repeating: .nan, count: 6)))
            #expect(p.mean[1].isFinite)
            if task == .classification { #expect(p.mean.allSatisfy { $0 == 0 || $0 == 1 }) }
        }
    }

    @Test(arguments: names) func featuresThatSayNothingGiveTheMean(_ name: String) throws {
        let targets = (0..<30).map { Double($0 % 3) }
        for value in [5.0, .nan] {
            let constant = TrainingData(
                features: FeatureMatrix(rows: 30, columns: 2, values: [Double](repeating: value, count: 60)), targets: targets,
                featureNames: ["a", "b"])
            let p = try fit(name, constant).predictions(FeatureMatrix(rows: 1, columns: 2, values: [7, 7]))
            // Boosted trees keep some rows aside, so theirs is the mean of the rest.
            #expect((p.mean[0] - 1).magnitude < 0.2)
        }
    }

    @Test(arguments: names) func constantTargetsAreReproduced(_ name: String) throws {
        var constant = data(.regression)
        constant.targets = constant.targets.map { _ in 4.25 }
        let p = try fit(name, constant).predictions(constant.features)
        #expect(largestDifference(p.mean, constant.targets) < 1e-9)
    }

    @Test(arguments: names, [1, 2, 3]) func fewRowsGiveAModel(_ name: String, _ rows: Int) throws {
        let few = data(.regression, rows: rows)
        let p = try fit(name, few).predictions(few.features)
        #expect(p.mean.allSatisfy { $0.isFinite })
        if rows > 1 {
            var two = data(.classification, rows: rows)
            two.targets = (0..<rows).map { $0 == 0 ? 1 : 0 }
            #expect(try fit(name, two).predictions(two.features).spread.allSatisfy { $0 >= 0 && $0 <= 1 })
        }
    }

    @Test(arguments: names) func duplicateRowsAndMoreFeaturesThanRowsAreFine(_ name: String) throws {
        let source = data(.regression, rows: 40)
        let twice = source.selecting((0..<40).flatMap { [$0, $0] })
        #expect(try fit(name, twice).predictions(source.features).mean.allSatisfy { $0.isFinite })
        var random = SplitMix64(seed: 3)
        let wide = TrainingData(
            features: FeatureMatrix(rows: 25, columns: 90, values: (0..<25 * 90).map { _ in random.nextUnit() }),
            targets: source.targets.prefix(25).map { $0 },
            featureNames: (0..<90).map { "w\($0)" })
        let p = try fit(name, wide).predictions(wide.features)
        #expect(p.mean.allSatisfy { $0.isFinite } && p.spread.allSatisfy { $0.isNaN || $0 >= 0 })
    }

    @Test(arguments: names, [Double.nan, .infinity, -.infinity]) func targetsThatAreNoNumbersAreNamed(_ name: String, _ bad: Double) {
        var source = data(.regression)
        source.targets[16] = bad
        #expect { try fit(name, source) } throws: { ($0 as? MatSieveError)?.kind == .input && "\($0)".contains("row 17") }
    }

    @Test(arguments: names) func classesMustBeTwo(_ name: String) {
        var source = data(.classification)
        source.targets = source.targets.map { _ in 1 }
        #expect { try fit(name, source) } throws: { "\($0)".contains("class 1") }
        source.targets[4] = 2
        #expect { try fit(name, source) } throws: { "\($0)".contains("row 5") }
    }

    @Test(arguments: names) func targetsThatCannotBeSquaredAreNamed(_ name: String) {
        var source = data(.regression)
        source.targets[16] = 1e200
        #expect { try fit(name, source) } throws: { ($0 as? MatSieveError)?.kind == .input && "\($0)".contains("row 17") }
    }

    @Test(arguments: names) func nothingToLearnFromIsAnError(_ name: String) {
        let noFeatures = TrainingData(features: FeatureMatrix(rows: 3, columns: 0), targets: [1, 2, 3], featureNames: [])
        #expect { try fit(name, noFeatures) } throws: { "\($0)".contains("no features") }
        let noRows = TrainingData(features: FeatureMatrix(rows: 0, columns: 1), targets: [], featureNames: ["x"])
        #expect { try fit(name, noRows) } throws: { "\($0)".contains("no rows") }
    }

    @Test(arguments: names) func unknownSettingsAreNamedWithTheirLine(_ name: String) {
        #expect { try fit(name, data(.regression), ["tres": 3]) } throws: {
            ($0 as? MatSieveError)?.kind == .usage && "\($0)".contains("line 3") && "\($0)".contains("'tres'")
        }
    }

    /// Entries removed, shortened, emptied or of another kind: an error, never a crash.
    @Test(arguments: names) func damagedParametersAreRefused(_ name: String) throws {
        let entry = try ModelRegistry.entry(named: name)
        let whole = try fit(name, data(.regression)).parameters
        for key in whole.entries.keys {
            for replacement in [
                nil, ParameterArchive.Entry.doubles([], shape: [0]), .integers([], shape: [0]), .bytes([]), .string("?"),
                .integers([-1], shape: [1]),
            ] {
                if replacement == whole[key] { continue }
                var damaged = whole
                damaged[key] = replacement
                #expect(throws: MatSieveError.self, "\(key)") { try entry.load(damaged) }
            }
        }
        #expect(throws: MatSieveError.self) { try entry.load(ParameterArchive()) }
    }
}
