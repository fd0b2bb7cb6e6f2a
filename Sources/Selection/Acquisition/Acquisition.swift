import MaterialsCore

/// What an acquisition is good for.
public struct AcquisitionTraits: Equatable, Sendable {
    /// Objectives that it can judge together.
    public var objectives: ClosedRange<Int>
    /// Scores are never negative and 0 says "nothing to be gained": they can be multiplied by a probability or divided by a cost.
    public var isGain: Bool
    /// A row's score can only fall when further rows are taken for known, so that a batch needs one pass over the candidates.
    public var fallsWithKnowledge: Bool
    /// It needs posteriors; false for what looks at descriptors alone.
    public var needsModel: Bool
    /// Each proposal of a batch has a random draw of its own: nothing need be believed of earlier ones.
    public var isRandom: Bool
    /// Candidates of the highest expected value that it compares all others with.
    public var anchors: Int

    /// Describes an acquisition.
    public init(
        objectives: ClosedRange<Int> = 1...1, isGain: Bool = false, fallsWithKnowledge: Bool = true, needsModel: Bool = true,
        isRandom: Bool = false, anchors: Int = 0
    ) {
        (self.objectives, self.isGain, self.fallsWithKnowledge) = (objectives, isGain, fallsWithKnowledge)
        (self.needsModel, self.isRandom, self.anchors) = (needsModel, isRandom, anchors)
    }
}

/// Scores candidates by what their measurement promises; the highest is proposed.
public protocol Acquisition: Sendable {
    /// Name in commands: lower-case with hyphens, never changes.
    static var name: String { get }
    /// Short names that are understood too, in lower case.
    static var aliases: [String] { get }
    /// One line for `list acquisitions`.
    static var summary: String { get }
    /// What it is good for.
    static var traits: AcquisitionTraits { get }
    /// Reads its settings strictly and takes from the state what does not depend on the candidate.
    init(settings: inout Settings, state: SearchState) throws
    /// One score a row; higher is better, never NaN.
    func scores(_ batch: AcquisitionBatch) throws -> [Double]
}

/// Rows to be scored, with what the posteriors say of them where that is known already.
public struct AcquisitionBatch {
    /// Standardised rows.
    public let rows: FeatureMatrix
    /// Of each objective; nil is computed when asked for.
    private let known: [PosteriorValues]?
    private let state: SearchState

    /// Rows of a search; `known` holds one entry an objective.
    public init(_ rows: FeatureMatrix, _ state: SearchState, known: [PosteriorValues]? = nil) {
        (self.rows, self.state, self.known) = (rows, state, known)
    }

    /// Mean and variance of an objective, turned so that more is better.
    public func values(_ objective: Int) -> PosteriorValues { known?[objective] ?? state.objectives[objective].values(at: rows) }
}

/// A line of the acquisition registry.
public struct AcquisitionEntry: Sendable {
    /// Name in commands.
    public let name: String
    /// Short names.
    public let aliases: [String]
    /// One line.
    public let summary: String
    /// What it is good for.
    public let traits: AcquisitionTraits
    /// Makes one for a state of the search.
    public let make: @Sendable (inout Settings, SearchState) throws -> any Acquisition

    /// Registers an acquisition.
    public init<A: Acquisition>(_ type: A.Type) {
        (name, aliases, summary, traits) = (A.name, A.aliases, A.summary, A.traits)
        make = { try A(settings: &$0, state: $1) }
    }
}
