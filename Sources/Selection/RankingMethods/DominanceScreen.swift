/// Finds out quickly whether any of a set of points dominates another; all objectives minimised.
///
/// A few members are tried first, in an order that adapts: one that dominates moves half-way to the front. Then a tree of all is
/// asked; what it finds joins the few. Answers don't depend on it.
struct DominanceScreen: Sendable {
    private static let tried = 32

    private let dimension: Int
    private var members: [Double]
    /// All members, where they are more than those tried first.
    private var tree: OrthantTree?

    /// A screen of members that lie one after the other.
    init(_ all: [Double], dimension: Int) {
        self.dimension = dimension
        members = Array(all.prefix(Self.tried * dimension))
        guard all.count > members.count else { return }
        var tree = OrthantTree(all, stride: dimension, width: dimension)
        for member in 0..<all.count / dimension { tree.mark(member, rank: 1) }
        self.tree = tree
    }

    /// True where it has no members.
    var isEmpty: Bool { members.isEmpty }

    /// True where a member dominates the point that starts at `start`.
    mutating func dominates(_ points: Span<Double>, at start: Int) -> Bool {
        if let hit = firstDominator(points, start) {
            let target = hit / dimension / 2 * dimension
            if target != hit { for k in 0..<dimension { members.swapAt(hit + k, target + k) } }
            return true
        }
        guard let found = tree?.dominator(of: points, at: start) else { return false }
        members.replaceSubrange(members.count - dimension..<members.count, with: found)
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
