import MaterialsCore

/// Probability that a composition lies on the hull or below it, where its energy is known with a Gaussian error.
///
///     P(e ≤ 0) = Φ(−e / σ) = ½ erfc(e / (σ √2))
///
/// - Input:    energy above the hull and its standard deviation, eV/atom; the hull itself counts as known.
/// - Output:   0 to 1; for σ = 0 the one or the other; NaN where either is NaN.
public func stabilityProbability(energyAboveHull energy: Double, spread: Double) -> Double {
    if energy.isNaN || spread.isNaN { return .nan }
    if spread <= 0 { return energy <= 0 ? 1 : 0 }
    return NormalDistribution.cumulative(-energy / spread)
}
