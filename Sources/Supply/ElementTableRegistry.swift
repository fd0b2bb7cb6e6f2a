import MaterialsCore

/// All element tables, by the name that selects them in a plan.
public enum ElementTableRegistry {
    /// Alphabetical; a new table is a file and a line of `Datasets/supply/tables.csv`.
    public static let entries: [ElementTable] = ElementTable.all

    /// The table of a name; an unknown one throws `.usage` with the line and the nearest valid name.
    public static func table(named name: String, line: Int = 0) throws -> ElementTable {
        if let table = entries.first(where: { $0.name == name }) { return table }
        throw Settings.error(line, "unknown element table '\(name)'" + suggestion(for: name, among: entries.map(\.name)))
    }

    /// The list of a name; a table of numbers throws `.usage`.
    public static func list(named name: String, line: Int = 0) throws -> ElementList {
        if let list = try table(named: name, line: line).list { return list }
        let names = entries.filter { $0.kind == .list }.map(\.name)
        throw Settings.error(line, "element table '\(name)' holds numbers, not a list; lists: " + names.joined(separator: ", "))
    }
}
