import MaterialsCore

/// All candidates that any ranking could place on the short list in which what is nowhere worse does not come later: those with fewer
/// such candidates before them than the list has lines (the k-skyband). The same set for any cut of the run and any order of merging.
///
/// A candidate comes before another if it is nowhere worse, and better somewhere or, if equal, of lower index. One that has `lines`
/// before it can't be reached, nor one with `perGroup` of its own group; of other groups at most `perGroup` count. The first of those
/// before it are held themselves, so it doesn't matter which part of the run they were met in. What waits in `pending` only saves work.
///
/// - Errors: `.usage` where more than `capacity` have to be held on the way, which protects the memory. It is the one thing that
///   depends on the cut.
/// - Source: D. Papadias, Y. Tao, G. Fu, B. Seeger, ACM Trans. Database Syst. 30, 41 (2005), doi:10.1145/1061318.1061320 (k-skyband).
///   Differences: groups; ties by index; streaming.
public struct SkybandArchive: RankingFold {
    private let method: String
    private let request: RankingRequest
    private let capacity: Int
    private var settled: [KeptCandidate] = []
    private var pending: [KeptCandidate] = []
    /// Of each objective's loss over all candidates; empty where nobody asks.
    private var statistics: [ColumnStatistics]
    /// Corners that dominate nothing but what can't be reached.
    private var screen: DominanceScreen
    /// What is settled.
    private var tree: OrthantTree
    /// True where the tree holds more than a short list needs.
    private var isFull = false
    /// True for a part that was given a screen and a tree that are better than any of its own.
    private var keepsScreen = false

    init(method: String, request: RankingRequest, limits: SkybandLimits, keepsStatistics: Bool, state: RankingState) throws {
        (self.method, self.request, capacity) = (method, request, 8 * limits.maxHeld)
        let dimension = request.objectives.count
        screen = DominanceScreen([], dimension: dimension)
        tree = OrthantTree([], stride: dimension, width: dimension)
        let none = keepsStatistics ? request.objectives.map { _ in ColumnStatistics() } : []
        statistics = state.statistics.isEmpty ? none : state.statistics
        try insert(state.held)
    }

    /// What is held, in index order, and the statistics.
    public var state: RankingState {
        var copy = self
        copy.settle()
        return RankingState(held: copy.settled.sorted { $0.index < $1.index }, statistics: statistics)
    }

    private var dimension: Int { request.objectives.count }

    /// Empty, with the same candidates to compare with.
    public func emptyPart() -> SkybandArchive {
        var part = self
        (part.settled, part.pending, part.keepsScreen) = ([], [], isFull)
        part.statistics = statistics.map { _ in ColumnStatistics() }
        return part
    }

    /// Takes in the survivors of a batch.
    public mutating func insert(_ batch: ObjectiveBatch) throws {
        let points = request.objectives.losses(batch)
        for k in statistics.indices { for row in batch.indices.indices { statistics[k].add(points[row * dimension + k]) } }
        for row in batch.indices.indices where isReachable(points, row) { pending.append(batch.candidate(row)) }
        try settleIfWorthwhile()
    }

    /// Takes in what another part of the run holds.
    public mutating func merge(_ other: SkybandArchive) throws {
        for k in statistics.indices { statistics[k].merge(other.statistics[k]) }
        try insert(other.settled)
        try insert(other.pending)
    }

    private mutating func insert(_ candidates: [KeptCandidate]) throws {
        let points = request.objectives.losses(candidates)
        for (i, candidate) in candidates.enumerated() where isReachable(points, i) { pending.append(candidate) }
        try settleIfWorthwhile()
    }

    /// False for most of what can't be reached.
    private mutating func isReachable(_ points: [Double], _ row: Int) -> Bool {
        let start = row * dimension
        if screen.dominates(points.span, at: start) { return false }
        // Equal points come before it or not by their index, so the last word is `settle`'s.
        return request.perGroup != nil || !isFull
            || tree.count(below: points.span, at: start, limit: 2 * request.lines) < 2 * request.lines
    }

    private mutating func settleIfWorthwhile() throws {
        if pending.count < max(64, settled.count / 2) { return }
        settle()
        guard settled.count > capacity else { return }
        throw MatSieveError.usage(
            "ranking '\(method)' has to hold \(settled.count) candidates on the way, more than eight times max_held allows (\(capacity)); "
                + SkybandLimits.cure)
    }

    private mutating func settle() {
        if pending.isEmpty { return }
        let all = settled + pending
        pending = []
        let points = request.objectives.losses(all)
        var tree = OrthantTree(points, stride: dimension, width: dimension)
        settled = []
        for i in lexicographicOrder(points, dimension: dimension, all) where isHeld(i, tree, all, points) {
            tree.mark(i, rank: 1)
            settled.append(all[i])
        }
        if keepsScreen { return }
        let corners = tree.upperCorners(ofAtLeast: request.lines) { members in
            request.perGroup == nil || tally(members, all).isFull
        }
        (screen, self.tree, isFull) = (DominanceScreen(corners, dimension: dimension), tree, settled.count >= request.lines)
    }

    private func isHeld(_ i: Int, _ tree: OrthantTree, _ all: [KeptCandidate], _ points: [Double]) -> Bool {
        guard request.perGroup != nil else {
            return tree.count(below: points.span, at: i * dimension, limit: request.lines) < request.lines
        }
        var before: [Int] = []
        tree.appendAll(below: points.span, at: i * dimension, to: &before)
        var taken = tally(before, all)
        return taken.admit(all[i].group)
    }

    private func tally(_ members: [Int], _ all: [KeptCandidate]) -> GroupTally {
        var tally = GroupTally(lines: request.lines, perGroup: request.perGroup)
        for member in members where !tally.isFull { _ = tally.admit(all[member].group) }
        return tally
    }
}

/// How many candidates such an archive may hold.
struct SkybandLimits: Equatable, Sendable {
    /// What to do where too many are held.
    static let cure = "filter more, take fewer objectives, lower 'ranking.keep' or 'ranking.pool', or raise 'ranking.max_held'"
    let maxHeld: Int

    init(_ settings: inout Settings) throws { maxHeld = try settings.integer("max_held", default: 100_000, in: 1...10_000_000) }

    /// Refuses too many, judged on all candidates.
    func check(_ held: [KeptCandidate], method: String) throws {
        guard held.count > maxHeld else { return }
        throw MatSieveError.usage(
            "ranking '\(method)' has to hold \(held.count) candidates, more than max_held (\(maxHeld)); " + Self.cure)
    }
}
