/// Non-dominated ranks of points, all objectives minimised.
///
/// A point dominates another if it is nowhere greater and somewhere less; equal points do not dominate each other.
/// The rank is 1 for what nothing dominates, else 1 + the highest rank among its dominators.
///
/// - Source: X. Zhang, Y. Tian, R. Cheng, Y. Jin, IEEE Trans. Evol. Comput. 19, 201 (2015), doi:10.1109/TEVC.2014.2308305
///   (efficient non-dominated sort, binary search over fronts). Differences: stops after `limit` fronts;
///   one or two objectives in O(n log n).
struct NonDominatedFronts {
    /// Rank of each point, from 1; 0 where it is above `limit`.
    private(set) var ranks: [Int]

    /// Ranks `points.count / dimension` points that lie one after the other.
    init(_ points: [Double], dimension: Int, limit: Int) {
        let count = points.count / dimension
        ranks = [Int](repeating: 0, count: count)
        let order = Self.lexicographicOrder(points, dimension: dimension, count: count)
        var fronts = FrontStack(dimension: dimension, limit: limit)
        var previous = -1
        for point in order {
            // In this order nothing later dominates, and equal points are neighbours.
            if previous >= 0, Self.areEqual(points, previous, point, dimension) {
                ranks[point] = ranks[previous]
            } else {
                ranks[point] = fronts.insert(points, at: point * dimension)
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
    private let width: Int
    private let limit: Int
    /// Objectives after the first, front by front; with at most two objectives only the lowest second value, which decides alone.
    private var fronts: [[Double]] = []

    init(dimension: Int, limit: Int) { (width, self.limit) = (dimension - 1, limit) }

    /// Adds the point that starts at `start`; returns its rank, or 0 where it is above the limit.
    mutating func insert(_ points: [Double], at start: Int) -> Int {
        var (lower, upper) = (0, fronts.count)
        // What a front dominates, every lower front dominates too.
        while lower < upper {
            let middle = (lower + upper) / 2
            if dominates(middle, points, start + 1) { lower = middle + 1 } else { upper = middle }
        }
        if lower == limit { return 0 }
        if lower == fronts.count { fronts.append([]) }
        if width <= 1 { fronts[lower] = [width == 1 ? points[start + 1] : 0] } else { fronts[lower] += points[start + 1...start + width] }
        return lower + 1
    }

    private func dominates(_ front: Int, _ points: [Double], _ start: Int) -> Bool {
        if width <= 1 { return width == 0 || fronts[front][0] <= points[start] }
        return isCovered(points, start, by: fronts[front], width: width)
    }
}

/// True where a member is nowhere greater than the point; the latest members are nearest and tried first.
private func isCovered(_ points: [Double], _ start: Int, by members: [Double], width: Int) -> Bool {
    let (points, members) = (points.span, members.span)
    var member = members.count - width
    while member >= 0 {
        var k = 0
        while k < width, members[member + k] <= points[start + k] { k += 1 }
        if k == width { return true }
        member -= width
    }
    return false
}
