/// A goal of the plan.
public struct Objective: Equatable, Sendable {
    /// Property it judges.
    public var property: String
    /// True: more is better. Of no meaning where there is a target.
    public var maximize: Bool
    /// The value to come close to; nil where less or more is better.
    public var target: Double?
    /// Weight, positive; 1 unless given.
    public var weight: Double
    /// Values that count as worst and best (with a target: as just not acceptable, on its two sides), for scales that must not
    /// depend on the candidates; nil: raw values.
    public var range: ClosedRange<Double>?
    /// Differences that do not matter, in the unit of the property.
    public var tolerance: Double
    /// Shape of a desirability: one exponent, or with a target one below and one above it; empty: 1.
    public var exponents: [Double]

    /// Makes an objective.
    public init(
        property: String, maximize: Bool, target: Double? = nil, weight: Double = 1, range: ClosedRange<Double>? = nil,
        tolerance: Double = 0, exponents: [Double] = []
    ) {
        (self.property, self.maximize, self.target, self.weight) = (property, maximize, target, weight)
        (self.range, self.tolerance, self.exponents) = (range, tolerance, exponents)
    }

    /// The value as something to minimise: itself, its negative, or its distance from the target.
    @inline(__always)
    public func loss(_ value: Double) -> Double {
        if let target { return abs(value - target) }
        return maximize ? -value : value
    }
}
