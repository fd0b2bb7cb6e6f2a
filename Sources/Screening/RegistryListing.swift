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
    }

    private static let kinds = ["descriptors", "filters", "formats", "models", "rankings"]

    /// The entries of a registry, one a line or as JSON.
    public static func describe(_ what: String, json: Bool) throws -> String {
        let items: [Item]
        switch what {
        case "descriptors":
            items = DescriptorRegistry.entries.map { Item(name: $0.name, detail: $0.references.map(\.text).joined(separator: "; ")) }
        case "filters": items = FilterRegistry.entries.map { Item(name: $0.name, detail: "") }
        case "formats":
            let tables = FormatRegistry.tables.map {
                Item(name: $0.name, detail: $0.fileExtensions.map { "." + $0 }.joined(separator: " "))
            }
            items = [Item(name: "candidate-store", detail: ".h5 (told by its content)")] + tables
        case "models": items = ModelRegistry.entries.map { Item(name: $0.name, detail: "") }
        case "rankings": items = RankingRegistry.entries.map { Item(name: $0.name, detail: "") }
        default: throw MatSieveError.usage("list \(what): there is no such list" + suggestion(for: what, among: kinds))
        }
        if json { return try JSONText.line(items) }
        return items.map { $0.detail.isEmpty ? $0.name : "\($0.name)  \($0.detail)" }.joined(separator: "\n")
    }
}
