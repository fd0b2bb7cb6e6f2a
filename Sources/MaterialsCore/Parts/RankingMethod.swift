/// A goal of the plan.
public struct Objective: Equatable, Sendable {
    /// Property it judges.
    public var property: String
    /// True: more is better.
    public var maximize: Bool
    /// Weight, positive; 1 unless given.
    public var weight: Double
    /// Values that count as worst and best (in the sense of the objective), for scales that must not depend on the candidates; nil: raw values.
    public var range: ClosedRange<Double>?

    /// Makes an objective.
    public init(property: String, maximize: Bool, weight: Double = 1, range: ClosedRange<Double>? = nil) {
        (self.property, self.maximize, self.weight, self.range) = (property, maximize, weight, range)
    }
}

/// A candidate that a ranking holds on to, with all that the outputs need.
public struct KeptCandidate: Equatable, Sendable {
    /// Which one.
    public var index: CandidateIndex
    /// Its label.
    public var id: String
    /// What it is made of.
    public var composition: Composition
    /// One value an objective, as computed (not negated).
    public var objectives: [Double]
    /// One value a property of the run; missing is NaN.
    public var values: [Double]
    /// Standard deviations beside `values`; NaN where there are none.
    public var spreads: [Double]
    /// Text columns carried along.
    public var texts: [String]
    /// Its structure, where the run reads structures.
    public var structure: CrystalStructure?

    /// Makes a kept candidate.
    public init(
        index: CandidateIndex, id: String, composition: Composition, objectives: [Double], values: [Double] = [],
        spreads: [Double] = [], texts: [String] = [], structure: CrystalStructure? = nil
    ) {
        (self.index, self.id, self.composition, self.objectives) = (index, id, composition, objectives)
        (self.values, self.spreads, self.texts, self.structure) = (values, spreads, texts, structure)
    }
}

/// The objectives of a batch's survivors; whole candidates are made only of those that are held.
public struct ObjectiveBatch {
    /// Index of each row, ascending.
    public var indices: [CandidateIndex]
    /// One array an objective, one value a row, as computed; never NaN.
    public var columns: [[Double]]
    /// Makes the candidate of a row.
    public var candidate: (Int) -> KeptCandidate

    /// Makes a batch of objectives.
    public init(indices: [CandidateIndex], columns: [[Double]], candidate: @escaping (Int) -> KeptCandidate) {
        (self.indices, self.columns, self.candidate) = (indices, columns, candidate)
    }
}

/// The part of a ranking that is folded: exact, so that any cut and any order of merging give the same.
public protocol RankingFold: Sendable {
    /// Takes in the survivors of a batch.
    mutating func insert(_ batch: ObjectiveBatch) throws
    /// Takes in what another part of the run holds.
    mutating func merge(_ other: Self) throws
    /// What is held, in index order; with the method's settings it is the whole state.
    var held: [KeptCandidate] { get }
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
    /// Reads its settings strictly.
    init(settings: inout Settings, objectives: [Objective]) throws
    /// What is folded.
    associatedtype Fold: RankingFold
    /// A fold that holds `held` (from a checkpoint or a shard; empty at the start).
    func makeFold(held: [KeptCandidate]) throws -> Fold
    /// The ranking, best first, from what the fold of all candidates holds; all that isn't exact under merging happens here.
    ///
    /// A limit on what may be held is judged here too (`.usage`), so that it doesn't depend on how the run was cut.
    func finish(_ held: [KeptCandidate]) throws -> [RankedCandidate]
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
    /// Makes one.
    public let make: @Sendable (inout Settings, [Objective]) throws -> any RankingMethod

    /// Registers a ranking.
    public init<R: RankingMethod>(_ type: R.Type) {
        name = R.name
        make = { try R(settings: &$0, objectives: $1) }
    }
}
