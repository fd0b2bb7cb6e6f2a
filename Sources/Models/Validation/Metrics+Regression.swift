import MaterialsCore

extension Metrics {
    /// Mean of |predicted - observed|, summed in row order.
    public static func meanAbsoluteError(_ predicted: [Double], _ observed: [Double], weights: [Double]? = nil) -> Double {
        mean(observed.count, weights) { (predicted[$0] - observed[$0]).magnitude }
    }

    /// Root of the mean of (predicted - observed)².
    public static func rootMeanSquareError(_ predicted: [Double], _ observed: [Double], weights: [Double]? = nil) -> Double {
        mean(observed.count, weights) { (predicted[$0] - observed[$0]) * (predicted[$0] - observed[$0]) }.squareRoot()
    }

    /// 1 - Σ(predicted - observed)² / Σ(observed - mean)²; NaN where the observed are all equal.
    public static func determination(_ predicted: [Double], _ observed: [Double], weights: [Double]? = nil) -> Double {
        let centre = mean(observed.count, weights) { observed[$0] }
        let total = sum(observed.count, weights) { (observed[$0] - centre) * (observed[$0] - centre) }
        let left = sum(observed.count, weights) { (predicted[$0] - observed[$0]) * (predicted[$0] - observed[$0]) }
        return total > 0 ? 1 - left / total : .nan
    }

    /// Spearman's correlation of ranks, ties by their mean rank, unweighted; NaN where all values of a side are equal or one is NaN.
    /// - Source: C. Spearman, Am. J. Psychol. 15, 72 (1904), doi:10.2307/1412159
    public static func rankCorrelation(_ predicted: [Double], _ observed: [Double]) -> Double {
        guard let a = meanRanks(predicted), let b = meanRanks(observed) else { return .nan }
        let centre = Double(a.count + 1) / 2
        var (cross, first, second) = (0.0, 0.0, 0.0)
        for row in a.indices {
            let (x, y) = (a[row] - centre, b[row] - centre)
            cross += x * y
            first += x * x
            second += y * y
        }
        return first > 0 && second > 0 ? cross / (first.squareRoot() * second.squareRoot()) : .nan
    }

    /// Ranks from 1, those of equal values their mean; nil with NaN.
    static func meanRanks(_ values: [Double]) -> [Double]? {
        guard !values.contains(where: \.isNaN) else { return nil }
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = values
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            for place in start..<end { ranks[order[place]] = Double(start + 1 + end) / 2 }
            start = end
        }
        return ranks
    }

    /// Weighted sum over the rows, in row order.
    static func sum(_ rows: Int, _ weights: [Double]?, _ value: (Int) -> Double) -> Double {
        var total = 0.0
        if let weights {
            for row in 0..<rows { total += weights[row] * value(row) }
        } else {
            for row in 0..<rows { total += value(row) }
        }
        return total
    }

    /// Weighted mean over the rows.
    static func mean(_ rows: Int, _ weights: [Double]?, _ value: (Int) -> Double) -> Double {
        sum(rows, weights, value) / (weights?.reduce(0, +) ?? Double(rows))
    }
}
