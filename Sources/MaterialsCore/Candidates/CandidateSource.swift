/// Where candidates come from: positions 0, 1, 2, … on the fixed grid.
public protocol CandidateSource: Sendable {
    /// Columns that its batches carry.
    var schema: CandidateSchema { get }
    /// Positions in it; a text source may have to read itself through to know.
    func positionCount() throws -> Int
    /// True where a reader can start anywhere at once; false where it reads from the start.
    var isAddressable: Bool { get }
    /// Reads `positions`, whose lower bound lies on the grid.
    func reader(positions: Range<Int>) throws -> any CandidateReader
    /// SHA-256 (hex) of what it delivers.
    func contentHash() throws -> String
    /// Rights, provenance, for the manifest.
    var provenance: SourceProvenance { get }
    /// What people should mind of it once it has been read: files that no format reads, …
    var notes: [String] { get }
}

extension CandidateSource {
    /// Nothing.
    public var notes: [String] { [] }
}

/// Reads a source in two steps, so that only the first is serial.
///
/// `next` is called by one thread at a time; what it returns is decoded by any.
public protocol CandidateReader: AnyObject {
    /// Fetches the raw bytes of the next one or more whole batches; nil at the end.
    func next() throws -> PendingBatches?
}

/// Raw input of some consecutive batches, and how to decode it.
public struct PendingBatches: Sendable {
    /// Positions that it holds; the lower bound lies on the grid.
    public let positions: Range<Int>
    /// Decodes to one batch a grid cell, in order (indices with source ordinal 0).
    public let decode: @Sendable () throws -> [CandidateBatch]

    /// Makes pending batches.
    public init(positions: Range<Int>, decode: @escaping @Sendable () throws -> [CandidateBatch]) {
        (self.positions, self.decode) = (positions, decode)
    }
}

/// What is known of a source beside its values.
public struct SourceProvenance: Equatable, Codable, Sendable {
    /// Path as given.
    public var path: String
    /// Strictest class of what it holds.
    public var dataClass: DataClass
    /// Licence, as stated.
    public var license: String?
    /// Origin, as stated.
    public var source: String?

    /// Describes a source.
    public init(path: String, dataClass: DataClass = .open, license: String? = nil, source: String? = nil) {
        (self.path, self.dataClass, self.license, self.source) = (path, dataClass, license, source)
    }
}

/// Which columns to read from a table, and how.
public struct TableRequest: Sendable {
    /// Formula column; nil finds `formula` or `composition`.
    public var formulaColumn: String?
    /// Id column; nil finds `id` or `material_id`, else the row number (from 1) is the id.
    public var idColumn: String?
    /// Columns to carry; nil carries all, numeric where every cell is a number or blank.
    public var columns: [CandidateColumn]?
    /// True where rows without a formula will do, as in a table whose values are joined in by id; their compositions are empty.
    public var formulaIsOptional = false
    /// Column with a structure as text (CIF, POSCAR, JSON); nil finds `cif` or `poscar`, and `structure` where there is no formula column.
    public var structureColumn: String?
    /// False where nobody will look at structures: a store leaves them unread then, a table reads them only where it has no formulas.
    public var readsStructures = true

    /// False where columns `formula` and `composition` are columns as any other.
    public var readsFormulas = true

    /// Makes a request.
    public init(formulaColumn: String? = nil, idColumn: String? = nil, columns: [CandidateColumn]? = []) {
        (self.formulaColumn, self.idColumn, self.columns) = (formulaColumn, idColumn, columns)
    }
}

/// Bytes of a file, from its start, decompressed where it was compressed.
public protocol ByteStream: AnyObject {
    /// Fills up to `capacity` bytes; an empty array is the end.
    func read(_ capacity: Int) throws -> [UInt8]
}

/// A file that can be opened any number of times.
public struct ByteInput: Sendable {
    /// Path as given, for messages.
    public var path: String
    /// Opens it at its start.
    public var open: @Sendable () throws -> any ByteStream

    /// Makes an input.
    public init(path: String, open: @escaping @Sendable () throws -> any ByteStream) {
        (self.path, self.open) = (path, open)
    }
}

/// A format of tables with a formula a row.
public protocol TableFormat: Sendable {
    /// Name in commands: lower-case with hyphens.
    static var name: String { get }
    /// Without a dot, lower-case; `.gz` is taken off before.
    static var fileExtensions: [String] { get }
    /// Opens a table; reads no more than it needs to know its columns.
    static func open(_ input: ByteInput, request: TableRequest) throws -> any CandidateSource
    /// Names of all columns, in the order of the file.
    static func columnNames(_ input: ByteInput) throws -> [String]
}

/// A line of the format registry.
public struct TableFormatEntry: Sendable {
    /// Name in commands.
    public let name: String
    /// Without a dot.
    public let fileExtensions: [String]
    /// Opens a table.
    public let open: @Sendable (ByteInput, TableRequest) throws -> any CandidateSource
    /// Names of all columns.
    public let columnNames: @Sendable (ByteInput) throws -> [String]

    /// Registers a format.
    public init<F: TableFormat>(_ type: F.Type) {
        name = F.name
        fileExtensions = F.fileExtensions
        open = { try F.open($0, request: $1) }
        columnNames = { try F.columnNames($0) }
    }
}
