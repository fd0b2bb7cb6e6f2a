import MaterialsCore
import Testing

@testable import Models

/// A normal deviate by the sum of twelve uniforms.
func deviate(_ random: inout SplitMix64) -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + random.nextUnit() } }

/// Errors of standard deviation `truth(row)` where the model claims `claim(row)`.
private func heldOut(
    _ count: Int, seed: UInt64 = 5, folds: Int = 5, claim: (Int) -> Double, truth: (Int) -> Double
) -> HeldOutPredictions {
    var random = SplitMix64(seed: seed)
    var prediction = Prediction(rows: count)
    let observed = (0..<count).map { row -> Double in
        prediction.mean[row] = Double(row % 7)
        prediction.spread[row] = claim(row)
        return prediction.mean[row] + truth(row) * deviate(&random)
    }
    return HeldOutPredictions(rows: Array(0..<count), folds: (0..<count).map { $0 % folds }, prediction: prediction, observed: observed)
}

@Suite struct CalibrationTests {
    @Test func conformalRanksFollowTheRule() {
        let scores = (1...19).map { Double($0) }
        // (19 + 1) · 0.95 = 19, · 0.9 = 18, · 0.5 = 10.
        #expect([0.5, 0.8, 0.9, 0.95].map { Calibration.conformalFactor(scores, level: $0) } == [10, 16, 18, 19])
        #expect(Calibration.conformalFactor([1, 2, 3], level: 0.95) == 3)
    }

    @Test(arguments: [0.2, 1, 30]) func wrongScalesAreFound(_ claimed: Double) {
        let calibration = Calibration.fit(
            heldOut(4_000, claim: { claimed * (1 + Double($0 % 5)) }, truth: { 1 + Double($0 % 5) }), seed: 1)
        #expect((calibration.calibrated(claimed * 3) - 3).magnitude < 0.15)
        for (factor, gauss) in zip(calibration.factors, Calibration.none(.regression).factors) {
            #expect((factor / gauss - 1).magnitude < 0.06)
        }
    }

    @Test func claimsThatSayNothingBecomeOneSpread() {
        let calibration = Calibration.fit(heldOut(4_000, claim: { 1 + Double($0 * 7 % 11) }, truth: { _ in 2 }), seed: 1)
        #expect((calibration.calibrated(1) - 2).magnitude < 0.2 && (calibration.calibrated(11) - 2).magnitude < 0.2)
    }

    @Test func missingZeroAndHugeSpreadsAreFine() {
        for claims in [[Double.nan], [0], [.nan, 1], [0, 1, .infinity]] {
            let held = heldOut(200, claim: { claims[$0 % claims.count] }, truth: { _ in 3 })
            let calibration = Calibration.fit(held, seed: 1)
            var prediction = held.prediction
            calibration.apply(to: &prediction)
            #expect(prediction.spread.allSatisfy { $0 > 1 && $0 < 9 }, "\(claims)")
            #expect(calibration.factors.allSatisfy { $0 > 0 && $0 < 9 })
            let summary = calibration.summary(held, seed: 1)
            #expect(summary.coverage.allSatisfy { ($0.observed - $0.nominal).magnitude < 0.08 })
        }
    }

    @Test(arguments: [1, 2, 5]) func fewRowsGiveNumbers(_ count: Int) {
        let held = heldOut(count, folds: min(count, 2), claim: { _ in 1 }, truth: { _ in 1 })
        let calibration = Calibration.fit(held, seed: 1)
        #expect(calibration.factors.allSatisfy(\.isFinite) && calibration.calibrated(1).isFinite)
        #expect(calibration.summary(held, seed: 1).errorBySpread.count == count)
    }

    @Test func errorsTooLargeToBeSquaredAreSurvived() throws {
        let calibration = Calibration.fit(heldOut(60, claim: { _ in 2 }, truth: { _ in 1e200 }), seed: 1)
        #expect(calibration.calibrated(2) == 2 && calibration.factors.allSatisfy { $0 > 1e190 })
        #expect(try Calibration(parameters: calibration.parameters) == calibration)
    }

    @Test func exactPredictionsHaveNoSpread() {
        let calibration = Calibration.fit(heldOut(50, claim: { _ in 1 }, truth: { _ in 0 }), seed: 1)
        #expect(calibration.calibrated(1) == 0)
    }

