/// How well predicted energies above the hull find the stable materials, as Matbench Discovery counts it.
///
///     precision = TP / (TP + FP)      recall = TP / (TP + FN)      F1 = 2 · precision · recall / (precision + recall)
///     prevalence = (TP + FN) / all    discovery acceleration factor = precision / prevalence
///
/// - Input:    true and predicted energies above the hull, eV/atom; those of a stable material are at most `threshold` (0).
/// - Output:   counts and rates; NaN where a denominator is 0. Errors in eV/atom over the materials that have a prediction.
/// - Scope:    a material without a prediction counts as predicted unstable; one without a true value does not count.
/// - Numerics: sums in the order given.
/// - Source:   J. Riebesell et al., Nat. Mach. Intell. 7, 836 (2025), doi:10.1038/s42256-025-01055-1, and `stable_metrics` of its
///             programs (matbench-discovery 1.3.1; the accuracy over all materials, as later ones take it).
public struct DiscoveryMetrics: Sendable, Equatable {
    /// Stable and predicted so.
    public private(set) var truePositives = 0
    /// Unstable and predicted stable.
    public private(set) var falsePositives = 0
    /// Stable and predicted unstable.
    public private(set) var falseNegatives = 0
    /// Unstable and predicted so.
    public private(set) var trueNegatives = 0
    /// Mean absolute error.
    public let meanAbsoluteError: Double
    /// Root mean square error.
    public let rootMeanSquareError: Double
    /// Coefficient of determination.
    public let determination: Double

    /// Compares predictions with what is true.
    public init(true actual: [Double], predicted: [Double], threshold: Double = 0) {
        precondition(actual.count == predicted.count)
        var known: [(actual: Double, predicted: Double)] = []
        for (a, p) in zip(actual, predicted) where !a.isNaN {
            switch (a <= threshold, p <= threshold) {
            case (true, true): truePositives += 1
            case (false, true): falsePositives += 1
            case (true, false): falseNegatives += 1
            case (false, false): trueNegatives += 1
            }
            if !p.isNaN { known.append((a, p)) }
        }
        let n = Double(known.count)
        let mean = known.reduce(0) { $0 + $1.actual } / n
        let squares = known.reduce(0) { $0 + ($1.actual - $1.predicted) * ($1.actual - $1.predicted) }
        meanAbsoluteError = known.reduce(0) { $0 + abs($1.actual - $1.predicted) } / n
        rootMeanSquareError = (squares / n).squareRoot()
        determination = 1 - squares / known.reduce(0) { $0 + ($1.actual - mean) * ($1.actual - mean) }
    }

    /// Materials that count.
    public var count: Int { truePositives + falsePositives + falseNegatives + trueNegatives }
    /// Share of the stable among all.
    public var prevalence: Double { ratio(truePositives + falseNegatives, count) }
    /// Share of the stable among those predicted stable.
    public var precision: Double { ratio(truePositives, truePositives + falsePositives) }
    /// Share of the stable that is found.
    public var recall: Double { ratio(truePositives, truePositives + falseNegatives) }
    /// Share of the unstable that is told apart.
    public var trueNegativeRate: Double { ratio(trueNegatives, trueNegatives + falsePositives) }
    /// Share of the unstable that is taken for stable.
    public var falsePositiveRate: Double { ratio(falsePositives, trueNegatives + falsePositives) }
    /// Share of the stable that is missed.
    public var falseNegativeRate: Double { ratio(falseNegatives, truePositives + falseNegatives) }
    /// Share that is classified rightly.
    public var accuracy: Double { ratio(truePositives + trueNegatives, count) }
    /// Harmonic mean of precision and recall.
    public var f1: Double { 2 * precision * recall / (precision + recall) }
    /// How many times more often a predicted-stable material is stable than one drawn blindly.
    public var discoveryAccelerationFactor: Double { precision / prevalence }

    private func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? .nan : Double(part) / Double(whole) }
}
