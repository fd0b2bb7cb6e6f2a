/// Combinations of one, two or three kinds of atoms, in DScribe's order: pairs i ≤ j row by row; triples by the middle j, then by the
/// pair of the ends i ≤ k.
struct SpectrumBlocks: Sendable {
    private let kinds: Int
    private let order: Int
    /// Kinds of each block: i; i, j; or i, j, k with the middle atom j.
    let members: [[Int]]

    init(kinds: Int, order: Int) {
        (self.kinds, self.order) = (kinds, order)
        let pairs = (0..<kinds).flatMap { i in (i..<kinds).map { [i, $0] } }
        switch order {
        case 1: members = (0..<kinds).map { [$0] }
        case 2: members = pairs
        default: members = (0..<kinds).flatMap { j in pairs.map { [$0[0], j, $0[1]] } }
        }
    }

    /// Number of blocks.
    var count: Int { members.count }

    /// Block of a pair.
    @inline(__always) func index(_ i: Int, _ j: Int) -> Int {
        let (low, high) = (min(i, j), max(i, j))
        return high + low * kinds - low * (low + 1) / 2
    }

    /// Block of a triple with j in the middle.
    @inline(__always) func index(_ i: Int, _ j: Int, _ k: Int) -> Int { j * (kinds * (kinds + 1) / 2) + index(i, k) }

    /// Block of its members.
    func index(_ members: [Int]) -> Int {
        switch members.count {
        case 1: members[0]
        case 2: index(members[0], members[1])
        default: index(members[0], members[1], members[2])
        }
    }
}