    /// Over many small data sets the cross-fitted coverage is what was promised, whatever shape the errors have.
    @Test func coverageIsKeptOnRowsThatNoCalibrationSaw() {
        var inside = [Double](repeating: 0, count: 4)
        for seed in 0..<40 {
            let all = heldOut(200, seed: UInt64(seed), claim: { _ in 1 }, truth: { $0 % 4 == 0 ? 10 : 1 })
            let calibration = Calibration.fit(all.selecting(Array(0..<100)), seed: 1)
            for entry in 100..<200 {
                let error = (all.prediction.mean[entry] - all.observed[entry]).magnitude
                for (i, f) in calibration.factors.enumerated() where error <= f * calibration.calibrated(1) { inside[i] += 1 / 4_000 }
            }
        }
        // 4,000 rows: a standard error of about 0.8 % at the middle level, doubled for rows that share a calibration.
        for (level, share) in zip(Calibration.levels, inside) { #expect((share - level).magnitude < 0.03, "\(level): \(share)") }
    }

    @Test func theSummaryTellsHowErrorsFollowSpreads() {
        let held = heldOut(1_000, claim: { 1 + Double($0 % 10) }, truth: { 1 + Double($0 % 10) })
        let summary = Calibration.fit(held, seed: 1).summary(held, seed: 1)
        #expect(summary.rows == 1_000 && summary.errorBySpread.count == 10 && summary.errorBySpread.allSatisfy { $0.rows == 100 })
        #expect(summary.miscalibrationArea < 0.03 && (summary.sharpness! - 38.5.squareRoot()).magnitude < 0.4)
        for (a, b) in zip(summary.errorBySpread, summary.errorBySpread.dropFirst()) { #expect(a.spread < b.spread) }
        for bin in summary.errorBySpread { #expect((bin.observed / bin.spread - 1).magnitude < 0.3) }
    }

    @Test func sureProbabilitiesAreSoftenedAndHonestOnesStay() {
        for (sharpness, isSure) in [(3.0, true), (1, false)] {
            var random = SplitMix64(seed: 8)
            var prediction = Prediction(rows: 2_000, classCount: 2)
            let observed = (0..<2_000).map { row -> Double in
                let logit = 2 * deviate(&random)
                prediction.setProbability(1 / (1 + PortableMath.exp(-sharpness * logit)), row: row)
                return random.nextUnit() < 1 / (1 + PortableMath.exp(-logit)) ? 1 : 0
            }
            let held = HeldOutPredictions(
                rows: Array(0..<2_000), folds: (0..<2_000).map { $0 % 5 }, prediction: prediction, observed: observed)
            let calibration = Calibration.fit(held, seed: 1)
            #expect((calibration.temperature / sharpness - 1).magnitude < 0.15)
            let summary = calibration.summary(held, seed: 1)
            #expect(summary.miscalibrationArea < 0.03 && summary.coverage.isEmpty && summary.sharpness == nil)
            let before = CalibrationCurve.calibrationError(CalibrationCurve.reliability(prediction, observed))
            if isSure { #expect(before > 2 * summary.miscalibrationArea) }
        }
    }

    @Test func survivesItsArchiveAndRefusesDamage() throws {
        let fitted = Calibration.fit(heldOut(100, claim: { _ in 1 }, truth: { _ in 2 }), seed: 1)
        #expect(try Calibration(parameters: fitted.parameters) == fitted)
        let none = try Calibration(parameters: Calibration.none(.classification).parameters)
        #expect(none.temperature == 1 && none.missingSpread.isNaN)
        for damage in [
            ("task", ParameterArchive.Entry.string("guess")), ("line", .doubles([.nan, 0, 0, 1], shape: [4])),
            ("line", .doubles([1, -1, 0, 1], shape: [4])), ("line", .doubles([1, 0, 0, 0], shape: [4])),
            ("factors", .doubles([1], shape: [1])),
            ("factors", .doubles([1, 2, .nan, 3], shape: [4])),
        ] {
            var archive = fitted.parameters
            archive[damage.0] = damage.1
            #expect(throws: MatSieveError.self) { try Calibration(parameters: archive) }
        }
    }
}
