import MaterialsCore

/// A condition on a property that a candidate has to meet: with a standard deviation it is met with a probability.
public struct FeasibilityConstraint: Equatable, Sendable {
    /// The property.
    public let property: String
    /// The value must be greater; −∞ where nothing is asked.
    public let above: Double
    /// The value must be less; ∞ where nothing is asked.
    public let below: Double
    /// Line in the plan.
    public let line: Int

    /// Reads `{property: gap, above: 1.1, below: 1.7}` strictly.
    init(_ setting: Setting) throws {
        var s = try Settings(setting, subject: "a constraint")
        property = try s.requiredText("property")
        let (low, high) = (try s.number("above"), try s.number("below"))
        try s.finish()
        line = setting.line
        guard low != nil || high != nil else {
            throw Settings.error(line, "the constraint on '\(property)' needs 'above', 'below' or both")
        }
        (above, below) = (low ?? -.infinity, high ?? .infinity)
        guard above < below else {
            throw Settings.error(
                line, "the constraint on '\(property)' can't be met: 'above' (\(above)) is not less than 'below' (\(below))")
        }
    }

    /// Probability that it is met: of a normal distribution, or 1 or 0 where there is no standard deviation; 0 for a missing value.
    public func probability(mean: Double, spread: Double) -> Double {
        if mean.isNaN { return 0 }
        guard spread > 0 else { return mean > above && mean < below ? 1 : 0 }
        return NormalDistribution.probability(from: above, to: below, mean: mean, spread: spread)
    }
}

extension [FeasibilityConstraint] {
    /// Reads a list of constraints, each on a property of its own.
    init(reading settings: inout Settings) throws {
        self = try (settings.list("constraints") ?? []).map(FeasibilityConstraint.init)
        for (i, c) in enumerated() where self[..<i].contains(where: { $0.property == c.property }) {
            throw Settings.error(c.line, "'\(c.property)' has two constraints; give 'above' and 'below' in one")
        }
    }

    /// Probability that all are met by independent normally distributed values; `at` is where each property stands.
    public func probability(values: [Double], spreads: [Double], at places: [Int]) -> Double {
        var product = 1.0
        for (constraint, place) in zip(self, places) { product *= constraint.probability(mean: values[place], spread: spreads[place]) }
        return product
    }
}
