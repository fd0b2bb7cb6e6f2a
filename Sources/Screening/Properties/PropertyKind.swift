import MaterialsCore

/// A way to compute a property of a plan: `{model: …}`, `{file: …, column: …}`, `{expression: …}`, …
///
/// Steps, in order: it is read from the plan (`init`), checked before anything is written (`check`), its files are opened (`open`), and
/// what that gives computes batch after batch (`PropertyComputation`).
protocol PropertyKind: Sendable {
    /// The key that selects it among those of a property; never changes, and no key of another kind.
    static var name: String { get }
    /// One sentence, for `list properties`.
    static var summary: String { get }
    /// How it stands in a plan, for `list … NAME`: `{model: gap.h5}`.
    static var example: String { get }
    /// Reads its keys strictly; no file is touched here, since a finished run reads its plan again.
    init(_ settings: inout Settings, of property: PropertyHead) throws
    /// Properties of the plan and numeric columns of the candidates that it computes with; has a default.
    var inputs: [String] { get }
    /// Endings of the names of the columns that it gives beside its own, such as `probability_stable`; has a default.
    var furtherColumns: [String] { get }
    /// True where its values may come with standard deviations, in a column `_std`; has a default.
    var mayHaveSpread: Bool { get }
    /// Checks names and files, so that a wrong plan or input is refused before anything is written; has a default.
    func check(_ context: PropertyContext) throws
    /// What it reads of the candidates beside compositions and `inputs`; has a default.
    func needs(_ context: PropertyContext) throws -> CandidateNeeds
    /// Opens its files; the run computes with what comes back.
    func open(_ context: PropertyContext) throws -> OpenedProperty
}

extension PropertyKind {
    /// None.
    var inputs: [String] { [] }
    /// None.
    var furtherColumns: [String] { [] }
    /// False.
    var mayHaveSpread: Bool { false }
    /// Nothing.
    func check(_ context: PropertyContext) throws {}
    /// Nothing.
    func needs(_ context: PropertyContext) throws -> CandidateNeeds { CandidateNeeds() }
}

/// A kind whose values a surrogate predicts; it may be a classification, and knows what it was trained on.
protocol PredictedPropertyKind: PropertyKind {
    /// Numbers or classes.
    func task(_ context: PropertyContext) -> LearningTask
    /// Names of the classes by code.
    func classes(_ context: PropertyContext) throws -> [String]
}

/// What a kind knows of its property while it is read from the plan.
struct PropertyHead {
    /// Name in expressions and outputs.
    var name: String
    /// Line in the plan.
    var line: Int
    /// Seed of the plan.
    var seed: UInt64
}

/// What a property reads of the candidates beside compositions.
struct CandidateNeeds {
    /// Columns that the candidates must have.
    var columns: [CandidateColumn] = []
    /// Who needs structures: descriptors by name.
    var structuresFor: [String] = []
}

/// A line of the registry of property kinds.
struct PropertyKindEntry: Sendable {
    /// The key that selects it.
    let name: String
    /// One sentence.
    let summary: String
    /// How it stands in a plan.
    let example: String
    /// Reads one from the keys of a property.
    let make: @Sendable (inout Settings, PropertyHead) throws -> any PropertyKind

    /// Registers a kind.
    init<K: PropertyKind>(_ type: K.Type) {
        (name, summary, example) = (K.name, K.summary, K.example)
        make = { try K(&$0, of: $1) }
    }
}
