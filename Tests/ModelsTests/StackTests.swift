import MaterialsCore
import Testing

@testable import Models

@Suite struct StackTests {
    /// y = 2·x0 + step(x1): half linear, half a tree's.
    private func mixed(_ rows: Int, seed: UInt64 = 5) -> TrainingData {
        var random = SplitMix64(seed: seed)
        var features = FeatureMatrix(rows: rows, columns: 4)
        for i in features.values.indices { features.values[i] = random.nextUnit() * 2 - 1 }
        let targets = (0..<rows).map { features[$0, 0] * 2 + (features[$0, 1] > 0.2 ? 3 : 0) + 0.05 * random.nextUnit() }
        return TrainingData(features: features, targets: targets, featureNames: ["a", "b", "c", "d"])
    }

    private func stack(_ members: [String], _ data: TrainingData, seed: UInt64 = 1) throws -> StackModel {
        let list = Setting(.list(members.map { Setting(.text($0)) }))
        var settings = try Settings(Setting(.mapping([("members", 2, list)])), subject: "stack")
        return try StackModel.fit(data, settings: &settings, context: TrainingContext(seed: seed))
    }

    /// Two members that err to opposite sides weigh the same; a constant third gets nothing.
    @Test func selectionFindsTheBlend() {
        let targets = (0..<100).map { Double($0) }
        func member(_ shift: Double) -> FeatureMatrix { FeatureMatrix(rows: 100, columns: 1, values: targets.map { $0 + shift }) }
        let constant = FeatureMatrix(rows: 100, columns: 1)
        let selection = EnsembleSelection(targets: targets, weights: nil, loss: .absolute)
        let result = selection.select([member(1), member(-1), constant])
        #expect(result.weights == [0.5, 0.5, 0] && result.loss < 1e-12)
    }

    /// Weighted rows decide: with all weight on the first half the member that is right there wins.
    @Test func selectionHonoursWeights() {
        let targets = [Double](repeating: 1, count: 10)
        let first = FeatureMatrix(rows: 10, columns: 1, values: (0..<10).map { $0 < 5 ? 1 : 4 })
        let second = FeatureMatrix(rows: 10, columns: 1, values: (0..<10).map { $0 < 5 ? 4 : 1 })
        let weights = (0..<10).map { $0 < 5 ? 1.9 : 0.1 }
        let selection = EnsembleSelection(targets: targets, weights: weights, loss: .absolute)
        #expect(selection.select([first, second]).weights == [1, 0])
    }

    @Test func aStackIsNoWorseThanItsBestMember() throws {
        let (data, fresh) = (mixed(300), mixed(400, seed: 6))
        func error(_ members: [String]) throws -> Double {
            Metrics.meanAbsoluteError(try stack(members, data).predictions(fresh.features).mean, fresh.targets)
        }
        let both = try error(["ridge", "boosted-trees"])
        let alone = try min(error(["ridge"]), error(["boosted-trees"]))
        #expect(both <= alone * 1.02)
    }

    /// Learning log y and coming back gives positive values and errors relative to them.
    @Test func aLogarithmicMemberComesBack() throws {
        var random = SplitMix64(seed: 2)
        let features = FeatureMatrix(rows: 200, columns: 1, values: (0..<200).map { _ in random.nextUnit() * 4 })
        let targets = features.values.map { PortableMath.exp($0) }
        let data = TrainingData(features: features, targets: targets, featureNames: ["x"])
        #expect(TargetTransform.logarithm.suits(targets.map { $0 * $0 * $0 }) && !TargetTransform.logarithm.suits([-1, 2, 3]))
        let member = try StackRecipe("ridge", transform: .logarithm).fit(data, TrainingContext())
        let p = member.predictions(features, classCount: 0)
        #expect(largestDifference(p.mean, targets) < 1e-3)
    }

