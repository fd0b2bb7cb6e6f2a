import Descriptors
import Formats
import MaterialsCore
import Models
import Selection

/// `matsieve list`: what is registered.
public enum RegistryListing {
    private struct Item: Encodable {
        let name: String
        let detail: String
        var scope: String?
        var invariances: [String]?
        var disorder: Bool?
        var openAxes: Bool?
        var knowsItsError: Bool?
        var holdsTrainingRows: Bool?
        var missingFeatures: String?
        var isImported: Bool?

        enum CodingKeys: String, CodingKey {
            case name, detail, scope, invariances, disorder
            case openAxes = "open_axes"
            case knowsItsError = "knows_its_error"
            case holdsTrainingRows = "holds_training_rows"
            case missingFeatures = "missing_features"
            case isImported = "is_imported"
        }

        init(_ name: String, _ detail: String = "") { (self.name, self.detail) = (name, detail) }

        init(_ entry: DescriptorEntry) {
            self.init(entry.name, entry.references.map(\.text).joined(separator: "; "))
            scope = entry.requiresStructure ? "structure" : "composition"
            invariances = entry.invariances?.names
            if entry.requiresStructure { (disorder, openAxes) = (entry.supportsDisorder, entry.supportsOpenAxes) }
        }

        init(_ entry: ModelEntry) {
            self.init(entry.name, entry.traits.title)
            (knowsItsError, holdsTrainingRows) = (entry.traits.knowsItsError, entry.traits.holdsTrainingRows)
            missingFeatures = entry.traits.missingFeatures
            isImported = entry.traits.isImported
        }

        /// One line for people.
        var line: String {
            let parts = [
                scope.map { "[\($0)]" }, detail.isEmpty ? nil : detail,
                invariances.map { "invariant to " + ($0.isEmpty ? "nothing" : $0.joined(separator: ", ")) },
                disorder == true ? "takes disorder" : nil, openAxes == true ? "takes slabs and molecules" : nil,
                knowsItsError.map { $0 ? "knows its error" : "its error is learned beside it" },
                holdsTrainingRows == true ? "holds training rows" : nil,
                isImported == true ? "read from other programs' files by convert" : nil, missingFeatures.map { "missing features: \($0)" },
            ]
            return ([name] + parts.compactMap(\.self)).joined(separator: "  ")
        }
    }

    static let kinds = [
        "acquisitions", "descriptors", "element-tables", "filters", "formats", "models", "properties", "rankings", "sources",
    ]

    /// Name of the store among the formats.
    static let storeFormat = "candidate-store"

    /// The entries of a registry, one a line or as JSON.
    ///
    /// With a name: the settings of that part, as it asks for them when it is read, or what an element table says.
    public static func describe(_ what: String, name: String? = nil, json: Bool) throws -> String {
        if what == "element-tables" {
            return try name.map { try ElementTableListing.describe($0, json: json) } ?? ElementTableListing.describe(json: json)
        }
        if let name { return try SettingsListing.describe(what, name: name, json: json) }
        let items: [Item]
        switch what {
        case "acquisitions":
            items = AcquisitionRegistry.entries.map { Item($0.name, "(" + $0.aliases.joined(separator: ", ") + ") " + $0.summary) }
        case "descriptors":
            items = DescriptorRegistry.entries.map { Item($0) }
        case "filters": items = FilterRegistry.entries.map { Item($0.name) }
        case "formats":
            let tables = FormatRegistry.tables.map { Item($0.name, $0.fileExtensions.map { "." + $0 }.joined(separator: " ")) }
            let structures = FormatRegistry.structures.map { entry in
                Item(entry.name, (entry.fileExtensions.map { "." + $0 } + entry.fileNamePrefixes.map { $0 + "*" }).joined(separator: " "))
            }
            items = [Item(storeFormat, ".h5 (told by its content)")] + tables + structures
        case "models": items = ModelRegistry.entries.map { Item($0) }
        case "properties": items = PropertyKindRegistry.entries.map { Item($0.name, $0.summary) }
        case "sources": items = CandidateSourceRegistry.entries.map { Item($0.name, $0.summary) }
        case "rankings": items = RankingRegistry.entries.map { Item($0.name, $0.scoreMeaning.en) }
        default: throw MatSieveError.usage("list \(what): there is no such list" + suggestion(for: what, among: kinds))
        }
        if json { return try JSONText.line(items) }
        return items.map(\.line).joined(separator: "\n")
    }
}
