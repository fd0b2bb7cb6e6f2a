import MaterialsCore

/// A candidate with its score.
public struct ScoredCandidate: Equatable, Sendable {
    /// Position among all candidates, from 0.
    public var position: Int
    /// Higher is better.
    public var score: Double
    /// What its measurement costs; 1 where nobody says.
    public var cost: Double

    /// Scores a candidate.
    public init(position: Int, score: Double, cost: Double) { (self.position, self.score, self.cost) = (position, score, cost) }

    /// True where it comes before the other: by score, then by position.
    @inlinable
    public func precedes(_ other: ScoredCandidate) -> Bool {
        score > other.score || (score == other.score && position < other.position)
    }
}

/// Some candidates in order, and whether there are others.
public struct CandidatePool: Sendable {
    /// Best first.
    public var candidates: [ScoredCandidate]
    /// Standardised rows beside `candidates`.
    public var rows: FeatureMatrix
    /// All candidates that can be proposed are in it.
    public var isWhole: Bool

    /// Holds some candidates.
    public init(candidates: [ScoredCandidate], rows: FeatureMatrix, isWhole: Bool) {
        (self.candidates, self.rows, self.isWhole) = (candidates, rows, isWhole)
    }
}

/// Goes through all candidates that have not been measured, batch by batch, however many they are.
public protocol CandidateScan {
    /// The best `count` of them by a score of standardised rows and costs; the result does not depend on threads.
    func best(
        _ count: Int, score: @escaping @Sendable (_ rows: FeatureMatrix, _ costs: [Double]) throws -> [Double]
    ) throws -> CandidatePool
}

/// The best rows of those inserted, in bounded memory; the same whatever the order.
public struct BestRows: Sendable {
    private let count: Int
    private let columns: Int
    private var held: [(candidate: ScoredCandidate, row: [Double])] = []
    private var inserted = 0

    /// Room for `count` rows; no more than twice as many are held.
    public init(count: Int, columns: Int) { (self.count, self.columns) = (count, columns) }

    /// Takes in a row; `row` is called only where it may be held.
    public mutating func insert(_ candidate: ScoredCandidate, row: () -> [Double]) {
        inserted += 1
        if let worst, !candidate.precedes(worst) { return }
        held.append((candidate, row()))
        if held.count >= 2 * max(count, 32) { shrink() }
    }

    /// Takes in what another part holds.
    public mutating func merge(_ other: BestRows) {
        let before = inserted
        for h in other.held { insert(h.candidate) { h.row } }
        inserted = before + other.inserted
    }

    /// The last one that stays, where there are enough.
    private var worst: ScoredCandidate?

    private mutating func shrink() {
        held.sort { $0.candidate.precedes($1.candidate) }
        if held.count > count { held.removeSubrange(count...) }
        worst = held.count == count ? held.last?.candidate : nil
    }

    /// What is held, best first.
    public mutating func pool() -> CandidatePool {
        shrink()
        return CandidatePool(
            candidates: held.map(\.candidate),
            rows: FeatureMatrix(rows: held.count, columns: columns, values: held.flatMap(\.row)), isWhole: inserted == held.count)
    }
}
