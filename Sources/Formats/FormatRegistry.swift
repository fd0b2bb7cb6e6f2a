import MaterialsCore

/// All formats that can be read.
public enum FormatRegistry {
    /// Tables, in alphabetical order of names.
    public static let tables: [TableFormatEntry] = [
        TableFormatEntry(CSVFormat.self)
    ]

    /// The table format of a name.
    /// - Errors: usage error with the nearest name.
    public static func table(named name: String) throws -> TableFormatEntry {
        if let entry = tables.first(where: { $0.name == name }) { return entry }
        throw MatSieveError.usage("unknown format '\(name)'\(suggestion(for: name, among: tables.map(\.name)))")
    }

    /// The table format for a file's name; `.gz` is taken off before.
    /// - Errors: usage error that names the extensions there are.
    public static func table(forFile path: String) throws -> TableFormatEntry {
        let fileName = path.split(separator: "/", omittingEmptySubsequences: true).last.map(String.init) ?? path
        var parts = fileName.lowercased().split(separator: ".", omittingEmptySubsequences: false).dropFirst()
        if parts.last == "gz" { parts = parts.dropLast() }
        let fileExtension = parts.last.map(String.init) ?? ""
        if let entry = tables.first(where: { $0.fileExtensions.contains(fileExtension) }) { return entry }
        let known = tables.flatMap(\.fileExtensions).sorted()
        let near = nearestName(to: fileExtension, among: known).map { "did you mean '.\($0)'? " } ?? ""
        let all = known.map { ".\($0)" }.joined(separator: ", ")
        throw MatSieveError.usage("\(path): no format for this file name; \(near)known: \(all), each also with .gz; or give --format")
    }
}
