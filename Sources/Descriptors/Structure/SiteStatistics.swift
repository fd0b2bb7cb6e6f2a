import MaterialsCore

/// Mean, standard deviation (of the population), minimum and maximum of numbers as they come; NaN of none.
///
/// - Numerics: two passes for the deviation, in the order of the numbers
struct SiteStatistics {
    /// Labels of the four, to stand behind that of the quantity.
    static let names = ["mean", "std", "min", "max"]

    /// Writes the four from `first` on; `weights` of none are all equal.
    static func write(_ values: [Double], weights: [Double] = [], _ first: Int, into features: inout MutableSpan<Double>) {
        let statistics = SiteStatistics(values, weights)
        features[first] = statistics.mean
        features[first + 1] = statistics.deviation
        features[first + 2] = statistics.minimum
        features[first + 3] = statistics.maximum
    }

    private(set) var (mean, deviation, minimum, maximum) = (Double.nan, Double.nan, Double.nan, Double.nan)

    init(_ values: [Double], _ weights: [Double] = []) {
        guard var low = values.first else { return }
        var (high, sum, total) = (low, 0.0, 0.0)
        for k in values.indices {
            let w = weights.isEmpty ? 1 : weights[k]
            (low, high) = (min(low, values[k]), max(high, values[k]))
            sum += w * values[k]
            total += w
        }
        let centre = sum / total
        var squares = 0.0
        for k in values.indices { squares += (weights.isEmpty ? 1 : weights[k]) * ((values[k] - centre) * (values[k] - centre)) }
        (mean, deviation, minimum, maximum) = (centre, (squares / total).squareRoot(), low, high)
    }
}
