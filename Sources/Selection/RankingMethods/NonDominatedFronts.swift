/// Non-dominated ranks of points, all objectives minimised.
///
/// A point dominates another if it is nowhere greater and somewhere less; equal points do not dominate each other.
/// The rank is 1 for what nothing dominates, else 1 + the highest rank among its dominators.
///
/// - Source: X. Zhang, Y. Tian, R. Cheng, Y. Jin, IEEE Trans. Evol. Comput. 19, 201 (2015), doi:10.1109/TEVC.2014.2308305
///   (efficient non-dominated sort). Differences: stops after `limit` fronts; one or two objectives in O(n log n);
///   more by one k-d tree for all fronts, about as P. Gustavsson, A. Syberfeldt, Evol. Comput. 26, 89 (2018),
///   doi:10.1162/evco_a_00204, have one for each.
struct NonDominatedFronts {
    /// Rank of each point, from 1; 0 where it is above `limit`.
    private(set) var ranks: [Int]

    /// Ranks `points.count / dimension` points that lie one after the other.
    init(_ points: [Double], dimension: Int, limit: Int) {
        let count = points.count / dimension
        ranks = [Int](repeating: 0, count: count)
        let order = Self.lexicographicOrder(points, dimension: dimension, count: count)
        var fronts = FrontStack(points, dimension: dimension, limit: limit)
        var previous = -1
        for point in order {
            // In this order nothing later dominates, and equal points are neighbours.
            if previous >= 0, Self.areEqual(points, previous, point, dimension) {
                ranks[point] = ranks[previous]
            } else {
                ranks[point] = fronts.insert(point, points)
            }
            previous = point
        }
    }

    private static func lexicographicOrder(_ points: [Double], dimension: Int, count: Int) -> [Int] {
        let p = points.span
        func precedes(_ a: Int, _ b: Int, _ p: borrowing Span<Double>) -> Bool {
            for k in 0..<dimension {
                let (x, y) = (p[a * dimension + k], p[b * dimension + k])
                if x != y { return x < y }
            }
            return a < b
        }
        return (0..<count).sorted { precedes($0, $1, p) }
    }

    private static func areEqual(_ points: [Double], _ a: Int, _ b: Int, _ dimension: Int) -> Bool {
        for k in 0..<dimension where points[a * dimension + k] != points[b * dimension + k] { return false }
        return true
    }
}

/// Fronts under construction from points in ascending lexicographic order, so that the first objective never has to be compared.
private struct FrontStack {
    private let limit: Int
    private let stride: Int
    /// With at most two objectives: the lowest second value of each front, which decides alone.
    private var lowest: [Double] = []
    /// With more: what was inserted so far, by its objectives after the first.
    private var tree: OrthantTree?

    init(_ points: [Double], dimension: Int, limit: Int) {
        (self.limit, stride) = (limit, dimension)
        tree = dimension > 2 ? OrthantTree(points, stride: dimension, width: dimension - 1) : nil
    }

    /// Adds a point; returns its rank, or 0 where it is above the limit.
    mutating func insert(_ point: Int, _ points: [Double]) -> Int {
        guard tree != nil else { return insert(stride == 2 ? points[2 * point + 1] : 0) }
        let rank = 1 + tree!.highestRank(below: points.span, at: point * stride + 1)
        // What lies above the limit has something of rank `limit` below it, and so has all that it lies below.
        if rank > limit { return 0 }
        tree!.mark(point, rank: rank)
        return rank
    }

    /// What a front dominates, every lower front dominates too.
    private mutating func insert(_ value: Double) -> Int {
        var (low, high) = (0, lowest.count)
        while low < high {
            let middle = (low + high) / 2
            if lowest[middle] <= value { low = middle + 1 } else { high = middle }
        }
        if low == limit { return 0 }
        if low == lowest.count { lowest.append(value) } else { lowest[low] = value }
        return low + 1
    }
}
