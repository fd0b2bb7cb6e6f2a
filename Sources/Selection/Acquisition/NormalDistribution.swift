import MaterialsCore

/// The standard normal distribution, the same on every machine.
enum NormalDistribution {
    /// Density.
    static func density(_ z: Double) -> Double { 0.3989422804014327 * PortableMath.exp(-z * z / 2) }

    /// Probability of at most z.
    static func cumulative(_ z: Double) -> Double { 0.5 * PortableMath.erfc(-z * 0.7071067811865476) }

    /// E max(Z - z, 0) at -z: `φ(z) + z Φ(z)`.
    static func gain(_ z: Double) -> Double { max(density(z) + z * cumulative(z), 0) }

    /// E max(Y - level, 0) of a normal Y.
    static func expectedExcess(over level: Double, mean: Double, deviation: Double) -> Double {
        deviation > 0 ? deviation * gain((mean - level) / deviation) : max(mean - level, 0)
    }
}
