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
    /// Points that couldn't be reached, of them those that dominate most; what they dominate can't be reached either.
    private var boundary: [Double] = []
    private var screen: DominanceScreen
    /// True for a part that was given a screen that is better than any of its own.
    private var keepsScreen = false

    init(method: String, request: RankingRequest, limits: SkybandLimits, keepsStatistics: Bool, state: RankingState) throws {
        (self.method, self.request, capacity) = (method, request, 8 * limits.maxHeld)
        let dimension = request.objectives.count
        screen = DominanceScreen([], dimension: dimension)
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
        (part.settled, part.pending, part.keepsScreen) = ([], [], !screen.isEmpty)
        part.statistics = statistics.map { _ in ColumnStatistics() }
        return part
    }

    /// Takes in the survivors of a batch.
    public mutating func insert(_ batch: ObjectiveBatch) throws {
        let points = request.objectives.losses(batch)
        for k in statistics.indices { for row in batch.indices.indices { statistics[k].add(points[row * dimension + k]) } }
        for row in batch.indices.indices where !screen.dominates(points.span, at: row * dimension) { pending.append(batch.candidate(row)) }
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
        for (i, candidate) in candidates.enumerated() where !screen.dominates(points.span, at: i * dimension) { pending.append(candidate) }
        try settleIfWorthwhile()
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
        for i in lexicographicOrder(points, dimension: dimension, all) {
            switch place(i, tree, all, points) {
            case .onTheList:
                tree.mark(i, rank: 1)
                settled.append(all[i])
            case .behindTheList: boundary += points[i * dimension..<(i + 1) * dimension]
            case .behindItsGroup: break
            }
        }
        if keepsScreen {
            boundary = []
            return
        }
        boundary = foremost(boundary)
        screen = DominanceScreen(boundary, dimension: dimension)
    }

    private enum Place {
        case onTheList
        /// Others fill the list.
        case behindTheList
        /// Others of its group fill what the group may have.
        case behindItsGroup
    }

    private func place(_ i: Int, _ tree: OrthantTree, _ all: [KeptCandidate], _ points: [Double]) -> Place {
        guard request.perGroup != nil else {
            return tree.count(below: points.span, at: i * dimension, limit: request.lines) < request.lines ? .onTheList : .behindTheList
        }
        var before: [Int] = []
        tree.appendAll(below: points.span, at: i * dimension, to: &before)
        var taken = tally(before, all)
        return taken.isFull ? .behindTheList : taken.admit(all[i].group) ? .onTheList : .behindItsGroup
    }

    /// Points that no other one dominates, each once.
    private func foremost(_ points: [Double]) -> [Double] {
        let m = dimension
        let ranks = NonDominatedFronts(points, dimension: m, limit: 1).ranks
        var kept: [Double] = []
        var previous = -1
        for i in ranks.indices.filter({ ranks[$0] == 1 }).sorted(by: { lexicographicComparison(points, m, $0, $1) < 0 }) {
            if previous < 0 || lexicographicComparison(points, m, previous, i) != 0 { kept += points[i * m..<(i + 1) * m] }
            previous = i
        }
        return kept
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
