import LinearAlgebra
import MaterialsCore

/// Clusters of points: seeded k-means++, then Lloyd's iterations.
///
/// - Numerics: fixed order of sums, one thread: the same clusters on every machine
/// - Cost:     rows × columns × clusters an iteration, at most 50
/// - Source:   D. Arthur, S. Vassilvitskii, SODA 2007, 1027; S. P. Lloyd, IEEE Trans. Inf. Theory 28, 129 (1982),
///   doi:10.1109/TIT.1982.1056489
struct KMeans: Sendable {
    /// Clusters: as many as wanted, or as there are distinct points.
    let count: Int
    /// Count × columns.
    private(set) var centers: [Double]
    /// Cluster of each point.
    private(set) var labels: [Int]

    private let columns: Int

    /// The best of several starts: that of the least sum of squared distances to the centers, the first of equal ones.
    init(_ points: [Double], rows: Int, count wanted: Int, seed: UInt64, iterations: Int = 50, starts: Int) {
        var random = SplitMix64(seed: seed)
        var best = KMeans(points, rows: rows, count: wanted, seed: seed, iterations: iterations)
        for _ in 1..<max(starts, 1) {
            let other = KMeans(points, rows: rows, count: wanted, seed: random.next(), iterations: iterations)
            if other.squares(points) < best.squares(points) { best = other }
        }
        self = best
    }

    init(_ points: [Double], rows: Int, count wanted: Int, seed: UInt64, iterations: Int = 50) {
        columns = rows > 0 ? points.count / rows : 0
        centers = Self.startingCenters(points, rows: rows, columns: columns, wanted: wanted, seed: seed)
        count = columns > 0 ? centers.count / columns : min(rows, 1)
        labels = [Int](repeating: 0, count: rows)
        guard count > 1 else {
            if count == 1 { recenter(points) }
            return
        }
        for _ in 0..<iterations {
            let nearest = NearestCenters(centers, count: count, columns: columns).labels(points, rows: rows)
            if nearest == labels { break }
            labels = nearest
            recenter(points)
        }
    }

    /// Sum of squared distances to the centers.
    private func squares(_ points: [Double]) -> Double {
        var sum = 0.0
        for (row, label) in labels.enumerated() {
            for c in 0..<columns {
                let d = points[row * columns + c] - centers[label * columns + c]
                sum += d * d
            }
        }
        return sum
    }

    /// k-means++: each further center is a point drawn with the probability of its squared distance to the nearest so far.
    private static func startingCenters(_ points: [Double], rows: Int, columns: Int, wanted: Int, seed: UInt64) -> [Double] {
        guard rows > 0, wanted > 0 else { return [] }
        var random = SplitMix64(seed: seed)
        var chosen = random.nextInt(below: rows)
        var centers: [Double] = []
        var nearest = [Double](repeating: .infinity, count: rows)
        while true {
            let center = Array(points[chosen * columns..<(chosen + 1) * columns])
            centers += center
            if centers.count >= wanted * columns { return centers }
            var total = 0.0
            for row in 0..<rows {
                var square = 0.0
                for c in 0..<columns {
                    let d = points[row * columns + c] - center[c]
                    square += d * d
                }
                nearest[row] = min(nearest[row], square)
                total += nearest[row]
            }
            guard total > 0 else { return centers }
            var left = random.nextUnit() * total
            // Rounding may leave a little at the end: then it is the last point that is no center.
            chosen = nearest.lastIndex { $0 > 0 }!
            for row in 0..<rows where nearest[row] > 0 {
                left -= nearest[row]
                if left < 0 {
                    chosen = row
                    break
                }
            }
        }
    }

    /// Means of the members; a cluster without members stays.
    private mutating func recenter(_ points: [Double]) {
        var sums = [Double](repeating: 0, count: count * columns)
        var sizes = [Int](repeating: 0, count: count)
        for (row, label) in labels.enumerated() {
            sizes[label] += 1
            for c in 0..<columns { sums[label * columns + c] += points[row * columns + c] }
        }
        for k in 0..<count where sizes[k] > 0 {
            for c in 0..<columns { centers[k * columns + c] = sums[k * columns + c] / Double(sizes[k]) }
        }
    }
}
