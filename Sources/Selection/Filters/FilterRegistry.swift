import MaterialsCore

/// All filters, by the key that selects them in a plan.
public enum FilterRegistry {
    /// Alphabetical; a new filter is one line here.
    public static let entries: [FilterEntry] = [
        FilterEntry(AnyElements.self),
        FilterEntry(ElementCount.self),
        FilterEntry(ExcludeElements.self),
        FilterEntry(OnlyElements.self),
        FilterEntry(RequireElements.self),
        FilterEntry(Restrict.self),
        FilterEntry(Where.self),
    ]

    /// The filter of a key; an unknown one throws `.usage` with the line and the nearest valid key.
    public static func entry(named name: String, line: Int = 0) throws -> FilterEntry {
        if let entry = entries.first(where: { $0.name == name }) { return entry }
        throw Settings.error(line, "unknown filter '\(name)'" + suggestion(for: name, among: entries.map(\.name)))
    }
}
