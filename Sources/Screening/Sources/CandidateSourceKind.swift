import MaterialsCore

/// Where candidates of a plan come from: an item of `candidates`, such as `- file: candidates.h5`.
///
/// It is read from the plan (`init`), asked for its columns, and opened with those that the run needs.
protocol CandidateSourceKind: Sendable {
    /// The key that selects it among those of the item; never changes, and no key of another kind.
    static var name: String { get }
    /// One sentence, for `list sources`.
    static var summary: String { get }
    /// How it stands in a plan, for `list … NAME`: `file: candidates.h5`.
    static var example: String { get }
    /// Reads its keys strictly; no file is touched here, since a finished run reads its plan again.
    init(_ settings: inout Settings) throws
    /// What it is, for messages: the file, or a few words.
    var label: String { get }
    /// Columns to carry to the outputs beside those that the plan uses; has a default.
    var carriedColumns: [String] { get }
    /// Names of its columns beside id, formula and structure, numeric and text; checks its settings against its files too.
    func columnNames(_ context: SourceContext) throws -> [String]
    /// Opens it: candidates with the given columns, all of which it has, and with structures where `structures` is true and it has any.
    ///
    /// Path, rights and content hash of the source reach manifest and report, and tell whether two shards belong together; the settings
    /// do so by the text of the plan.
    func open(_ columns: [CandidateColumn], structures: Bool, _ context: SourceContext) throws -> OpenedSource
}

extension CandidateSourceKind {
    /// None.
    var carriedColumns: [String] { [] }
}

/// What a kind of source may look at while it is opened.
struct SourceContext {
    /// Line in the plan.
    let line: Int
    /// The whole plan.
    let plan: ScreeningPlan
    /// Threads, and the request to stop.
    let workers: Workers

    /// A path of the plan as one from the working folder.
    func resolve(_ file: String) -> String { plan.resolve(file) }

    /// An error that names the source's line in the plan.
    func error(_ message: String) -> MatSieveError { Settings.error(line, message) }
}

/// Candidates, and the files beside them that decide which they are.
struct OpenedSource {
    /// The candidates.
    var source: any CandidateSource
    /// Files that went in beside the source itself; they reach manifest and report.
    var files: [RunDescription.Input] = []
}

/// A line of the registry of candidate sources.
struct CandidateSourceEntry: Sendable {
    /// The key that selects it.
    let name: String
    /// One sentence.
    let summary: String
    /// How it stands in a plan.
    let example: String
    /// Reads one from an item of `candidates`.
    let make: @Sendable (inout Settings) throws -> any CandidateSourceKind

    /// Registers a kind.
    init<K: CandidateSourceKind>(_ type: K.Type) {
        (name, summary, example) = (K.name, K.summary, K.example)
        make = { try K(&$0) }
    }
}
