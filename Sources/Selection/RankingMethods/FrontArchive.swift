import MaterialsCore

/// All candidates of the first n non-dominated fronts: the same set for any cut of the run and any order of merging.
///
/// A candidate's rank among a part is never above its rank among all, and all that decides the rank of a kept one
/// is of lower rank, so kept too. What waits in `pending` only saves work; `state` is settled first. Of candidates that are equal in
/// all objectives only as many are held as the short list could take, those of the lowest indices, so that objectives that are
/// constant hold no more than that.
///
/// - Errors: `.usage` where more than `capacity` have to be held on the way, which protects the memory. It is the one thing that
///   depends on the cut: a part may hold more than the whole.
public struct FrontArchive: RankingFold {
    private let method: String
    private let request: RankingRequest
    private let fronts: Int
    private let capacity: Int
    /// Settled: all of rank ≤ `fronts` among what was settled so far.
    private var settled: [KeptCandidate] = []
    /// Not yet compared with each other, but not dominated by the last front of `settled`.
    private var pending: [KeptCandidate] = []
    /// The last front of `settled`; empty while there are fewer fronts.
    private var lastFront: DominanceScreen
    /// True for a part that was given a last front that is better than any of its own.
    private var keepsScreen = false

    init(method: String, request: RankingRequest, limits: FrontLimits, held: [KeptCandidate]) throws {
        (self.method, self.request, fronts, capacity) = (method, request, limits.fronts, 8 * limits.maxFront)
        lastFront = DominanceScreen([], dimension: request.objectives.count)
        try insert(held)
    }

    /// What is held, in index order.
    public var state: RankingState {
        var copy = self
        copy.settle()
        return RankingState(held: copy.settled.sorted { $0.index < $1.index })
    }

    private var dimension: Int { request.objectives.count }

    /// Empty, with the same last front to compare with.
    public func emptyPart() -> FrontArchive {
        var part = self
        (part.settled, part.pending, part.keepsScreen) = ([], [], !lastFront.isEmpty)
        return part
    }

    /// Takes in the survivors of a batch.
    public mutating func insert(_ batch: ObjectiveBatch) throws {
        let points = request.objectives.losses(batch)
        for row in survivors(points, count: batch.indices.count) { pending.append(batch.candidate(row)) }
        try settleIfWorthwhile()
    }

    /// Takes in what another part of the run holds.
    public mutating func merge(_ other: FrontArchive) throws {
        // The larger one stays as it is.
        var other = other
        if other.settled.count > settled.count && !other.keepsScreen { swap(&self, &other) }
        try insert(other.settled)
        try insert(other.pending)
    }

    mutating func insert(_ candidates: [KeptCandidate]) throws {
        let points = request.objectives.losses(candidates)
        for (i, candidate) in candidates.enumerated() where !lastFront.dominates(points.span, at: i * dimension) {
            pending.append(candidate)
        }
        try settleIfWorthwhile()
    }

    /// Rows that may be of rank ≤ `fronts`: first against the archive, then among themselves.
    private mutating func survivors(_ points: [Double], count: Int) -> [Int] {
        let m = dimension
        var rows: [Int] = []
        for row in 0..<count where !lastFront.dominates(points.span, at: row * m) { rows.append(row) }
        if rows.count < 2 * fronts { return rows }
        var left: [Double] = []
        left.reserveCapacity(rows.count * m)
        for row in rows { left += points[row * m..<row * m + m] }
        let ranks = NonDominatedFronts(left, dimension: m, limit: fronts).ranks
        return rows.indices.filter { ranks[$0] > 0 }.map { rows[$0] }
    }

    /// Sorting pays once enough waits; growing with the archive keeps its cost per candidate bounded.
    private mutating func settleIfWorthwhile() throws {
        if pending.count < max(64, settled.count / 2) { return }
        settle()
        guard settled.count > capacity else { return }
        throw MatSieveError.usage(
            "ranking '\(method)' has to hold \(settled.count) candidates on the way, more than eight times max_front allows (\(capacity)); "
                + FrontLimits.cure)
    }

    private mutating func settle() {
        if pending.isEmpty { return }
        let all = settled + pending
        pending = []
        let points = request.objectives.losses(all)
        let ranks = NonDominatedFronts(points, dimension: dimension, limit: fronts).ranks
        let isSpare = spareCopies(all, points, ranks)
        settled = []
        var last: [Double] = []
        for i in all.indices where ranks[i] > 0 && !isSpare[i] {
            settled.append(all[i])
            if ranks[i] == fronts { last += points[i * dimension..<(i + 1) * dimension] }
        }
        if !keepsScreen { lastFront = DominanceScreen(last, dimension: dimension) }
    }

    /// Which of the candidates that are equal in all objectives no short list could reach.
    private func spareCopies(_ all: [KeptCandidate], _ points: [Double], _ ranks: [Int]) -> [Bool] {
        var isSpare = [Bool](repeating: false, count: all.count)
        let order = lexicographicOrder(points, dimension: dimension, all).filter { ranks[$0] > 0 }
        var first = 0
        while first < order.count {
            var end = first + 1
            while end < order.count, lexicographicComparison(points, dimension, order[first], order[end]) == 0 { end += 1 }
            if end - first > 1 {
                var tally = GroupTally(lines: request.lines, perGroup: request.perGroup)
                for i in order[first..<end] { isSpare[i] = !tally.admit(all[i].group) }
            }
            first = end
        }
        return isSpare
    }
}

/// How many fronts are held, and how many candidates in them.
struct FrontLimits: Equatable, Sendable {
    /// What to do where too many are held.
    static let cure = "filter more, take fewer objectives, lower 'ranking.fronts', or raise 'ranking.max_front'"
    let fronts: Int
    let maxFront: Int

    init(_ settings: inout Settings, fronts: Int, maxFront: Int = 100_000) throws {
        self.fronts = try settings.integer("fronts", default: fronts, in: 1...50)
        self.maxFront = try settings.integer("max_front", default: maxFront, in: 1...10_000_000)
    }

    /// Refuses too many, judged on all candidates.
    func check(_ held: [KeptCandidate], method: String) throws {
        guard held.count > maxFront else { return }
        throw MatSieveError.usage(
            "ranking '\(method)' has \(held.count) candidates in its first \(fronts) front\(fronts == 1 ? "" : "s"), more than "
                + "max_front (\(maxFront)); " + Self.cure)
    }
}

/// What is held, by fronts.
struct RankedFronts {
    let held: [KeptCandidate]
    /// Losses, candidates one after the other.
    let points: [Double]
    /// Members of each front, in index order.
    private(set) var members: [[Int]] = []

    init(_ state: RankingState, objectives: [Objective], limits: FrontLimits) {
        held = state.held.sorted { $0.index < $1.index }
        points = objectives.losses(held)
        let ranks = NonDominatedFronts(points, dimension: objectives.count, limit: limits.fronts).ranks
        members = (1...limits.fronts).map { front in held.indices.filter { ranks[$0] == front } }
    }

    /// Lines front by front, the highest second value first within a front.
    func lines(_ second: ([Int]) throws -> [Double]) rethrows -> [RankedCandidate] {
        try members.enumerated().flatMap { number, members in
            let values = try second(members)
            let order = members.indices.sorted { a, b in values[a] != values[b] ? values[a] > values[b] : a < b }
            let front = Double(number + 1)
            return order.map { RankedCandidate(candidate: held[members[$0]], score: -front, extras: [front, values[$0]]) }
        }
    }
}
