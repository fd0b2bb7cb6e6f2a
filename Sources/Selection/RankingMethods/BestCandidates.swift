import MaterialsCore

/// A score that depends on nothing but the candidate.
public protocol CandidateScore: Sendable {
    /// Scores of a batch; never NaN.
    func scores(_ batch: ObjectiveBatch) -> [Double]
    /// The same score of one candidate.
    func score(_ candidate: KeptCandidate) -> Double
}

/// The best candidates by (score, lower index), at most so many of a group: the same set for any cut of the run and any order of
/// merging.
///
/// What is n-th of all is n-th or better within a part, with a limit on groups too: what stands before it in a part is, or is
/// replaced by as many better ones of the same group, before it among all. What waits in `pending` only saves work.
public struct BestCandidates<Score: CandidateScore>: RankingFold {
    private let lines: Int
    private let perGroup: Int?
    private let score: Score
    /// Best first.
    private var settled: [Entry] = []
    private var pending: [Entry] = []

    private struct Entry {
        var score: Double
        var candidate: KeptCandidate

        func precedes(_ other: Entry) -> Bool { score != other.score ? score > other.score : candidate.index < other.candidate.index }
    }

    init(request: RankingRequest, score: Score, held: [KeptCandidate]) {
        (lines, perGroup, self.score) = (request.lines, request.perGroup, score)
        for candidate in held { insert(candidate) }
    }

    /// What is held, in index order.
    public var state: RankingState { RankingState(held: ranked.map(\.candidate).sorted { $0.index < $1.index }) }

    /// What is held, best first.
    var ranked: [RankedCandidate] {
        var copy = self
        copy.settle()
        return copy.settled.map { RankedCandidate(candidate: $0.candidate, score: $0.score) }
    }

    /// Takes in the survivors of a batch.
    public mutating func insert(_ batch: ObjectiveBatch) {
        let scores = score.scores(batch)
        var (isFull, lowest) = bar
        for row in scores.indices {
            // Most rows end here once the list is full.
            if isFull, scores[row] < lowest.score || scores[row] == lowest.score && batch.indices[row] > lowest.index { continue }
            append(Entry(score: scores[row], candidate: batch.candidate(row)))
            if pending.isEmpty { (isFull, lowest) = bar }
        }
    }

    /// Takes in what another part of the run holds.
    public mutating func merge(_ other: BestCandidates) { for entry in other.settled + other.pending { insert(entry.candidate) } }

    private mutating func insert(_ candidate: KeptCandidate) { append(Entry(score: score.score(candidate), candidate: candidate)) }

    /// The last of the list, and whether it is full.
    private var bar: (isFull: Bool, lowest: (score: Double, index: CandidateIndex)) {
        guard settled.count == lines, let last = settled.last else { return (false, (0, CandidateIndex(rawValue: 0))) }
        return (true, (last.score, last.candidate.index))
    }

    private mutating func append(_ entry: Entry) {
        if settled.count == lines, let last = settled.last, last.precedes(entry) { return }
        pending.append(entry)
        if pending.count >= max(64, lines) { settle() }
    }

    private mutating func settle() {
        if pending.isEmpty { return }
        let all = (settled + pending).sorted { $0.precedes($1) }
        pending.removeAll(keepingCapacity: true)
        settled.removeAll(keepingCapacity: true)
        var tally = GroupTally(lines: lines, perGroup: perGroup)
        for entry in all where tally.admit(entry.candidate.group) { settled.append(entry) }
    }
}
