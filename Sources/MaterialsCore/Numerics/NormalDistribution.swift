/// The standard normal distribution, the same on every machine.
public enum NormalDistribution {
    /// Density.
    public static func density(_ z: Double) -> Double { 0.3989422804014327 * PortableMath.exp(-z * z / 2) }

    /// Probability of at most z, which may be infinite.
    public static func cumulative(_ z: Double) -> Double {
        z.isInfinite ? (z > 0 ? 1 : 0) : 0.5 * PortableMath.erfc(-z * 0.7071067811865476)
    }

    /// Probability of a value between two ends, either of which may be infinite, of a mean and a spread above 0.
    ///
    /// - Numerics: from the tail that both ends lie in, so that small probabilities keep their digits
    public static func probability(from low: Double, to high: Double, mean: Double, spread: Double) -> Double {
        let a = low == -.infinity ? low : (low - mean) / spread
        let b = high == .infinity ? high : (high - mean) / spread
        return max(0, a > 0 ? cumulative(-a) - cumulative(-b) : cumulative(b) - cumulative(a))
    }

    /// E max(Z - z, 0) at -z: `φ(z) + z Φ(z)`.
    public static func gain(_ z: Double) -> Double { max(density(z) + z * cumulative(z), 0) }

    /// E max(Y - level, 0) of a normal Y.
    public static func expectedExcess(over level: Double, mean: Double, deviation: Double) -> Double {
        deviation > 0 ? deviation * gain((mean - level) / deviation) : max(mean - level, 0)
    }
}
