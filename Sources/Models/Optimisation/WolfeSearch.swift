/// A step along a direction that lowers a function enough and flattens it: the strong Wolfe conditions.
struct WolfeSearch {
    let origin: LBFGS.Outcome
    let direction: [Double]
    /// Derivative along the direction at the origin; negative.
    let slope: Double
    private(set) var evaluations: Int

    private static let sufficientDecrease = 1e-4
    private static let curvature = 0.9
    private static let trials = 25

    /// A point on the line.
    private struct Trial {
        var step: Double
        var value: Double
        var slope: Double
        var outcome: LBFGS.Outcome
    }

    init(origin: LBFGS.Outcome, direction: [Double], slope: Double) {
        (self.origin, self.direction, self.slope, evaluations) = (origin, direction, slope, origin.evaluations)
    }

    /// Nil where no lower point was found.
    mutating func run(firstStep: Double, _ function: LBFGS.Function) rethrows -> LBFGS.Outcome? {
        var previous = Trial(step: 0, value: origin.value, slope: slope, outcome: origin)
        var step = firstStep
        for _ in 0..<Self.trials {
            let trial = try evaluate(step, function)
            if isTooHigh(trial) || (previous.step > 0 && trial.value >= previous.value) {
                return try zoom(previous, trial, function)
            }
            if trial.slope.magnitude <= -Self.curvature * slope { return trial.outcome }
            if trial.slope >= 0 { return try zoom(trial, previous, function) }
            previous = trial
            step *= 2
        }
        return previous.step > 0 ? previous.outcome : nil
    }

    /// Between a low point that decreases enough and another end, until the conditions hold.
    private mutating func zoom(_ first: Trial, _ second: Trial, _ function: LBFGS.Function) rethrows -> LBFGS.Outcome? {
        var (low, high) = (first, second)
        for _ in 0..<Self.trials {
            let step = Self.interpolated(low, high)
            guard step != low.step, step != high.step else { break }
            let trial = try evaluate(step, function)
            if isTooHigh(trial) || trial.value >= low.value {
                high = trial
            } else {
                if trial.slope.magnitude <= -Self.curvature * slope { return trial.outcome }
                if trial.slope * (high.step - low.step) >= 0 { high = low }
                low = trial
            }
        }
        return low.step > 0 && low.value < origin.value ? low.outcome : nil
    }

    private func isTooHigh(_ trial: Trial) -> Bool {
        !(trial.value <= origin.value + Self.sufficientDecrease * trial.step * slope) || !trial.slope.isFinite
    }

    /// Minimum of the cubic through values and slopes, kept off the ends; the middle where there is none.
    private static func interpolated(_ a: Trial, _ b: Trial) -> Double {
        let (low, high) = (min(a.step, b.step), max(a.step, b.step))
        let middle = low + (high - low) / 2
        guard b.value.isFinite, b.slope.isFinite else { return low + (high - low) / 4 }
        let d = a.slope + b.slope - 3 * (a.value - b.value) / (a.step - b.step)
        let square = d * d - a.slope * b.slope
        guard square >= 0 else { return middle }
        let root = b.step > a.step ? square.squareRoot() : -square.squareRoot()
        let step = b.step - (b.step - a.step) * (b.slope + root - d) / (b.slope - a.slope + 2 * root)
        let margin = 0.1 * (high - low)
        return step.isFinite ? min(max(step, low + margin), high - margin) : middle
    }

    private mutating func evaluate(_ step: Double, _ function: LBFGS.Function) rethrows -> Trial {
        var outcome = origin
        for i in direction.indices { outcome.point[i] = origin.point[i] + step * direction[i] }
        outcome.value = try function(outcome.point, &outcome.gradient)
        evaluations += 1
        return Trial(step: step, value: outcome.value, slope: LBFGS.dot(outcome.gradient, direction), outcome: outcome)
    }
}
