import MaterialsCore

extension Calibration {
    /// What the card tells: each fold's rows judged by a calibration of the other folds, factors of all rows.
    ///
    /// - Parameters:
    ///   - heldOut: what fits say of rows that they did not see, with the spreads of the error model where there is one
    ///   - seed: of the parts, where there is one fold only
    /// - Source: K. Tran et al., Mach. Learn.: Sci. Technol. 1, 025006 (2020), doi:10.1088/2632-2153/ab7e1a (miscalibration area,
    ///   sharpness); M. P. Naeini et al., AAAI 2015, 2901 (calibration error of probabilities)
    public func summary(_ heldOut: HeldOutPredictions, seed: UInt64) -> ModelCard.CalibrationSummary {
        let parts = heldOut.crossFits(seed: seed).filter { !$0.learned.isEmpty }
        return task == .regression ? regressionSummary(heldOut, parts) : classificationSummary(heldOut, parts)
    }

    private func regressionSummary(_ heldOut: HeldOutPredictions, _ parts: [HeldOutPredictions.CrossFit]) -> ModelCard.CalibrationSummary {
        var spreads = heldOut.prediction.spread.map(calibrated)
        var inside = [Int](repeating: 0, count: Self.levels.count)
        var judgedCount = 0
        for part in parts {
            let fitted = Calibration.fit(heldOut.selecting(part.learned), seed: 0)
            for entry in part.judged {
                spreads[entry] = fitted.calibrated(heldOut.prediction.spread[entry])
                let error = (heldOut.prediction.mean[entry] - heldOut.observed[entry]).magnitude
                for (i, factor) in fitted.factors.enumerated() where error <= factor * spreads[entry] { inside[i] += 1 }
            }
            judgedCount += part.judged.count
        }
        let coverage = Self.levels.indices.map {
            ModelCard.CalibrationSummary.Coverage(
                nominal: Self.levels[$0], observed: judgedCount > 0 ? Double(inside[$0]) / Double(judgedCount) : .nan, factor: factors[$0])
        }
        return ModelCard.CalibrationSummary(
            rows: judgedCount, coverage: coverage,
            miscalibrationArea: CalibrationCurve.miscalibrationArea(heldOut.prediction.mean, spreads, heldOut.observed),
            sharpness: CalibrationCurve.sharpness(spreads),
            errorBySpread: CalibrationCurve.errorBySpread(heldOut.prediction.mean, spreads, heldOut.observed))
    }

    private func classificationSummary(
        _ heldOut: HeldOutPredictions, _ parts: [HeldOutPredictions.CrossFit]
    ) -> ModelCard.CalibrationSummary {
        let judged = temperature == 1 ? heldOut.prediction : TemperatureScaling.crossFitted(heldOut, parts)
        let bins = CalibrationCurve.reliability(judged, heldOut.observed)
        return ModelCard.CalibrationSummary(
            rows: heldOut.count, coverage: [], miscalibrationArea: CalibrationCurve.calibrationError(bins), sharpness: nil,
            errorBySpread: bins)
    }
}

/// Predicted against observed certainty.
enum CalibrationCurve {
    typealias Bin = ModelCard.CalibrationSummary.SpreadBin
    static let bins = 10

    /// Root mean square of the standard deviations.
    static func sharpness(_ spreads: [Double]) -> Double {
        (spreads.reduce(0) { $0 + $1 * $1 } / Double(max(spreads.count, 1))).squareRoot()
    }

    /// Area between the share of rows inside each central Gaussian interval and the nominal share, at 100 levels from 0 to 1.
    ///
    /// A row lies inside the interval of level q where erf(|y - ŷ| / (σ·√2)) ≤ q.
    static func miscalibrationArea(_ means: [Double], _ spreads: [Double], _ observed: [Double]) -> Double {
        guard !means.isEmpty else { return .nan }
        let needed = means.indices.map { row -> Double in
            let error = (means[row] - observed[row]).magnitude
            return error == 0 ? 0 : PortableMath.erf(error / spreads[row] * 0.5.squareRoot())
        }.sorted()
        let gaps = (0..<100).map { step -> Double in
            let level = Double(step) / 99
            var (low, high) = (0, needed.count)
            while low < high {
                let middle = (low + high) / 2
                if needed[middle] <= level { low = middle + 1 } else { high = middle }
            }
            return Double(low) / Double(needed.count) - level
        }
        return zip(gaps, gaps.dropFirst()).reduce(0) { $0 + area($1.0, $1.1) } / 99
    }

    /// ∫|gap| over a unit step on which the gap goes straight from a to b.
    private static func area(_ a: Double, _ b: Double) -> Double {
        if a * b >= 0 { return (a.magnitude + b.magnitude) / 2 }
        return (a * a + b * b) / (2 * (a.magnitude + b.magnitude))
    }

    /// Error in bins of equal count, from the smallest standard deviation to the largest.
    static func errorBySpread(_ means: [Double], _ spreads: [Double], _ observed: [Double]) -> [Bin] {
        let order = spreads.indices.sorted { (spreads[$0], $0) < (spreads[$1], $1) }
        return equalParts(order).map { rows in
            let errors = rows.map { (means[$0] - observed[$0]).magnitude }
            return Bin(
                rows: rows.count, spread: sharpness(rows.map { spreads[$0] }), observed: sharpness(errors),
                mae: errors.reduce(0, +) / Double(rows.count))
        }
    }

    /// Observed share in bins of equal count, from the largest probability to the smallest: of class 1, or of the named class.
    static func reliability(_ prediction: Prediction, _ observed: [Double]) -> [Bin] {
        let isHit = observed.indices.map { observed[$0] == (prediction.classCount > 2 ? prediction.mean[$0] : 1) }
        let order = observed.indices.sorted { (-prediction.spread[$0], $0) < (-prediction.spread[$1], $1) }
        return equalParts(order).map { rows in
            Bin(
                rows: rows.count, spread: rows.reduce(0) { $0 + prediction.spread[$1] } / Double(rows.count),
                observed: Double(rows.count { isHit[$0] }) / Double(rows.count))
        }
    }

    /// Mean gap between probability and observed share over the rows.
    static func calibrationError(_ bins: [Bin]) -> Double {
        let rows = bins.reduce(0) { $0 + $1.rows }
        return bins.reduce(0) { $0 + Double($1.rows) * ($1.spread - $1.observed).magnitude } / Double(max(rows, 1))
    }

    private static func equalParts(_ order: [Int]) -> [[Int]] {
        let parts = min(bins, order.count)
        return (0..<parts).map { Array(order[$0 * order.count / parts..<($0 + 1) * order.count / parts]) }
    }
}
