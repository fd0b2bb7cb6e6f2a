import MaterialsCore

/// Sharpens or softens probabilities by one exponent.
enum TemperatureScaling {
    private static let mostEntries = 20_000

    /// The exponent of least log loss on all entries, kept only if exponents fitted on other folds lower the log loss too.
    static func calibration(_ heldOut: HeldOutPredictions, seed: UInt64) -> Calibration {
        var temperature = 1.0
        let parts = heldOut.crossFits(seed: seed)
        if heldOut.count >= 50, parts.count > 1, parts.allSatisfy({ !$0.learned.isEmpty }) {
            let judged = crossFitted(heldOut, parts)
            let before = Metrics.logLoss(heldOut.prediction, heldOut.observed, weights: heldOut.weights)
            let after = Metrics.logLoss(judged, heldOut.observed, weights: heldOut.weights)
            if after < before { temperature = 1 / exponent(heldOut) }
        }
        return Calibration(task: .classification, scale: 1, offset: 0, missingSpread: .nan, factors: [], temperature: temperature)
    }

    /// Predictions calibrated by the entries of other folds.
    static func crossFitted(_ heldOut: HeldOutPredictions, _ parts: [HeldOutPredictions.CrossFit]) -> Prediction {
        var result = heldOut.prediction
        for part in parts {
            var judged = heldOut.selecting(part.judged).prediction
            apply(exponent(heldOut.selecting(part.learned)), to: &judged)
            for (i, entry) in part.judged.enumerated() { result.copyRow(i, of: judged, to: entry) }
        }
        return result
    }

    /// Exponent of least log loss between 1/16 and 16, by at most 20,000 entries evenly spread.
    static func exponent(_ all: HeldOutPredictions) -> Double {
        let heldOut = all.count <= mostEntries ? all : all.selecting((0..<mostEntries).map { $0 * all.count / mostEntries })
        let best = SpreadLine.minimum { t in
            var scaled = heldOut.prediction
            apply(exponent(at: t), to: &scaled)
            return Metrics.logLoss(scaled, heldOut.observed, weights: heldOut.weights)
        }
        return exponent(at: best)
    }

    private static func exponent(at t: Double) -> Double { PortableMath.exp((2 * t - 1) * 2.772588722239781) }

    /// p^exponent, normalised; probabilities are clipped as in the log loss first. Classes stay.
    static func apply(_ exponent: Double, to prediction: inout Prediction) {
        let (floor, classes) = (Metrics.probabilityFloor, prediction.classCount)
        var powers = [Double](repeating: 0, count: max(classes, 2))
        for row in 0..<prediction.rows {
            var sum = 0.0
            for c in powers.indices {
                powers[c] = PortableMath.exp(exponent * PortableMath.log(min(max(prediction.probability(ofClass: c, row: row), floor), 1)))
                sum += powers[c]
            }
            if classes > 2 {
                for c in powers.indices { prediction.probabilities[row, c] = powers[c] / sum }
                prediction.spread[row] = prediction.probabilities[row, Int(prediction.mean[row])]
            } else {
                prediction.spread[row] = powers[1] / sum
            }
        }
    }
}
