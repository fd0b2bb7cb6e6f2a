/// The bytes of one structure, cut out of a file by the serial step of reading.
public struct StructureRecord: Sendable {
    /// Text of the record, from its first to its last byte.
    public var bytes: [UInt8]
    /// Line of the file (from 1) at which it starts.
    public var line: Int
    /// Label that the cut already knows (key of a map, name of a CIF block, position in the file …), or nil.
    public var label: String?
    /// What the cut knows of all records of the file and their decoding needs (names of the columns of a table in JSON), or nil.
    public var context: (any Sendable)?

    /// A record.
    public init(bytes: [UInt8], line: Int = 1, label: String? = nil, context: (any Sendable)? = nil) {
        (self.bytes, self.line, self.label, self.context) = (bytes, line, label, context)
    }
}

/// What a record holds.
public struct DecodedStructure: Sendable {
    /// A value that the file carries beside the atoms.
    public enum Value: Equatable, Sendable {
        case number(Double)
        case text(String)
    }

    /// The atoms.
    public var structure: CrystalStructure
    /// Id as the file gives it (`material_id`, CIF data name, …), or nil.
    public var id: String?
    /// Values beside the structure, in the order of the file: energies of extended XYZ, data of computed entries.
    public var values: [(name: String, value: Value)]

    /// What a record holds.
    public init(_ structure: CrystalStructure, id: String? = nil, values: [(name: String, value: Value)] = []) {
        (self.structure, self.id, self.values) = (structure, id, values)
    }
}

/// Cuts a file into records; called by one thread at a time, so it only looks for the ends of records.
public protocol StructureRecordReader: AnyObject {
    /// The next record; nil at the end.
    ///
    /// - Errors: `CandidateDefect` where the rest of this file cannot be cut (its last record then); the next file is read all the same.
    func next() throws -> StructureRecord?
}

/// A format of structure files.
///
/// A record is one candidate: a block of a CIF, a frame of extended XYZ, a line of JSON lines.
public protocol StructureFormat: Sendable {
    /// Name in commands: lower-case with hyphens.
    static var name: String { get }
    /// Without a dot, lower-case; `.gz` is taken off before.
    static var fileExtensions: [String] { get }
    /// Beginnings of file names that are this format whatever their ending: `POSCAR`, `CONTCAR`.
    static var fileNamePrefixes: [String] { get }
    /// True where records carry values beside the structure, which become columns.
    static var carriesValues: Bool { get }
    /// True where a text looks like this format; used for cells of a table and members whose name says nothing.
    static func recognizes(_ text: Span<UInt8>) -> Bool
    /// Cuts a file into records.
    static func records(in input: ByteInput) throws -> any StructureRecordReader
    /// Reads a record; called by any thread.
    static func decode(_ record: StructureRecord) throws(CandidateDefect) -> DecodedStructure
}

extension StructureFormat {
    /// None.
    public static var fileNamePrefixes: [String] { [] }
    /// No values.
    public static var carriesValues: Bool { false }
}

/// A line of the registry of structure formats.
public struct StructureFormatEntry: Sendable {
    /// Name in commands.
    public let name: String
    /// Without a dot.
    public let fileExtensions: [String]
    /// Beginnings of file names.
    public let fileNamePrefixes: [String]
    /// True where records carry values beside the structure.
    public let carriesValues: Bool
    /// True where a text looks like this format.
    public let recognizes: @Sendable (borrowing Span<UInt8>) -> Bool
    /// Cuts a file into records.
    public let records: @Sendable (ByteInput) throws -> any StructureRecordReader
    /// Reads a record.
    public let decode: @Sendable (StructureRecord) throws(CandidateDefect) -> DecodedStructure

    /// Registers a format.
    public init<F: StructureFormat>(_ type: F.Type) {
        (name, fileExtensions, fileNamePrefixes, carriesValues) = (F.name, F.fileExtensions, F.fileNamePrefixes, F.carriesValues)
        recognizes = { F.recognizes($0) }
        records = { try F.records(in: $0) }
        decode = { (record) throws(CandidateDefect) in try F.decode(record) }
    }
}

/// Files under one name: a single file, a folder, or an archive.
public struct FileCollection: Sendable {
    /// One file of it.
    public struct Member: Sendable {
        /// Path inside the collection, for labels and messages; the file's own path where it is a single file.
        public var path: String
        /// Its bytes; of an archive they can be read until the next member is asked for.
        public var input: ByteInput

        /// A member.
        public init(path: String, input: ByteInput) { (self.path, self.input) = (path, input) }
    }

    /// Path as given.
    public var path: String
    /// True for a folder or an archive.
    public var holdsMany: Bool
    /// Starts at the first member: folders in order of their paths' bytes, archives in their own. A member that cannot be read
    /// (path that climbs out, link, bomb) is thrown as `CandidateDefect`; the next call goes on behind it.
    public var open: @Sendable () throws -> any FileMemberReader
    /// SHA-256 (hex) of what it holds.
    public var contentHash: @Sendable () throws -> String

    /// A collection.
    public init(
        path: String, holdsMany: Bool, open: @escaping @Sendable () throws -> any FileMemberReader,
        contentHash: @escaping @Sendable () throws -> String
    ) {
        (self.path, self.holdsMany, self.open, self.contentHash) = (path, holdsMany, open, contentHash)
    }
}

/// Goes through the members of a collection.
public protocol FileMemberReader: AnyObject {
    /// The next member; nil at the end.
    func next() throws -> FileCollection.Member?
}
