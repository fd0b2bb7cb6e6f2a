/// The step of a grown leaf, from the derivatives and residuals of its rows.
///
///     squared, logistic    -Σ gradient / (Σ hessian + l2)
///     absolute, quantile   quantile of the residuals · W / (W + l2),   W = Σ weight
///     huber                (median + mean of clipped (residual - median)) · W / (W + l2)
///
/// - Source: J. H. Friedman, Ann. Stat. 29, 1189 (2001), algorithms 3 and 4; G. Ke et al., LightGBM, NIPS 2017 (its leaf renewal; there
///   without l2 and with another quantile of weights).
struct LeafValue {
    let loss: BoostingLoss
    let l2: Double
    let targets: [Double]
    let weights: [Double]?
    /// δ of huber.
    let threshold: Double

    /// The step for rows `leaf` of a grower.
    func step(_ rows: UnsafeBufferPointer<Int32>, _ derivatives: Derivatives, scores: [Double]) -> Double {
        let weight = rows.reduce(0.0) { $0 + (weights?[Int($1)] ?? 1) }
        guard loss.hasQuantileLeaves else { return newtonStep(rows, derivatives, weight: weight) }
        let residuals = rows.map { targets[Int($0)] - scores[Int($0)] }
        let ofRows = weights.map { w in rows.map { w[Int($0)] } } ?? []
        var sample = WeightedSample(values: residuals, weights: ofRows)
        let value = sample.quantile(loss.kind == .quantile ? loss.level : 0.5)
        let shrinkage = weight / (weight + l2)
        guard loss.kind == .huber else { return value * shrinkage }
        var sum = 0.0
        for i in residuals.indices {
            let clipped = min(max(residuals[i] - value, -threshold), threshold)
            sum += ofRows.isEmpty ? clipped : clipped * ofRows[i]
        }
        return (value + sum / weight) * shrinkage
    }

    private func newtonStep(_ rows: UnsafeBufferPointer<Int32>, _ derivatives: Derivatives, weight: Double) -> Double {
        var (g, h) = (0.0, derivatives.hessians.isEmpty ? weight : 0.0)
        for row in rows { g += derivatives.gradients[Int(row)] }
        if !derivatives.hessians.isEmpty { for row in rows { h += derivatives.hessians[Int(row)] } }
        return h + l2 > 0 ? -g / (h + l2) : 0
    }
}
