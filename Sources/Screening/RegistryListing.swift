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

        enum CodingKeys: String, CodingKey {
            case name, detail, scope, invariances, disorder
            case openAxes = "open_axes"
        }

        init(_ name: String, _ detail: String = "") { (self.name, self.detail) = (name, detail) }

        init(_ entry: DescriptorEntry) {
            self.init(entry.name, entry.references.map(\.text).joined(separator: "; "))
            scope = entry.requiresStructure ? "structure" : "composition"
            invariances = entry.invariances?.names
            if entry.requiresStructure { (disorder, openAxes) = (entry.supportsDisorder, entry.supportsOpenAxes) }
        }

        /// One line for people.
        var line: String {
            let parts = [
                scope.map { "[\($0)]" }, detail.isEmpty ? nil : detail,
                invariances.map { "invariant to " + ($0.isEmpty ? "nothing" : $0.joined(separator: ", ")) },
                disorder == true ? "takes disorder" : nil, openAxes == true ? "takes slabs and molecules" : nil,
            ]
            return ([name] + parts.compactMap(\.self)).joined(separator: "  ")
        }
    }

    private static let kinds = ["descriptors", "filters", "formats", "models", "rankings"]

    /// The entries of a registry, one a line or as JSON.
    public static func describe(_ what: String, json: Bool) throws -> String {
        let items: [Item]
        switch what {
        case "descriptors":
            items = DescriptorRegistry.entries.map { Item($0) }
        case "filters": items = FilterRegistry.entries.map { Item($0.name) }
        case "formats":
            let tables = FormatRegistry.tables.map { Item($0.name, $0.fileExtensions.map { "." + $0 }.joined(separator: " ")) }
            let structures = FormatRegistry.structures.map { entry in
                Item(entry.name, (entry.fileExtensions.map { "." + $0 } + entry.fileNamePrefixes.map { $0 + "*" }).joined(separator: " "))
            }
            items = [Item("candidate-store", ".h5 (told by its content)")] + tables + structures
        case "models": items = ModelRegistry.entries.map { Item($0.name) }
        case "rankings": items = RankingRegistry.entries.map { Item($0.name) }
        default: throw MatSieveError.usage("list \(what): there is no such list" + suggestion(for: what, among: kinds))
        }
        if json { return try JSONText.line(items) }
        return items.map(\.line).joined(separator: "\n")
    }
}
