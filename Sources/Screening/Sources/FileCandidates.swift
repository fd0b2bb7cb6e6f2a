import Formats
import MaterialsCore

/// Candidates of a store, a table, structure files, a folder or an archive: `- file: candidates.h5`.
struct FileCandidates: CandidateSourceKind {
    static let name = "file"
    static let summary = "a store, a table, structure files, a folder or an archive"
    static let example = "file: candidates.h5"

    /// File as given, relative to the plan's folder.
    private let file: String
    /// Format name; nil goes by the ending.
    private var format: String?
    /// Columns that say what a row is.
    private var keys = KeyColumns()
    private(set) var carriedColumns: [String] = []
    /// Rights of a text file; a store knows its own.
    private var dataClass: DataClass?
    private var license: String?
    private var origin: String?

    /// A file whose name says everything.
    init(file: String) { self.file = file }

    init(_ settings: inout Settings) throws {
        file = try settings.requiredText("file")
        format = try settings.text("format")
        keys = try KeyColumns(&settings)
        carriedColumns = try settings.texts("columns") ?? []
        license = try settings.text("license")
        origin = try settings.text("source")
        dataClass = try DataClass(given: &settings)
    }

    var label: String { file }

    func columnNames(_ context: SourceContext) throws -> [String] {
        try CandidateInput.columnNames(context.resolve(file), format: format)
    }

    func open(_ columns: [CandidateColumn], structures: Bool, _ context: SourceContext) throws -> OpenedSource {
        let request = keys.request(columns, structures: structures)
        let opened = try CandidateInput.open(context.resolve(file), format: format, request: request)
        // Files that nobody reads are known once all were looked at.
        if opened is StructureSource { _ = try opened.positionCount() }
        return OpenedSource(
            source: DescribedSource(base: opened, path: file, dataClass: dataClass, license: license, origin: origin))
    }
}
