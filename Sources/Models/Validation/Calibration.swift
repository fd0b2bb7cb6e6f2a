import MaterialsCore

/// Turns what a model says of its own error into what was seen on rows that no fit saw.
///
///     regression:      σ' = scale · σ + offset,   interval of level p: mean ± factor_p · σ'
///     classification:  p' ∝ p^(1 / temperature)
///
/// Scale and offset are the non-negative ones of the largest Gaussian likelihood of the held-out errors. Factors are split-conformal:
/// of n normalised errors |y - ŷ| / σ' the ⌈(n + 1)·p⌉-th smallest (the largest where n is too small for that), so that an
/// interval covers a fresh row with probability of at least p if held-out rows and fresh ones are alike. Weights are not used in them.
/// The temperature is that of least log loss, and 1 unless it lowers the log loss of folds that it was not fitted on. It keeps the
/// order of the probabilities and the likeliest class, so all other metrics of a classification stay as they are.
///
/// - Output:   regression: standard deviations; a missing one counts as the mean of the others, or, where all are missing, every row
///   gets the root mean square error
/// - Numerics: portable functions, fixed order: the same bits on every machine
/// - Source:   G. Palmer et al., npj Comput. Mater. 8, 115 (2022), doi:10.1038/s41524-022-00794-8 (scale and offset); J. Lei et al.,
///   J. Am. Stat. Assoc. 113, 1094 (2018), doi:10.1080/01621459.2017.1307116 (conformal factors); C. Guo et al., ICML 2017,
///   1321 (temperature)
public struct Calibration: Equatable, Sendable {
    /// Levels that intervals are made for.
    public static let levels = [0.5, 0.8, 0.9, 0.95]
    /// Numbers or classes.
    public let task: LearningTask
    /// Factor of the model's standard deviation.
    public let scale: Double
    /// Added to it, in the target's unit.
    public let offset: Double
    /// Stands in for a standard deviation that is missing, before scale and offset.
    public let missingSpread: Double
    /// Half the width of the interval of each level, in calibrated standard deviations.
    public let factors: [Double]
    /// Classification: exponent 1 / temperature of the probabilities.
    public let temperature: Double

    init(task: LearningTask, scale: Double, offset: Double, missingSpread: Double, factors: [Double], temperature: Double) {
        (self.task, self.scale, self.offset, self.missingSpread) = (task, scale, offset, missingSpread)
        (self.factors, self.temperature) = (factors, temperature)
    }

    /// Leaves predictions as they are; Gaussian factors in a regression.
    public static func none(_ task: LearningTask) -> Calibration {
        let gaussian = [0.6744897501960817, 1.2815515655446004, 1.6448536269514722, 1.959963984540054]
        return Calibration(
            task: task, scale: 1, offset: 0, missingSpread: .nan, factors: task == .regression ? gaussian : [], temperature: 1)
    }

    /// Fitted on all held-out predictions (with the spreads of the error model where there is one).
    /// - Parameters:
    ///   - heldOut: what fits say of rows that they did not see
    ///   - seed: of the parts, where there is one fold only
    public static func fit(_ heldOut: HeldOutPredictions, seed: UInt64) -> Calibration {
        guard heldOut.count > 0 else { return none(heldOut.task) }
        return heldOut.task == .regression ? regression(heldOut) : TemperatureScaling.calibration(heldOut, seed: seed)
    }

    /// Calibrates predictions in place; classes stay.
    public func apply(to prediction: inout Prediction) {
        if task == .regression {
            for row in prediction.spread.indices { prediction.spread[row] = calibrated(prediction.spread[row]) }
        } else if temperature != 1 {
            TemperatureScaling.apply(1 / temperature, to: &prediction)
        }
    }

    /// A calibrated standard deviation.
    @inline(__always)
    func calibrated(_ spread: Double) -> Double { scale * (spread >= 0 && spread < .infinity ? spread : missingSpread) + offset }

