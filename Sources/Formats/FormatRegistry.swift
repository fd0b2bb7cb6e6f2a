import MaterialsCore

/// All formats that can be read.
public enum FormatRegistry {
    /// Tables, in alphabetical order of names.
    public static let tables: [TableFormatEntry] = [
        TableFormatEntry(CSVFormat.self)
    ]

    /// Structures, in alphabetical order of names.
    public static let structures: [StructureFormatEntry] = [
        StructureFormatEntry(CIFFormat.self),
        StructureFormatEntry(ExtendedXYZFormat.self),
        StructureFormatEntry(JSONMapFormat.self),
        StructureFormatEntry(OPTIMADEFormat.self),
        StructureFormatEntry(POSCARFormat.self),
        StructureFormatEntry(PymatgenJSONFormat.self),
    ]

    /// True where a name is that of a table format, false for one of structures.
    /// - Errors: usage error with the nearest name for any other.
    public static func isTable(named name: String) throws -> Bool {
        if tables.contains(where: { $0.name == name }) { return true }
        if structures.contains(where: { $0.name == name }) { return false }
        let all = tables.map(\.name) + structures.map(\.name)
        throw MatSieveError.usage(
            "unknown format '\(name)'\(suggestion(for: name, among: all)) (there are: \(all.joined(separator: ", ")))")
    }

    /// The table format of a name.
    /// - Errors: usage error with the nearest name.
    public static func table(named name: String) throws -> TableFormatEntry {
        if let entry = tables.first(where: { $0.name == name }) { return entry }
        throw MatSieveError.usage("unknown format '\(name)'\(suggestion(for: name, among: tables.map(\.name)))")
    }

    /// The table format for a file's name; `.gz` is taken off before.
    /// - Errors: usage error that names the extensions there are.
    public static func table(forFile path: String) throws -> TableFormatEntry {
        let (_, fileExtension) = lowercasedName(ofFile: path)
        if let entry = tables.first(where: { $0.fileExtensions.contains(fileExtension) }) { return entry }
        let known = (tables.flatMap(\.fileExtensions) + structures.flatMap(\.fileExtensions)).sorted()
        let near = nearestName(to: fileExtension, among: known).map { "did you mean '.\($0)'? " } ?? ""
        let all = known.map { ".\($0)" }.joined(separator: ", ")
        throw MatSieveError.usage("\(path): no format for this file name; \(near)known: \(all), each also with .gz; or give --format")
    }

    /// The structure format of a name.
    /// - Errors: usage error with the nearest name.
    public static func structure(named name: String) throws -> StructureFormatEntry {
        if let entry = structures.first(where: { $0.name == name }) { return entry }
        throw MatSieveError.usage("unknown format '\(name)'\(suggestion(for: name, among: structures.map(\.name)))")
    }

    /// The structure format for a file's name, by its ending or else its beginning; `.gz` is taken off before. Nil where the name says
    /// nothing; where several share an ending, the first.
    public static func structure(forFile path: String) -> StructureFormatEntry? { structures(forFile: path).first }

    /// All structure formats that a file's name may stand for.
    static func structures(forFile path: String) -> [StructureFormatEntry] {
        let (name, fileExtension) = lowercasedName(ofFile: path)
        let byEnding = structures.filter { $0.fileExtensions.contains(fileExtension) }
        return byEnding.isEmpty ? structures.filter { $0.fileNamePrefixes.contains { name.hasPrefix($0.lowercased()) } } : byEnding
    }

    /// The last part of a path and its ending, both without `.gz`.
    private static func lowercasedName(ofFile path: String) -> (name: String, fileExtension: String) {
        var name = (path.split(separator: "/", omittingEmptySubsequences: true).last.map(String.init) ?? path).lowercased()
        if name.hasSuffix(".gz") { name.removeLast(3) }
        return (name, name.split(separator: ".", omittingEmptySubsequences: false).dropFirst().last.map(String.init) ?? "")
    }
}
