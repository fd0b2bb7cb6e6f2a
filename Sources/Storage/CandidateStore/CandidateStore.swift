import MaterialsCore

/// An open candidate store whose layout has been checked; its values are checked as they are read.
public struct CandidateStore: Sendable {
    /// Path as given.
    public let path: String
    /// Number of candidates.
    public let rows: Int
    /// All its columns.
    public let schema: CandidateSchema
    /// What it says of itself.
    public let description: StoreDescription
    let ids: StoredText
    let compositionOffsets: StoredColumn
    let atomicNumbers: StoredColumn
    let amounts: StoredColumn
    let numeric: [StoredColumn]
    let text: [StoredText]
    /// Structures; nil where the store has none.
    let structures: StoredStructures?
    private let root: HDF5Group
    // Keeps the file open.
    private let file: HDF5File

    /// Opens a store.
    ///
    /// - Errors: `.input`, one line, where the file is missing, not HDF5, of another kind, of a newer version, truncated or damaged.
    public init(path: String) throws {
        file = try HDF5File.open(path)
        (self.path, root) = (path, file.root)
        try checkFormatVersion(
            root.attributes, attribute: CandidateStoreSchema.versionAttribute, known: CandidateStoreSchema.version,
            kind: "a candidate store", path: path)
        description = try Self.readDescription(root.attributes, path: path)
        ids = try StoredText(root.group("id"))
        let composition = try root.group("composition")
        compositionOffsets = try StoredColumn(composition.dataset("offset"), as: .u64)
        atomicNumbers = try StoredColumn(composition.dataset("atomic_number"), as: .u8)
        amounts = try StoredColumn(composition.dataset("amount"), as: .f64)
        rows = ids.rows
        let columns = try Self.readColumns(root, defaultClass: description.dataClass)
        structures = try root.contains("structure") ? StoredStructures(root.group("structure")) : nil
        schema = CandidateSchema(columns.numeric.map(\.0) + columns.text.map(\.0), hasStructures: structures != nil)
        (numeric, text) = (columns.numeric.map(\.1), columns.text.map(\.1))
        try checkLengths()
    }

    private func checkLengths() throws {
        func check(_ holds: Bool, _ dataset: HDF5Dataset, _ expected: Int) throws {
            guard holds else { throw dataset.damaged("has \(dataset.count) values instead of \(expected)") }
        }
        try check(compositionOffsets.count == rows + 1, compositionOffsets.dataset, rows + 1)
        try check(amounts.count == atomicNumbers.count, amounts.dataset, atomicNumbers.count)
        for column in numeric { try check(column.count == rows, column.dataset, rows) }
        for column in text { try check(column.rows == rows, column.offset.dataset, rows + 1) }
        try structures?.checkLengths(rows: rows)
        let names = schema.names
        for (i, name) in names.enumerated() where names[..<i].contains(name) {
            throw MatSieveError.input("\(path): has two columns named '\(name)'; rename one and make it again")
        }
    }

    private static func readDescription(_ attributes: HDF5Attributes, path: String) throws -> StoreDescription {
        StoreDescription(
            title: attributes.string("title"), source: attributes.string("source"), license: attributes.string("license"),
            dataClass: try readDataClass(attributes) ?? .open, createdBy: attributes.string("created_by") ?? "")
    }

    private static func readDataClass(_ attributes: HDF5Attributes) throws -> DataClass? {
        guard attributes.contains("data_class") else { return nil }
        let text = attributes.string("data_class") ?? ""
        guard let known = DataClass(rawValue: text) else {
            throw MatSieveError.input(
                "\(attributes.path): data_class of \(attributes.name) is '\(text)', not open, shared or closed; correct it")
        }
        return known
    }

    private static func readColumns(
        _ root: HDF5Group, defaultClass: DataClass
    ) throws -> (numeric: [(CandidateColumn, StoredColumn)], text: [(CandidateColumn, StoredText)]) {
        func column(_ link: String, _ kind: ColumnKind, _ attributes: HDF5Attributes) throws -> CandidateColumn {
            CandidateColumn(
                name: LinkName.decode(link, attributes), kind: kind, unit: attributes.string("unit"),
                dataClass: try readDataClass(attributes) ?? defaultClass)
        }
        let properties = try root.contains("property") ? root.group("property") : nil
        let texts = try root.contains("text") ? root.group("text") : nil
        let numeric = try properties?.childNames().map { link in
            let dataset = try properties!.dataset(link)
            return (try column(link, .numeric, dataset.attributes), try StoredColumn(dataset, as: .f64))
        }
        let text = try texts?.childNames().map { link in
            let group = try texts!.group(link)
            return (try column(link, .text, group.attributes), try StoredText(group))
        }
        return (numeric ?? [], text ?? [])
    }

    /// Strictest class of the store and its columns.
    public var dataClass: DataClass { (schema.numeric + schema.text).map(\.dataClass).reduce(description.dataClass, max) }

    /// The hash in the store, where it is a SHA-256.
    var storedHash: String? {
        let text = root.attributes.string(CandidateStoreSchema.hashAttribute) ?? ""
        return text.utf8.count == 64 && text.allSatisfy { $0.isHexDigit } ? text.lowercased() : nil
    }

    /// Candidates that have a structure.
    func structureCount() throws -> Int {
        guard let column = structures?.offset else { return 0 }
        var (cursor, last, count) = (ColumnCursor(column), UInt64(0), 0)
        for start in stride(from: 0, to: column.count, by: column.chunkLength) {
            let offsets: [UInt64] = try cursor.fetch(start..<min(start + column.chunkLength, column.count)).values()
            for offset in offsets {
                if offset > last { count += 1 }
                last = offset
            }
        }
        return count
    }
}

/// A column of texts as offsets and bytes.
struct StoredText: Sendable {
    let offset: StoredColumn
    let bytes: StoredColumn

    init(_ group: HDF5Group) throws {
        offset = try StoredColumn(group.dataset("offset"), as: .u64)
        bytes = try StoredColumn(group.dataset("bytes"), as: .u8)
        guard offset.count > 0 else { throw offset.dataset.damaged("is empty") }
    }

    var rows: Int { offset.count - 1 }
}

/// Refuses files of another kind or of a version that this program does not know.
func checkFormatVersion(_ attributes: HDF5Attributes, attribute: String, known: Int, kind: String, path: String) throws {
    guard attributes.contains(attribute) else {
        throw MatSieveError.input("\(path): is an HDF5 file but not \(kind) (no attribute \(attribute)); check the path")
    }
    guard let version = attributes.integer(attribute), version > 0 else {
        throw MatSieveError.input("\(path): has no readable version in \(attribute); it is damaged, copy or make it again")
    }
    guard version <= known else {
        throw MatSieveError.input("\(path): is \(kind) of version \(version), and this program reads up to \(known); update MatSieve")
    }
}