    private static func regression(_ heldOut: HeldOutPredictions) -> Calibration {
        let spreads = heldOut.prediction.spread
        let errors = zip(heldOut.prediction.mean, heldOut.observed).map { ($0 - $1).magnitude }
        let line = SpreadLine(spreads: spreads, errors: errors, weights: heldOut.weights)
        let unscored = Calibration(
            task: .regression, scale: line.scale, offset: line.offset, missingSpread: line.missingSpread, factors: [], temperature: 1)
        // A perfect prediction has a standard deviation of 0, too, and lies inside any interval.
        let scores = zip(errors, spreads).map { $0 == 0 ? 0 : $0 / unscored.calibrated($1) }.filter { !$0.isNaN }.sorted()
        if scores.isEmpty { return none(.regression) }
        return Calibration(
            task: .regression, scale: line.scale, offset: line.offset, missingSpread: line.missingSpread,
            factors: levels.map { conformalFactor(scores, level: $0) }, temperature: 1)
    }

    /// The ⌈(n + 1)·level⌉-th smallest of ascending scores, the largest where there are too few.
    static func conformalFactor(_ scores: [Double], level: Double) -> Double {
        guard !scores.isEmpty else { return .nan }
        // A product such as 0.95 · 20 may come out a rounding error above the whole number.
        let rank = Int((Double(scores.count + 1) * level - 1e-9).rounded(.up))
        return scores[min(max(rank, 1), scores.count) - 1]
    }
}

/// σ' = scale · σ + offset of the largest Gaussian likelihood, both at least 0.
///
/// With u(t) = (1 - t)·σ + t·mean σ the best factor of u is the root mean square of error / u, so only t in 0...1 is searched.
struct SpreadLine {
    let scale: Double
    let offset: Double
    let missingSpread: Double

    init(spreads: [Double], errors: [Double], weights: [Double]?) {
        let isKnown = spreads.map { $0 >= 0 && $0 < .infinity }
        let rows = errors.indices.filter { errors[$0].isFinite }
        let known = rows.filter { isKnown[$0] }
        let mean = known.reduce(0) { $0 + spreads[$1] } / Double(max(known.count, 1))
        let rms = Metrics.mean(rows.count, weights.map { w in rows.map { w[$0] } }) { errors[rows[$0]] * errors[rows[$0]] }.squareRoot()
        guard rms.isFinite else {
            // Squares overflow: the model's own word is all there is.
            (scale, offset, missingSpread) = (1, 0, mean)
            return
        }
        guard mean > 0, rms > 0 else {
            (scale, offset, missingSpread) = (0, rms, 0)
            return
        }
        missingSpread = mean
        let filled = rows.map { isKnown[$0] ? spreads[$0] : mean }
        let absolute = rows.map { errors[$0] }
        let chosen = weights.map { w in rows.map { w[$0] } }
        func factor(_ t: Double) -> Double {
            Metrics.mean(rows.count, chosen) { row in
                let z = absolute[row] / ((1 - t) * filled[row] + t * mean)
                return z * z
            }.squareRoot()
        }
        func loss(_ t: Double) -> Double {
            let k = factor(t)
            guard k > 0, k.isFinite else { return .infinity }
            return PortableMath.log(k) + Metrics.mean(rows.count, chosen) { PortableMath.log((1 - t) * filled[$0] + t * mean) }
        }
        let t = Self.minimum(loss)
        let k = factor(t)
        (scale, offset) = (k * (1 - t), k * t * mean)
    }

    /// Least of a function on 0...1: a grid, then a golden section around its best point.
    static func minimum(_ loss: (Double) -> Double) -> Double {
        let grid = (0...20).map { Double($0) / 20 }
        let values = grid.map(loss)
        let best = values.indices.min { values[$0] < values[$1] }!
        var (low, high) = (grid[max(best - 1, 0)], grid[min(best + 1, 20)])
        let ratio = 0.6180339887498949
        var (a, b) = (high - ratio * (high - low), low + ratio * (high - low))
        var (fa, fb) = (loss(a), loss(b))
        for _ in 0..<30 {
            if fa <= fb {
                (high, b, fb) = (b, a, fa)
                a = high - ratio * (high - low)
                fa = loss(a)
            } else {
                (low, a, fa) = (a, b, fb)
                b = low + ratio * (high - low)
                fb = loss(b)
            }
        }
        let found = (low + high) / 2
        return loss(found) < values[best] ? found : grid[best]
    }
}
