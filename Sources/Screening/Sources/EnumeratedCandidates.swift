import Generation
import MaterialsCore

/// Candidates that are enumerated: `- enumerate: {elements: [Cu, Zn, Sn, S], components: 2-4, max_coefficient: 8}`.
struct EnumeratedCandidates: CandidateSourceKind {
    static let name = "enumerate"
    static let summary = "element choices × oxidation states × amounts, charge neutral"
    static let example = "enumerate: {elements: [Cu, Zn, Sn, S], components: 2-4, max_coefficient: 8}"

    private let rules: EnumerationRules
    let label: String
    let carriedColumns: [String]

    init(_ settings: inout Settings) throws {
        var s = try Settings(settings.setting(Self.name)!, subject: "'enumerate'")
        rules = try EnumerationRules(&s)
        try s.finish()
        carriedColumns = try settings.texts("columns") ?? []
        do {
            label = "\(grouped(UInt64(try EnumerationSource(rules).positionCount()))) stoichiometries of \(Self.names(rules.elements))"
        } catch let e as MatSieveError { throw Settings.error(s.line, e.message) }
    }

    private static func names(_ elements: [Element]) -> String {
        elements.count > 12 ? "\(elements.count) elements" : elements.map(\.symbol).joined(separator: "-")
    }

    func columnNames(_ context: SourceContext) -> [String] { EnumerationSource.columnNames }

    func open(_ columns: [CandidateColumn], structures: Bool, _ context: SourceContext) throws -> OpenedSource {
        if let number = columns.first(where: { $0.kind == .numeric }) {
            throw context.error("'\(number.name)' of 'enumerate' is text; carry it along with columns: [\(number.name)]")
        }
        return OpenedSource(source: try EnumerationSource(rules, schema: CandidateSchema(columns)))
    }
}
