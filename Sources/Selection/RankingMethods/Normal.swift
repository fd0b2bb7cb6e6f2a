import MaterialsCore

/// The normal distribution.
enum Normal {
    /// Probability of a value between two ends, either of which may be infinite.
    ///
    /// - Numerics: from the tail that both ends lie in, so that small probabilities keep their digits.
    static func probability(from low: Double, to high: Double, mean: Double, spread: Double) -> Double {
        let a = low == -.infinity ? low : (low - mean) / spread
        let b = high == .infinity ? high : (high - mean) / spread
        return max(0, a > 0 ? tail(a) - tail(b) : tail(-b) - tail(-a))
    }

    /// Probability above `z` standard deviations.
    static func tail(_ z: Double) -> Double { z == .infinity ? 0 : z == -.infinity ? 1 : 0.5 * PortableMath.erfc(z * 0.5.squareRoot()) }

    /// Two independent standard normal numbers.
    /// - Source: G. E. P. Box, M. E. Muller, Ann. Math. Statist. 29, 610 (1958), doi:10.1214/aoms/1177706645.
    static func pair(_ random: inout SplitMix64) -> (Double, Double) {
        let radius = (-2 * PortableMath.log(1 - random.nextUnit())).squareRoot()
        let angle = 2 * Double.pi * random.nextUnit()
        return (radius * PortableMath.cos(angle), radius * PortableMath.sin(angle))
    }
}
