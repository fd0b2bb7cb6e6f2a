/// Why a candidate can't be used. Data, not an error: it is counted and listed.
public struct Rejection: Equatable, Sendable {
    /// Which candidate.
    public var index: CandidateIndex
    /// Its label.
    public var id: String
    /// Where it failed: `read`, `describe`, `predict`.
    public var stage: RejectionStage
    /// What is wrong with it.
    public var defect: CandidateDefect

    /// Records a defect.
    public init(index: CandidateIndex, id: String, stage: RejectionStage, defect: CandidateDefect) {
        (self.index, self.id, self.stage, self.defect) = (index, id, stage, defect)
    }
}

/// The step at which a candidate was found unusable.
public enum RejectionStage: String, Codable, CaseIterable, Sendable { case read, describe, predict }

/// A reason code, stable and countable, with a detail for people.
public struct CandidateDefect: Error, Equatable, Sendable {
    /// Lower-case with hyphens, never changes: `bad-formula`, `missing-formula`, `bad-number`, `ragged-row`, `no-element-value`, …
    public var reason: String
    /// One line: what and where.
    public var detail: String

    /// Makes a defect.
    public init(_ reason: String, _ detail: String) { (self.reason, self.detail) = (reason, detail) }
}
