import MaterialsCore

/// A score that depends on nothing but the candidate.
public protocol CandidateScore: Sendable {
    /// Scores of a batch, never NaN; one that is surely below `bar` may stand as −∞.
    func scores(_ batch: ObjectiveBatch, bar: Double) -> [Double]
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
    /// What has to be beaten, where a part was given it.
    private var given: Entry?

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

    /// Empty, with the same last place to beat.
    public func emptyPart() -> BestCandidates {
        var part = self
        (part.settled, part.pending, part.given) = ([], [], last)
        return part
    }

    /// Takes in the survivors of a batch.
    public mutating func insert(_ batch: ObjectiveBatch) {
        var bar = last
        let scores = score.scores(batch, bar: bar?.score ?? -.infinity)
        for row in scores.indices {
            // Most rows end here once the list is full.
            if let bar, scores[row] < bar.score || scores[row] == bar.score && batch.indices[row] > bar.candidate.index { continue }
            append(Entry(score: scores[row], candidate: batch.candidate(row)))
            if pending.isEmpty { bar = last }
        }
    }

    /// Takes in what another part of the run holds.
    public mutating func merge(_ other: BestCandidates) { for entry in other.settled + other.pending { insert(entry.candidate) } }

    private mutating func insert(_ candidate: KeptCandidate) { append(Entry(score: score.score(candidate), candidate: candidate)) }

    /// What a full list ends with, or what has to be beaten anyway.
    private var last: Entry? { settled.count == lines ? settled.last : given }

    private mutating func append(_ entry: Entry) {
        if let last, last.precedes(entry) { return }
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
