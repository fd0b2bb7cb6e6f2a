import MaterialsCore
import Testing

@testable import Models

/// Nothing of the rows that a fold tests may reach what is learned from the others.
@Suite struct LeakTests {
    /// Those of other programs are never fitted here.
    private static let names = ModelRegistry.entries.map(\.name).filter { !$0.hasPrefix("imported") }

    private func data(_ task: LearningTask, rows: Int = 60, columns: Int = 5) -> TrainingData {
        var random = SplitMix64(seed: 21)
        var features = FeatureMatrix(rows: rows, columns: columns)
        for i in features.values.indices { features.values[i] = deviate(&random) }
        for row in stride(from: 0, to: rows, by: 11) { features[row, 1] = .nan }
        let targets = (0..<rows).map { row -> Double in
            let signal = features[row, 0] + 0.3 * deviate(&random)
            return task == .regression ? signal : signal > 0 ? 1 : 0
        }
        return TrainingData(features: features, targets: targets, featureNames: (0..<columns).map { "x\($0)" }, task: task)
    }

    /// The same but for the tested rows: features far away, missing or infinite, other targets.
    private func disturbed(_ source: TrainingData, _ tested: [Int]) -> TrainingData {
        var result = source
        for (i, row) in tested.enumerated() {
            for c in 0..<source.features.columns { result.features[row, c] = [1e9, -1e9, .nan, .infinity, 0][(i + c) % 5] }
            result.targets[row] = source.task == .regression ? 1e6 * Double(i) : 1 - source.targets[row]
        }
        return result
    }

    private func parameters(
        _ data: TrainingData, folds: Folds, fit: (TrainingData, Int) throws -> any PropertyModel
    ) throws -> ParameterArchive {
        var learned = ParameterArchive()
        _ = try CrossValidation.run(data, folds: folds, inspect: { model, _, _ in learned = model.parameters }, fit: fit)
        return learned
    }

    /// Standardisation, imputation, selection, early stopping, choice of settings: whatever a model does, a fold's model stays the same
    /// to the last byte when the rows that it does not see change.
    @Test(arguments: names, [LearningTask.regression, .classification]) func testedRowsDoNotReachAModel(
        _ name: String, _ task: LearningTask
    ) throws {
        let source = data(task)
        let folds = try Folds.holdOut(0.25, targets: source.targets, task: task, seed: 4)
        let fit = { (training: TrainingData, _: Int) -> any PropertyModel in
            var none = Settings(subject: "model")
            return try ModelRegistry.entry(named: name).fit(training, &none, TrainingContext(seed: 3))
        }
        let before = try parameters(source, folds: folds, fit: fit)
        #expect(try parameters(disturbed(source, folds.testRows[0]), folds: folds, fit: fit) == before)
    }

    /// The same check sees a pipeline that standardises before it divides.
    @Test func statisticsOfAllRowsAreCaught() throws {
        let source = data(.regression)
        let folds = try Folds.holdOut(0.25, targets: source.targets, task: .regression, seed: 4)
        func learned(_ data: TrainingData) throws -> ParameterArchive {
            var standardised = data
            standardised.features.values = FeatureStandardization(data.features).apply(data.features)
            return try parameters(standardised, folds: folds) { training, _ in
                var none = Settings(subject: "model")
                return try RidgeModel.fit(training, settings: &none, context: TrainingContext())
            }
        }
        #expect(try learned(source) != learned(disturbed(source, folds.testRows[0])))
    }

