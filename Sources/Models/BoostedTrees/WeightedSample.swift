/// Values with weights, for quantiles.
struct WeightedSample {
    private var values: [Double]
    /// Empty where all weigh the same.
    private var weights: [Double]

    init(values: [Double], weights: [Double] = []) { (self.values, self.weights) = (values, weights) }

    /// The values of some rows.
    init(rows: [Int32], values: [Double], weights: [Double]?) {
        self.init(values: rows.map { values[Int($0)] }, weights: weights.map { w in rows.map { w[Int($0)] } } ?? [])
    }

    /// A quantile; 0 of nothing.
    ///
    /// Equal weights: interpolated at (n - 1)·level, numpy's `linear`. Else the least value that has that share of the weight
    /// up to it, or the middle of it and the next where the share is met exactly; a weight of 2 then counts as two values.
    mutating func quantile(_ level: Double) -> Double {
        guard values.count > 1 else { return values.first ?? 0 }
        guard weights.isEmpty else { return weightedQuantile(level) }
        let position = Double(values.count - 1) * level
        let lower = min(Int(position), values.count - 2)
        Self.select(lower, &values)
        let (a, share) = (values[lower], position - Double(lower))
        guard share > 0 else { return a }
        let b = values[(lower + 1)...].min()!
        return a + (b - a) * share
    }

    private func weightedQuantile(_ level: Double) -> Double {
        let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        let total = order.reduce(0) { $0 + weights[$1] }
        // Sums of weights carry rounding.
        let (share, slack) = (total * level, total * 1e-12)
        var sum = 0.0
        for (position, i) in order.enumerated() {
            sum += weights[i]
            guard sum >= share - slack else { continue }
            guard sum <= share + slack, position + 1 < order.count else { return values[i] }
            return values[i] + (values[order[position + 1]] - values[i]) / 2
        }
        return values[order.last!]
    }

    /// Puts the value of a rank at its place, smaller ones before it, larger ones behind.
    ///
    /// - Source: C. A. R. Hoare, Commun. ACM 4, 321 (1961), doi:10.1145/366622.366647; pivot: the median of three.
    private static func select(_ rank: Int, _ values: inout [Double]) {
        values.withUnsafeMutableBufferPointer { v in
            var (first, last) = (0, v.count - 1)
            while first < last {
                let (a, b, c) = (v[first], v[(first + last) / 2], v[last])
                let pivot = max(min(a, b), min(max(a, b), c))
                var (i, j) = (first, last)
                while i <= j {
                    while v[i] < pivot { i += 1 }
                    while v[j] > pivot { j -= 1 }
                    if i <= j {
                        v.swapAt(i, j)
                        i += 1
                        j -= 1
                    }
                }
                if rank <= j { last = j } else if rank >= i { first = i } else { return }
            }
        }
    }
}