    @Test func aBalancedDecisionMovesTheBorderToTheShares() throws {
        var random = SplitMix64(seed: 4)
        let rows = 600
        let features = FeatureMatrix(rows: rows, columns: 1, values: (0..<rows).map { _ in random.nextUnit() })
        let targets = features.values.map { random.nextUnit() < 0.1 + 0.3 * $0 ? 1.0 : 0 }
        let data = TrainingData(features: features, targets: targets, featureNames: ["x"], task: .classification)
        var settings = try Settings(
            Setting(.mapping([("members", 1, Setting(.list([Setting(.text("ridge"))]))), ("decision", 1, Setting(.text("balanced")))])),
            subject: "stack")
        let model = try StackModel.fit(data, settings: &settings, context: TrainingContext())
        let p = model.predictions(features, classCount: 2)
        let share = targets.reduce(0, +) / Double(rows)
        for row in 0..<rows { #expect((p.mean[row] == 1) == (p.spread[row] / share > (1 - p.spread[row]) / (1 - share))) }
        #expect(p.mean.contains(1) && p.mean.contains(0))
    }

    @Test func membersMustExistAndNotBeStacks() {
        for (name, expected) in [("stack", "can't be"), ("rigde", "did you mean 'ridge'?")] {
            #expect { try stack([name], mixed(40)) } throws: { "\($0)".contains(expected) }
        }
    }

    // MARK: auto

    private func auto(_ data: TrainingData, _ text: [(String, Setting.Value)] = []) throws -> AutoModel {
        let mapping = text.map { (key: $0.0, line: 1, value: Setting($0.1)) }
        var settings = try Settings(Setting(.mapping(mapping)), subject: "auto")
        return try AutoModel.fit(data, settings: &settings, context: TrainingContext(seed: 3))
    }

    /// A group of pure noise gains nothing, and the model can do without columns that no member sees.
    @Test func autoTellsADescriptorThatSaysNothing() throws {
        var data = mixed(400)
        var random = SplitMix64(seed: 9)
        var wide = FeatureMatrix(rows: 400, columns: 24)
        for row in 0..<400 {
            for c in 0..<24 { wide[row, c] = c < 4 ? data.features[row, c] : random.nextUnit() }
        }
        data.features = wide
        data.featureNames = (0..<24).map { "x\($0)" }
        data.groups = [FeatureGroup(name: "useful", columns: 0..<4), FeatureGroup(name: "noise", columns: 4..<24)]
        data.features = data.features.appending(FeatureMatrix(rows: 400, columns: 2))
        data.featureNames += ["constant", "another"]
        data.groups.append(FeatureGroup(name: "constants", columns: 24..<26))
        let model = try auto(data, [("minutes", .number(0.2)), ("folds", .number(2))])
        #expect(model.summary["descriptors"]?.contains("no gain from noise") == true)
        #expect(model.usedColumns.allSatisfy { $0 < 24 })
        let kept = Array(0..<24)
        #expect(
            model.restricted(to: kept).predictions(data.features.selectingColumns(kept)).mean.bits
                == model.predictions(data.features).mean.bits)
    }

    /// The budget is counted, not measured: what does not fit is not tried, and the card says so.
    @Test func autoStaysWithinItsBudget() throws {
        let model = try auto(mixed(200), [("minutes", .number(0.01))])
        #expect(model.summary["not_tried"]?.contains("beyond the budget") == true)
        #expect(throws: MatSieveError.self) { try auto(mixed(50), [("minutes", .number(-1))]) }
        #expect { try auto(mixed(50), [("models", .list([Setting(.text("ridgee"))]))]) } throws: {
            "\($0)".contains("did you mean 'ridge'?")
        }
    }

    @Test func relevanceRanksAndDropsRepetitions() {
        var random = SplitMix64(seed: 1)
        var features = FeatureMatrix(rows: 500, columns: 5)
        for row in 0..<500 {
            for c in [0, 1, 4] { features[row, c] = random.nextUnit() }
            features[row, 2] = features[row, 0]
            features[row, 3] = 7
        }
        let targets = (0..<500).map { features[$0, 0] + 0.3 * features[$0, 1] }
        let data = TrainingData(features: features, targets: targets, featureNames: ["a", "b", "a again", "constant", "noise"])
        #expect(FeatureRelevance.distinctColumns(features) == [0, 1, 4])
        let relevance = FeatureRelevance(data, seed: 0)
        #expect(relevance.information[0] > relevance.information[1] && relevance.information[1] > relevance.information[4])
        #expect(relevance.information[3] == 0 && relevance.select(2, among: [0, 1, 2, 3, 4]) == [0, 1])
    }

    /// One forest answers in every combination of its trees, as fits of each would.
    @Test func aForestIsTriedInEveryCombination() throws {
        let data = mixed(120)
        var recipe = StackRecipe("extra-trees", ["trees": 20])
        recipe.choosesCombination = true
        let table = OutOfFoldTable(data, folds: try Folds.inner(3, data, seed: 1))
        let columns = try table.predictions([recipe], TrainingContext(seed: 1))[0]
        #expect(columns.count == TreeCombination.allCases.count)
        for (column, how) in zip(columns, TreeCombination.allCases) {
            let alone = StackRecipe("extra-trees", ["trees": 20], texts: ["combine": how.rawValue])
            #expect(try table.predictions(alone, TrainingContext(seed: 1)).values == column.outputs.values)
            #expect(column.recipe.text.contains(how.rawValue))
        }
    }

    /// The covariance chosen on one part serves for another; where other columns vary it is chosen anew.
    @Test func hyperparametersServeAgain() throws {
        let data = mixed(80)
        func fit(_ rows: [Int], like model: GaussianProcessModel?) throws -> GaussianProcessModel {
            var settings = Settings(subject: "gaussian-process")
            return try GaussianProcessModel.fit(data.selecting(rows), like: model, settings: &settings, context: TrainingContext(seed: 1))
        }
        let first = try fit(Array(0..<60), like: nil)
        let second = try fit(Array(20..<80), like: first)
        #expect(second.predictor.covariance == first.predictor.covariance && second.predictor.rows == 60)
        #expect(try fit(Array(20..<80), like: nil).predictor.covariance != first.predictor.covariance)
    }
}
