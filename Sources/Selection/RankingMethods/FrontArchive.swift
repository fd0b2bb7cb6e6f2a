import MaterialsCore

/// All candidates of the first n non-dominated fronts: the same set for any cut of the run and any order of merging.
///
/// A candidate's rank among a part is never above its rank among all, and all that decides the rank of a kept one
/// is of lower rank, so kept too. What waits in `pending` only saves work; `held` is settled first.
///
/// - Errors: `.usage` where more than `capacity` have to be held on the way, which protects the memory. It is the one thing that
///   depends on the cut: a part may hold more than the whole.
public struct FrontArchive: RankingFold {
    private let signs: [Double]
    private let fronts: Int
    private let capacity: Int
    /// Settled: all of rank ≤ `fronts` among what was settled so far.
    private var settled: [KeptCandidate] = []
    /// Not yet compared with each other, but not dominated by the last front of `settled`.
    private var pending: [KeptCandidate] = []
    /// The last front of `settled`; empty while there are fewer fronts.
    private var lastFront: DominanceScreen

    init(signs: [Double], fronts: Int, capacity: Int) {
        (self.signs, self.fronts, self.capacity) = (signs, fronts, capacity)
        lastFront = DominanceScreen([], dimension: signs.count)
    }

    /// What is held, in index order.
    public var held: [KeptCandidate] {
        var copy = self
        copy.settle()
        return copy.settled.sorted { $0.index < $1.index }
    }

    /// Takes in the survivors of a batch.
    public mutating func insert(_ batch: ObjectiveBatch) throws {
        var points = [Double](repeating: 0, count: batch.indices.count * signs.count)
        for (k, sign) in signs.enumerated() {
            let column = batch.columns[k]
            for row in batch.indices.indices { points[row * signs.count + k] = sign * column[row] }
        }
        for row in survivors(points, count: batch.indices.count) { pending.append(batch.candidate(row)) }
        try settleIfWorthwhile()
    }

    /// Takes in what another part of the run holds.
    public mutating func merge(_ other: FrontArchive) throws {
        // The larger one stays as it is.
        var other = other
        if other.settled.count > settled.count { swap(&self, &other) }
        try insert(other.settled)
        try insert(other.pending)
    }

    mutating func insert(_ candidates: [KeptCandidate]) throws {
        let points = signedPoints(candidates)
        for (i, candidate) in candidates.enumerated() where !lastFront.dominates(points.span, at: i * signs.count) {
            pending.append(candidate)
        }
        try settleIfWorthwhile()
    }

    /// Rows that may be of rank ≤ `fronts`: first against the archive, then among themselves.
    private mutating func survivors(_ points: [Double], count: Int) -> [Int] {
        let m = signs.count
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
        if pending.count < max(256, settled.count / 2) { return }
        settle()
        guard settled.count > capacity else { return }
        throw MatSieveError.usage(
            "ranking 'pareto' has to hold \(settled.count) candidates on the way, more than eight times max_front allows (\(capacity)); "
                + ParetoRanking.cure)
    }

    private mutating func settle() {
        if pending.isEmpty { return }
        let all = settled + pending
        pending = []
        let points = signedPoints(all)
        let ranks = NonDominatedFronts(points, dimension: signs.count, limit: fronts).ranks
        settled = []
        var last: [Double] = []
        for i in all.indices where ranks[i] > 0 {
            settled.append(all[i])
            if ranks[i] == fronts { last += points[i * signs.count..<(i + 1) * signs.count] }
        }
        lastFront = DominanceScreen(last, dimension: signs.count)
    }

    private func signedPoints(_ candidates: [KeptCandidate]) -> [Double] {
        var points: [Double] = []
        points.reserveCapacity(candidates.count * signs.count)
        for candidate in candidates { for k in signs.indices { points.append(signs[k] * candidate.objectives[k]) } }
        return points
    }
}