    /// 100 rows of noise and 2,000 columns of noise: chosen on all rows, 20 of them seem to tell; chosen inside the folds none does.
    @Test func selectionOnAllRowsSeesWhatIsNotThere() throws {
        let source = data(.regression, rows: 100, columns: 2_000)
        var random = SplitMix64(seed: 77)
        let noise = source.replacingTargets((0..<100).map { _ in deviate(&random) }, task: .regression)
        let folds = try Folds.random(5, targets: noise.targets, task: .regression, seed: 4)
        func ridge(_ data: TrainingData, _ columns: [Int]) throws -> any PropertyModel {
            var none = Settings(subject: "model")
            let model = try RidgeModel.fit(data.selectingColumns(columns), settings: &none, context: TrainingContext())
            return SelectedColumns(model: model, columns: columns)
        }
        let all = mostCorrelated(noise, 20)
        let planted = try CrossValidation.run(noise, folds: folds) { training, _ in try ridge(training, all) }
        let honest = try CrossValidation.run(noise, folds: folds) { training, _ in try ridge(training, mostCorrelated(training, 20)) }
        let r2 = { (cv: CrossValidation) in Metrics.determination(cv.outOfFold.mean, noise.targets) }
        #expect(r2(planted) > 0.5, "\(r2(planted))")
        #expect(r2(honest) < 0.1, "\(r2(honest))")
    }

    /// No registered model sees anything in noise.
    @Test(arguments: names) func noiseIsNoise(_ name: String) throws {
        let source = data(.regression, rows: 60, columns: 40)
        var random = SplitMix64(seed: 78)
        let noise = source.replacingTargets((0..<60).map { _ in deviate(&random) }, task: .regression)
        let folds = try Folds.random(3, targets: noise.targets, task: .regression, seed: 4)
        let cv = try CrossValidation.run(noise, folds: folds) { training, _ in
            var none = Settings(subject: "model")
            return try ModelRegistry.entry(named: name).fit(training, &none, TrainingContext(seed: 3))
        }
        #expect(Metrics.determination(cv.outOfFold.mean, noise.targets) < 0.1)
    }

    /// Spreads and their calibration on a fold do not depend on what was observed in the fold.
    @Test func calibrationOfAFoldDoesNotSeeItsTargets() throws {
        let source = data(.regression, rows: 300)
        let rows = Array(0..<300)
        var prediction = Prediction(rows: 300)
        for row in rows { (prediction.mean[row], prediction.spread[row]) = (0, 1 + Double(row % 3)) }
        func coverage(_ observed: [Double]) -> [Double] {
            let held = HeldOutPredictions(rows: rows, folds: rows.map { $0 % 5 }, prediction: prediction, observed: observed)
            let part = held.crossFits(seed: 1)[2]
            let fitted = Calibration.fit(held.selecting(part.learned), seed: 1)
            return part.judged.map { fitted.calibrated(prediction.spread[$0]) } + fitted.factors
        }
        var other = source.targets
        for row in rows where row % 5 == 2 { other[row] = 1e6 }
        #expect(coverage(source.targets) == coverage(other))
    }
}

/// Columns of the largest |correlation| with the target, ascending.
private func mostCorrelated(_ data: TrainingData, _ count: Int) -> [Int] {
    let z = FeatureStandardization(data.features).apply(data.features)
    let width = data.features.columns
    let mean = data.targets.reduce(0, +) / Double(data.targets.count)
    let scores = (0..<width).map { c in
        data.targets.indices.reduce(0.0) { $0 + z[$1 * width + c] * (data.targets[$1] - mean) }.magnitude
    }
    return scores.indices.sorted { scores[$0] > scores[$1] }.prefix(count).sorted()
}

/// A model of some of the columns.
private struct SelectedColumns: PropertyModel {
    static let name = "selected-columns"
    let model: any PropertyModel
    let columns: [Int]
    init(model: any PropertyModel, columns: [Int]) { (self.model, self.columns) = (model, columns) }
    init(parameters: ParameterArchive) throws { throw MatSieveError.input("not stored") }
    static func fit(_ data: TrainingData, settings: inout Settings, context: TrainingContext) throws -> SelectedColumns {
        throw MatSieveError.input("not fitted")
    }
    var parameters: ParameterArchive { model.parameters }
    func predict(_ features: FeatureMatrix, into prediction: inout Prediction) {
        model.predict(features.selectingColumns(columns), into: &prediction)
    }
}
