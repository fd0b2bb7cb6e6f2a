/// Finds out quickly whether any of a set of points dominates another; all objectives minimised.
///
/// The order in which members are tried adapts: one that dominates moves half-way to the front. Answers don't depend on it.
struct DominanceScreen: Sendable {
    private let dimension: Int
    private var members: [Double]

    /// A screen of members that lie one after the other.
    init(_ members: [Double], dimension: Int) { (self.members, self.dimension) = (members, dimension) }

    /// True where a member dominates the point that starts at `start`.
    mutating func dominates(_ points: Span<Double>, at start: Int) -> Bool {
        guard let hit = firstDominator(points, start) else { return false }
        let target = hit / dimension / 2 * dimension
        if target != hit { for k in 0..<dimension { members.swapAt(hit + k, target + k) } }
        return true
    }

    private func firstDominator(_ points: Span<Double>, _ start: Int) -> Int? {
        let m = members.span
        var member = 0
        while member < m.count {
            var k = 0
            var isLess = false
            while k < dimension, m[member + k] <= points[start + k] {
                isLess = isLess || m[member + k] < points[start + k]
                k += 1
            }
            if k == dimension, isLess { return member }
            member += dimension
        }
        return nil
    }
}
