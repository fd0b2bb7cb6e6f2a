import MaterialsCore

/// A change of scale that a member of a stack learns in; medians map to medians.
enum TargetTransform: String, CaseIterable, Sendable {
    case identity
    /// log y, for targets above 0 that spread over decades
    case logarithm

    func forward(_ y: Double) -> Double { self == .identity ? y : PortableMath.log(y) }

    /// Back to the target's scale, with the standard deviation by the slope there.
    func backward(_ mean: Double, _ spread: Double) -> (mean: Double, spread: Double) {
        guard self == .logarithm else { return (mean, spread) }
        // Beyond e^±700 nothing is a property of a material.
        let y = PortableMath.exp(min(max(mean, -700), 700))
        return (y, y * spread)
    }

    /// Whether the targets allow it and are skewed enough to ask for it.
    func suits(_ targets: [Double]) -> Bool {
        guard self == .logarithm else { return true }
        guard let least = targets.min(), least > 0 else { return false }
        return Self.skewness(targets) > 1
    }

    private static func skewness(_ values: [Double]) -> Double {
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        let second = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
        let third = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) * ($1 - mean) } / n
        return second > 0 ? third / (second * second.squareRoot()) : 0
    }
}
