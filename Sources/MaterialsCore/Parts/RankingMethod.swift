/// What a plan asks of any ranking method.
public struct RankingRequest: Equatable, Sendable {
    /// Goals, in the order of the plan.
    public var objectives: [Objective]
    /// How many of the best a short list may need.
    public var lines: Int
    /// Most lines of one `KeptCandidate.group`; nil: no limit.
    public var perGroup: Int?
    /// True: standard deviations count where the method has a use for them (expected values); false: predictions are taken as they are.
    public var usesSpreads: Bool

    /// Makes a request.
    public init(objectives: [Objective], lines: Int = 100, perGroup: Int? = nil, usesSpreads: Bool = true) {
        (self.objectives, self.lines, self.perGroup, self.usesSpreads) = (objectives, lines, perGroup, usesSpreads)
    }
}

/// The whole state of a ranking's fold: with the method's settings nothing else is needed to go on or to finish.
public struct RankingState: Equatable, Sendable {
    /// Candidates, in index order.
    public var held: [KeptCandidate]
    /// Of each objective over all candidates, where the method asks for them; else empty.
    public var statistics: [ColumnStatistics]

    /// Makes a state; of nothing unless given.
    public init(held: [KeptCandidate] = [], statistics: [ColumnStatistics] = []) { (self.held, self.statistics) = (held, statistics) }
}

/// The part of a ranking that is folded: exact, so that any cut and any order of merging give the same.
public protocol RankingFold: Sendable {
    /// Takes in the survivors of a batch.
    mutating func insert(_ batch: ObjectiveBatch) throws
    /// Takes in what another part of the run holds.
    mutating func merge(_ other: Self) throws
    /// An empty fold for another part of the run, to be merged into this one later: it may pass over what can't be reached beside
    /// what this one holds already, which changes nothing but the work.
    func emptyPart() -> Self
    /// What is held, in index order, and what else is known of all candidates.
    var state: RankingState { get }
}

/// One line of a ranking.
public struct RankedCandidate: Equatable, Sendable {
    /// The candidate.
    public var candidate: KeptCandidate
    /// Higher is better; what it means is the method's.
    public var score: Double
    /// Further columns of the method, beside `RankingMethod.extraColumns` (front number, crowding distance, …).
    public var extras: [Double]

    /// Makes a line.
    public init(candidate: KeptCandidate, score: Double, extras: [Double] = []) {
        (self.candidate, self.score, self.extras) = (candidate, score, extras)
    }
}

/// Orders what is left: an exact fold over batches, and one finish.
public protocol RankingMethod: Sendable {
    /// Name in plans: lower-case with hyphens, never changes.
    static var name: String { get }
    /// What its score says.
    static var scoreMeaning: BilingualText { get }
    /// Reads its own settings; what is common to all methods was read before, and the caller refuses what is left.
    init(settings: inout Settings, request: RankingRequest) throws
    /// What is folded.
    associatedtype Fold: RankingFold
    /// A fold that goes on from `state` (of a checkpoint or a shard; empty at the start).
    func makeFold(_ state: RankingState) throws -> Fold
    /// All that is held, best first, from the fold of all candidates; all that isn't exact under merging happens here.
    ///
    /// A limit on what may be held is judged here too (`.usage`), so that it doesn't depend on how the run was cut.
    func finish(_ state: RankingState) throws -> [RankedCandidate]
    /// Names of the columns in `RankedCandidate.extras`; has a default.
    var extraColumns: [String] { get }
}

extension RankingMethod {
    /// None.
    public var extraColumns: [String] { [] }
}

/// A line of the ranking registry.
public struct RankingEntry: Sendable {
    /// Name in plans.
    public let name: String
    /// What its score says.
    public let scoreMeaning: BilingualText
    /// Makes one.
    public let make: @Sendable (inout Settings, RankingRequest) throws -> any RankingMethod

    /// Registers a ranking.
    public init<R: RankingMethod>(_ type: R.Type) {
        (name, scoreMeaning) = (R.name, R.scoreMeaning)
        make = { try R(settings: &$0, request: $1) }
    }
}
