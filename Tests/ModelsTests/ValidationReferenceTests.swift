import Foundation
import MaterialsCore
import Testing

@testable import Models

/// Rows and values of `Datasets/references/validation`.
struct ValidationReference {
    let columns: [String: [Double]]
    let values: [String: Double]

    init() throws {
        columns = try ReferenceData.table("validation/rows.csv").columns
        values = Dictionary(
            uniqueKeysWithValues: try ReferenceData.text("validation/values.csv").split(separator: "\n").map {
                let parts = $0.split(separator: ",")
                return (String(parts[0]), Double(parts[1])!)
            })
    }

    var regression: HeldOutPredictions {
        var prediction = Prediction(rows: columns["std"]!.count)
        (prediction.mean, prediction.spread) = (columns["predicted"]!, columns["std"]!)
        return heldOut(prediction, columns["observed"]!)
    }

    var threeClasses: HeldOutPredictions {
        var prediction = Prediction(rows: columns["p0"]!.count, classCount: 3)
        for row in 0..<prediction.rows {
            prediction.setProbabilities([columns["p0"]![row], columns["p1"]![row], columns["p2"]![row]].span, row: row)
        }
        return heldOut(prediction, columns["class"]!)
    }

    var twoClasses: HeldOutPredictions {
        var prediction = Prediction(rows: columns["binary"]!.count, classCount: 2)
        for row in 0..<prediction.rows { prediction.setProbability(columns["probability"]![row], row: row) }
        return heldOut(prediction, columns["binary"]!)
    }

    /// Row r in fold r mod 5.
    private func heldOut(_ prediction: Prediction, _ observed: [Double]) -> HeldOutPredictions {
        let rows = Array(0..<observed.count)
        return HeldOutPredictions(rows: rows, folds: rows.map { $0 % 5 }, prediction: prediction, observed: observed)
    }

    /// The 22 Magpie means of Matbench's phonons, their targets, and the elements of each row.
    static func phonons() throws -> (data: TrainingData, elements: [[UInt8]]) {
        let values = try ReferenceData.values("validation/phonons.f32", of: Float.self).map { Double($0) }
        let rows = values.count / 23
        var features = FeatureMatrix(rows: rows, columns: 22)
        for row in 0..<rows { for c in 0..<22 { features[row, c] = values[row * 23 + c] } }
        let data = TrainingData(
            features: features, targets: (0..<rows).map { values[$0 * 23 + 22] }, featureNames: (0..<22).map { "mean \($0)" })
        let elements = try ReferenceData.text("validation/phonons_elements.csv").split(separator: "\n").map {
            $0.split(separator: " ").map { UInt8($0)! }
        }
        return (data, elements)
    }
}

@Suite struct ValidationReferenceTests {
    private func agree(_ ours: [String: Double], _ reference: ValidationReference, prefix: String = "", suffix: String) {
        for (name, value) in ours {
            guard let theirs = reference.values[prefix + name + suffix] ?? reference.values[prefix + name] else {
                Issue.record("no reference for \(prefix + name + suffix)")
                continue
            }
            // Both add doubles, in other orders.
            #expect((value - theirs).magnitude < 1e-12 * max(1, theirs.magnitude), "\(prefix + name + suffix)")
        }
    }

    @Test(arguments: [false, true]) func metricsAgreeWithScikitLearn(_ isWeighted: Bool) throws {
        let reference = try ValidationReference()
        let weights = isWeighted ? reference.columns["weight"]! : nil
        let suffix = isWeighted ? "_weighted" : ""
        let (regression, three, two) = (reference.regression, reference.threeClasses, reference.twoClasses)
        let ours = Metrics.scores(regression.prediction, observed: regression.observed, task: .regression, weights: weights)
        #expect(ours.keys.sorted() == ["mae", "r2", "rmse", "spearman"])
        agree(ours, reference, suffix: suffix)
        agree(
            Metrics.scores(three.prediction, observed: three.observed, task: .classification, weights: weights), reference, suffix: suffix)
        agree(
            Metrics.scores(two.prediction, observed: two.observed, task: .classification, weights: weights), reference, prefix: "binary_",
            suffix: suffix)
    }

    @Test func miscalibrationAgreesWithUncertaintyToolbox() throws {
        let reference = try ValidationReference()
        let p = reference.regression
        for (name, factor) in [("miscalibration_area", 1), ("miscalibration_area_wide", 6), ("miscalibration_area_near", 2.4)] {
            let area = CalibrationCurve.miscalibrationArea(p.prediction.mean, p.prediction.spread.map { $0 * factor }, p.observed)
            #expect((area - reference.values[name]!).magnitude < 1e-12, "\(name)")
        }
        #expect((CalibrationCurve.sharpness(p.prediction.spread) - reference.values["sharpness"]!).magnitude < 1e-12)
    }

    @Test func theLineAndItsFactorsAreThoseOfAnOptimiser() throws {
        let reference = try ValidationReference()
        let calibration = Calibration.fit(reference.regression, seed: 1)
        // An optimum is known to the root of the precision of the loss.
        #expect((calibration.scale - reference.values["line_scale"]!).magnitude < 1e-4)
        #expect((calibration.offset - reference.values["line_offset"]!).magnitude < 1e-4)
        for (level, factor) in zip(Calibration.levels, calibration.factors) {
            #expect((factor - reference.values["factor_\(level)"]!).magnitude < 1e-3)
        }
    }

    @Test func theTemperatureIsThatOfAnOptimiser() throws {
        let reference = try ValidationReference()
        let calibration = Calibration.fit(reference.threeClasses, seed: 1)
        #expect((calibration.temperature - reference.values["temperature"]!).magnitude < 1e-3)
        var calibrated = reference.threeClasses.prediction
        calibration.apply(to: &calibrated)
        #expect(calibrated.mean == reference.threeClasses.prediction.mean)
        let loss = Metrics.logLoss(calibrated, reference.threeClasses.observed)
        #expect((loss - reference.values["temperature_log_loss"]!).magnitude < 1e-6)
    }
}
