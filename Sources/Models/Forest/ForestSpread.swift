import MaterialsCore

/// Standard deviation of an error from the variance between trees:
///
///     σ² = factor · variance + floor
///
/// Fitted by the likelihood of Gaussian errors of rows that a tree had not in its bag. The variance between trees alone says
/// which rows are hard, not how large their errors are.
///
/// - Source: L. Breiman, Machine Learning 45, 5 (2001), doi:10.1023/A:1010933404324 (out-of-bag errors);
///   S. Wager, T. Hastie, B. Efron, JMLR 15, 1625 (2014) (variances of forests).
struct ForestSpread: Sendable {
    var factor: Double
    var floor: Double

    var numbers: [Double] { [factor, floor] }
    var isUsable: Bool { factor >= 0 && floor >= 0 && factor.isFinite && floor.isFinite }

    /// The variance itself, where no row was left out.
    static let unfitted = ForestSpread([1, 0])

    init(_ numbers: [Double]) { (factor, floor) = (numbers[0], numbers[1]) }

    /// - Parameters: squared errors of rows and the variance between the trees that did not see them.
    init(squaredErrors: [Double], variances: [Double]) {
        self = .unfitted
        let count = Double(squaredErrors.count)
        let meanError = squaredErrors.reduce(0, +) / count
        guard squaredErrors.count > 1, meanError > 0 else { return }
        var best = Double.infinity
        for step in 0...40 {
            // Floors relative to the factor, from one thousandth to ten times the mean squared error.
            let ratio = meanError * PortableMath.exp(Double(step) / 40 * PortableMath.log(1e4)) * 1e-3
            var (scaled, logs) = (0.0, 0.0)
            for (error, variance) in zip(squaredErrors, variances) {
                scaled += error / (variance + ratio)
                logs += PortableMath.log(variance + ratio)
            }
            let factor = scaled / count
            let loss = logs / count + PortableMath.log(factor)
            if loss < best {
                best = loss
                (self.factor, floor) = (factor, factor * ratio)
            }
        }
    }

    func deviation(variance: Double) -> Double { (factor * max(variance, 0) + floor).squareRoot() }
}
