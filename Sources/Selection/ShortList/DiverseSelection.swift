import MaterialsCore

/// Picks a diverse short list out of ranked candidates.
enum DiverseSelection {
    /// Greedy k-centre: the best first, then always the one that is farthest from all picked; ties go to the better one.
    ///
    /// - Cost: O(count · candidates · columns).
    /// - Source: T. F. Gonzalez, Theor. Comput. Sci. 38, 293 (1985), doi:10.1016/0304-3975(85)90224-5.
    static func kCentre(_ features: [Double], columns: Int, count: Int) -> [Int] {
        let rows = columns == 0 ? 0 : features.count / columns
        var distances = [Double](repeating: .infinity, count: rows)
        var picked: [Int] = []
        while picked.count < min(count, rows) {
            let next = picked.isEmpty ? 0 : firstOfLargest(distances)
            picked.append(next)
            for i in 0..<rows { distances[i] = min(distances[i], squaredDistance(features, columns, i, next)) }
            // Below every distance, so that it isn't picked again.
            distances[next] = -1
        }
        return picked
    }

    /// Greedy most probable set of a determinantal point process: the determinant of qᵢ qⱼ exp(−d² / 2ℓ²) over the picked grows most.
    ///
    /// ℓ² is the mean squared distance of all pairs. The best first among equals. Stops adding where the determinant would vanish
    /// (copies of what is picked); those follow in their order.
    ///
    /// - Cost: O(count² · candidates), memory count · candidates.
    /// - Source: L. Chen, G. Zhang, E. Zhou, NeurIPS 31, 5622 (2018), arXiv:1709.05135, algorithm 1.
    static func determinantal(_ features: [Double], columns: Int, qualities: [Double], count: Int) -> [Int] {
        let rows = qualities.count
        let scale = 2 * meanSquaredDistance(features, columns, rows)
        // Each candidate's row of a Cholesky factor over the picked, and what is left of its diagonal.
        var factors = [[Double]](repeating: [], count: rows)
        var left = qualities.map { $0 * $0 }
        var picked: [Int] = []
        while picked.count < min(count, rows) {
            let next = firstOfLargest(left)
            guard left[next] > 1e-12 * qualities[next] * qualities[next] else { break }
            picked.append(next)
            let root = left[next].squareRoot()
            let factor = factors[next]
            for i in 0..<rows where left[i] >= 0 && i != next {
                let d = squaredDistance(features, columns, i, next)
                let similarity = scale > 0 ? PortableMath.exp(-d / scale) : 1
                var e = qualities[i] * qualities[next] * similarity
                for k in factor.indices { e -= factor[k] * factors[i][k] }
                e /= root
                factors[i].append(e)
                left[i] = max(0, left[i] - e * e)
            }
            left[next] = -1
        }
        let taken = Set(picked)
        return picked + (0..<rows).filter { !taken.contains($0) }.prefix(min(count, rows) - picked.count)
    }

    private static func firstOfLargest(_ values: [Double]) -> Int {
        var best = 0
        for i in values.indices where values[i] > values[best] { best = i }
        return best
    }

    private static func squaredDistance(_ features: [Double], _ columns: Int, _ a: Int, _ b: Int) -> Double {
        var sum = 0.0
        for k in 0..<columns {
            let d = features[a * columns + k] - features[b * columns + k]
            sum += d * d
        }
        return sum
    }

    /// Twice the sum of the columns' variances.
    private static func meanSquaredDistance(_ features: [Double], _ columns: Int, _ rows: Int) -> Double {
        guard rows > 0 else { return 0 }
        var total = 0.0
        for k in 0..<columns {
            var (sum, squares) = (0.0, 0.0)
            for i in 0..<rows { sum += features[i * columns + k] }
            let mean = sum / Double(rows)
            for i in 0..<rows { squares += (features[i * columns + k] - mean) * (features[i * columns + k] - mean) }
            total += squares / Double(rows)
        }
        return 2 * total
    }
}
