import MaterialsCore

/// A desirability: 0 below the range, rises to 1 at its peak, stays there to the other end of the peak, and falls to 0.
struct DesirabilityCurve: Sendable {
    private let low: Double
    private let high: Double
    /// The peak, from −∞ where less is better, to ∞ where more is.
    private let peakStart: Double
    private let peakEnd: Double
    private let rise: Double
    private let fall: Double

    init(_ objective: Objective, line: Int) throws {
        let name = objective.property
        guard let range = objective.range, range.lowerBound < range.upperBound, (range.upperBound - range.lowerBound).isFinite else {
            throw Settings.error(line, "objective '\(name)' needs a range for ranking 'desirability', such as range: [0, 0.1]")
        }
        (low, high) = (range.lowerBound, range.upperBound)
        let most = objective.target == nil ? 1 : 2
        guard objective.exponents.count <= most, objective.exponents.allSatisfy({ $0 > 0 && $0 <= 100 }) else {
            throw Settings.error(
                line,
                "'exponent' of objective '\(name)' must be a positive number up to 100\(most == 2 ? ", or two for below and above" : "")")
        }
        (rise, fall) = (objective.exponents.first ?? 1, objective.exponents.last ?? 1)
        if let target = objective.target {
            guard low < target, target < high else {
                throw Settings.error(line, "the target of objective '\(name)' must lie inside its range")
            }
            (peakStart, peakEnd) = (target, target)
        } else {
            (peakStart, peakEnd) = objective.maximize ? (high, .infinity) : (-.infinity, low)
        }
    }

    private init(_ other: DesirabilityCurve, rise: Double, fall: Double) {
        (low, high, peakStart, peakEnd) = (other.low, other.high, other.peakStart, other.peakEnd)
        (self.rise, self.fall) = (rise, fall)
    }

    /// The curve of the desirability raised to a power.
    func raised(to power: Double) -> DesirabilityCurve { DesirabilityCurve(self, rise: rise * power, fall: fall * power) }

    /// The same with exponents of 1.
    var linear: DesirabilityCurve { DesirabilityCurve(self, rise: 1, fall: 1) }

    /// The smaller exponent of the sides that there are.
    var leastExponent: Double { peakEnd == .infinity ? rise : peakStart == -.infinity ? fall : min(rise, fall) }

    /// The desirability of a value.
    func value(_ y: Double) -> Double {
        if y >= peakStart && y <= peakEnd { return 1 }
        if y < peakStart { return Self.power((y - low) / (peakStart - low), rise) }
        return Self.power((high - y) / (high - peakEnd), fall)
    }

    /// Its expected value where the value is normally distributed.
    func expected(mean: Double, spread: Double) -> Double {
        var sum = NormalDistribution.probability(from: peakStart, to: peakEnd, mean: mean, spread: spread)
        if peakStart > -.infinity {
            sum += Self.rising(from: low, to: peakStart, power: rise, mean: mean, spread: spread)
        }
        // The falling side is a rising one seen from the other end.
        if peakEnd < .infinity { sum += Self.rising(from: -high, to: -peakEnd, power: fall, mean: -mean, spread: spread) }
        return min(sum, 1)
    }

    private static func power(_ share: Double, _ exponent: Double) -> Double {
        share <= 0 ? 0 : exponent == 1 ? share : PortableMath.pow(share, exponent)
    }

    /// ∫ ((y − a) / (b − a))^p N(y) dy from a to b, by pieces in which the density is smooth.
    private static func rising(from a: Double, to b: Double, power: Double, mean: Double, spread: Double) -> Double {
        let (first, last) = (max(a, mean - 8 * spread), min(b, mean + 8 * spread))
        if first >= last { return 0 }
        if power == 1 { return linearlyRising(from: a, to: b, mean: mean, spread: spread) }
        let cuts = first < mean && mean < last ? [first, mean, last] : [first, last]
        var sum = 0.0
        for (start, end) in zip(cuts, cuts.dropFirst()) {
            let width = end - start
            for (node, weight) in zip(Quadrature.nodes, Quadrature.weights) {
                // y = start + width u³ takes the edge off a root that begins at a.
                let isRoot = start == a
                let y = start + width * (isRoot ? node * node * node : node)
                let z = (y - mean) / spread
                let density = PortableMath.exp(-0.5 * z * z) * (isRoot ? 3 * node * node : 1)
                sum += weight * width * density * Self.power((y - a) / (b - a), power)
            }
        }
        return sum / (spread * (2 * Double.pi).squareRoot())
    }
}

extension DesirabilityCurve {
    /// The same for the power 1, in closed form.
    private static func linearlyRising(from a: Double, to b: Double, mean: Double, spread: Double) -> Double {
        func density(_ y: Double) -> Double {
            let z = (y - mean) / spread
            return PortableMath.exp(-0.5 * z * z) / (2 * Double.pi).squareRoot()
        }
        let inside = (mean - a) * NormalDistribution.probability(from: a, to: b, mean: mean, spread: spread)
        return max(0, (inside + spread * (density(a) - density(b))) / (b - a))
    }
}

/// Gauss–Legendre quadrature on 0…1 with 20 nodes.
private enum Quadrature {
    static let nodes: [Double] = roots.map { ($0.x + 1) / 2 }
    static let weights: [Double] = roots.map { 1 / ((1 - $0.x * $0.x) * $0.slope * $0.slope) }
    private static let count = 20

    private static let roots: [(x: Double, slope: Double)] = (0..<count).map { i in
        var x = PortableMath.cos(Double.pi * (Double(i) + 0.75) / (Double(count) + 0.5))
        for _ in 0..<6 {
            let (value, slope) = legendre(x)
            x -= value / slope
        }
        return (x, legendre(x).slope)
    }

    private static func legendre(_ x: Double) -> (value: Double, slope: Double) {
        var (previous, value) = (1.0, x)
        for n in 2...count {
            (previous, value) = (value, (Double(2 * n - 1) * x * value - Double(n - 1) * previous) / Double(n))
        }
        return (value, Double(count) * (x * value - previous) / (x * x - 1))
    }
}
