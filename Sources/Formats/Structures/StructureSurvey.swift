import MaterialsCore

/// What must be known of a collection before its candidates can be read.
struct StructureSurvey {
    /// The files.
    let collection: FileCollection
    /// How their formats are found.
    let finder: StructureFormatFinder
    /// True where more than one of them has structures.
    let isOneOfMany: Bool
    /// Number of positions, once known.
    private(set) var count: Int?
    /// Files that no format reads, once known.
    private(set) var skipped = SkippedFiles()
    /// False where none of the files can carry values.
    private let mayCarryValues: Bool

    /// Looks for the first two files with a known format.
    /// - Errors: usage error for an unknown name of a format; input error where there is no such file.
    init(_ collection: FileCollection, format: String?) throws {
        let finder = StructureFormatFinder(forced: try format.map { try FormatRegistry.structure(named: $0) })
        (self.collection, self.finder) = (collection, finder)
        let members = try collection.open()
        var formats: [StructureFormatEntry] = []
        var hasDefect = false
        while formats.count < 2 {
            do {
                guard let member = try members.next() else { break }
                if let found = try Self.find(member, finder, collection) { formats.append(found.format) } else { skipped.add(member.path) }
            } catch is CandidateDefect {
                // Counted as a candidate that cannot be read when its turn comes.
                hasDefect = true
            }
        }
        isOneOfMany = formats.count > 1
        mayCarryValues = isOneOfMany && finder.forced == nil || formats.contains { $0.carriesValues }
        if formats.isEmpty, !hasDefect { throw Self.noFormat(collection, skipped) }
    }

    /// A file of many that cannot be read is a defect of this file only.
    private static func find(
        _ member: FileCollection.Member, _ finder: StructureFormatFinder, _ collection: FileCollection
    ) throws -> StructureFormatFinder.Found? {
        do { return try finder.find(member) } catch let error as MatSieveError where collection.holdsMany && error.kind == .input {
            throw CandidateDefect("unreadable-file", error.message)
        }
    }

    private static func noFormat(_ collection: FileCollection, _ skipped: SkippedFiles) -> MatSieveError {
        let known = FormatRegistry.structures.map { "\($0.name) (\($0.fileExtensions.map { ".\($0)" }.joined(separator: ", ")))" }
        let formats = "known are \(known.joined(separator: ", ")), each also with .gz; or give --format"
        if !collection.holdsMany { return .input("\(collection.path): no structure format for this file; \(formats)") }
        return .input("\(collection.path) holds no structure file\(skipped.note.map { " (\($0))" } ?? ""); \(formats)")
    }

    /// Reads all records to know their values, and counts them.
    mutating func columns(without id: String?) throws -> [CandidateColumn] {
        if !mayCarryValues { return [] }
        let cutter = try StructureRecordCutter(collection, finder: finder, isOneOfMany: isOneOfMany)
        var kinds = StructureValueKinds()
        while var item = try cutter.next() {
            guard item.member.format?.carriesValues == true else { continue }
            item.decode()
            if case .decoded(let decoded, _) = item.content { try kinds.add(decoded.values, path: item.member.path) }
        }
        (count, skipped) = (cutter.count, cutter.skipped)
        return kinds.columns(without: id)
    }
}
