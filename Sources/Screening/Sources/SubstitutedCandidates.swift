import Generation
import MaterialsCore

/// Known structures with ions replaced: `- substitute: {prototypes: perovskites.h5, replace: {Pb: [Sn, Ge]}}`.
struct SubstitutedCandidates: CandidateSourceKind {
    static let name = "substitute"
    static let summary = "known structures with ions replaced by others of the same charge"
    static let example = "substitute: {prototypes: perovskites.h5, similar: {radius: 0.15, of: [Pb]}, sites: inequivalent}"

    private let prototypes: FileCandidates
    private let rules: SubstitutionRules
    let carriedColumns: [String]

    init(_ settings: inout Settings) throws {
        var s = try Settings(settings.setting(Self.name)!, subject: "'substitute'")
        guard let given = s.setting("prototypes", takes: "a file of structures, or its keys as for 'file'") else {
            throw Settings.error(s.line, "'substitute' needs 'prototypes': a file of structures")
        }
        if case .text(let file) = given.value {
            prototypes = FileCandidates(file: file)
        } else {
            var keys = try Settings(given, subject: "'prototypes'")
            prototypes = try FileCandidates(&keys)
            try keys.finish()
        }
        rules = try SubstitutionRules(&s)
        try s.finish()
        carriedColumns = try settings.texts("columns") ?? []
    }

    var label: String {
        "\(SubstitutionSource.ways(rules).map { grouped(UInt64($0)) } ?? "too many") substitutions in each of \(prototypes.label)"
    }

    func columnNames(_ context: SourceContext) throws -> [String] {
        _ = try prototypes.columnNames(context)
        return SubstitutionSource.columnNames
    }

    func open(_ columns: [CandidateColumn], structures: Bool, _ context: SourceContext) throws -> OpenedSource {
        if let number = columns.first(where: { $0.kind == .numeric && $0.name != "volume_ratio" }) {
            throw context.error("'\(number.name)' of 'substitute' is text; carry it along with columns: [\(number.name)]")
        }
        let opened = try prototypes.open([], structures: true, context)
        guard opened.source.schema.hasStructures else {
            throw context.error(
                "\(prototypes.label) has no structures to replace ions in; name the column that holds them with structure_column")
        }
        let schema = CandidateSchema(columns, hasStructures: structures)
        return OpenedSource(
            source: try SubstitutionSource(prototypes: opened.source, rules: rules, sites: SpaceGroupSites(), schema: schema),
            files: opened.files)
    }
}
