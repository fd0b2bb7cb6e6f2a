import MaterialsCore
import Testing

@testable import Models

/// Held-out rows whose errors have the standard deviation `truth(x)` of the first of three features.
private func errors(_ count: Int, seed: UInt64 = 3, truth: (Double) -> Double) -> (TrainingData, HeldOutPredictions) {
    var random = SplitMix64(seed: seed)
    let features = FeatureMatrix(rows: count, columns: 3, values: (0..<3 * count).map { _ in random.nextUnit() })
    var prediction = Prediction(rows: count)
    let targets = (0..<count).map { row -> Double in
        prediction.mean[row] = random.nextUnit()
        return prediction.mean[row] + truth(features[row, 0]) * deviate(&random)
    }
    let data = TrainingData(features: features, targets: targets, featureNames: ["a", "b", "c"])
    return (data, HeldOutPredictions(rows: Array(0..<count), folds: (0..<count).map { $0 % 5 }, prediction: prediction, observed: targets))
}

@Suite struct ErrorModelTests {
    @Test func errorsThatFollowAFeatureAreLearned() throws {
        let (data, held) = errors(1_500) { $0 < 0.5 ? 0.1 : 2 }
        let fitted = try ErrorModel.fit(data, heldOut: held, context: TrainingContext(seed: 1))
        #expect(!fitted.model.isConstant)
        var prediction = Prediction(rows: 2)
        prediction.mean = [0.5, 0.5]
        fitted.model.fillSpread(FeatureMatrix(rows: 2, columns: 3, values: [0.2, 0.5, 0.5, 0.8, 0.5, 0.5]), of: &prediction)
        #expect(prediction.spread[0] > 0.05 && prediction.spread[0] < 0.2 && prediction.spread[1] > 1.4 && prediction.spread[1] < 2.8)
        let summary = Calibration.fit(fitted.heldOut, seed: 1).summary(fitted.heldOut, seed: 1)
        #expect(summary.miscalibrationArea < 0.05)
        for c in summary.coverage { #expect((c.observed - c.nominal).magnitude < 0.02) }
    }

    @Test(arguments: [0.0, 1]) func errorsThatFollowNothingGetOneSpread(_ size: Double) throws {
        let (data, held) = errors(600) { _ in size }
        let fitted = try ErrorModel.fit(data, heldOut: held, context: TrainingContext(seed: 1))
        #expect(fitted.model.isConstant)
        var prediction = held.prediction
        fitted.model.fillSpread(data.features, of: &prediction)
        #expect(prediction.spread.allSatisfy { ($0 - size).magnitude < 0.1 } && fitted.heldOut.prediction.spread == prediction.spread)
    }

    @Test func sameSeedSameBytesAndARowDoesNotDependOnItsBatch() throws {
        let (data, held) = errors(400) { 0.1 + $0 }
        let one = try ErrorModel.fit(data, heldOut: held, context: TrainingContext(seed: 1))
        let two = try ErrorModel.fit(data, heldOut: held, context: TrainingContext(seed: 1, threads: 3))
        #expect(one.model.parameters == two.model.parameters && !one.model.isConstant)
        let read = try ErrorModel(parameters: one.model.parameters)
        var whole = held.prediction
        read.fillSpread(data.features, of: &whole)
        for row in [0, 17, 399] {
            var single = Prediction(rows: 1)
            single.mean[0] = held.prediction.mean[row]
            one.model.fillSpread(data.features.selecting([row]), of: &single)
            #expect(single.spread.bits == [whole.spread[row]].bits)
        }
    }

    @Test func oneHoldOutFoldIsDividedByRows() throws {
        let (data, held) = errors(600) { $0 < 0.5 ? 0.1 : 2 }
        let single = HeldOutPredictions(
            rows: held.rows, folds: held.rows.map { _ in 0 }, prediction: held.prediction, observed: held.observed)
        #expect(try !ErrorModel.fit(data, heldOut: single, context: TrainingContext(seed: 1)).model.isConstant)
    }

    @Test func fewRowsGetAConstant() throws {
        for count in [1, 3, 20] {
            let (data, held) = errors(count) { 0.1 + $0 }
            #expect(try ErrorModel.fit(data, heldOut: held, context: TrainingContext(seed: 1)).model.isConstant)
        }
    }

    @Test func damageIsRefused() throws {
        let (data, held) = errors(300) { $0 < 0.5 ? 0.1 : 2 }
        let archive = try ErrorModel.fit(data, heldOut: held, context: TrainingContext(seed: 1)).model.parameters
        for values in [[Double.nan, 1, 0], [1, 2, 0], [-1, 1, 0], [1, 1]] {
            var damaged = archive
            damaged["spread"] = .doubles(values, shape: [values.count])
            #expect(throws: MatSieveError.self) { try ErrorModel(parameters: damaged) }
        }
        var damaged = archive
        damaged["trees/task"] = .string("?")
        #expect(throws: MatSieveError.self) { try ErrorModel(parameters: damaged) }
    }
}
