import MaterialsCore

/// Candidates from a store: any range at once, raw chunks fetched by one thread and decoded by many.
///
/// A row with a composition that cannot be (no element, an unknown one, an amount that is not positive) becomes a rejection
/// `bad-composition`; elements out of order are put in order, repeated ones added up.
public struct CandidateStoreSource: CandidateSource {
    private let store: CandidateStore
    /// The columns that were asked for.
    public let schema: CandidateSchema
    private let numeric: [Int]
    private let text: [Int]

    /// Opens a store; `columns` chooses and orders what batches carry, nil carries all; `structures` false leaves structures unread.
    ///
    /// - Errors: as `CandidateStore`; `.usage` for a column that it has not, or that is of the other kind.
    public init(path: String, columns: [CandidateColumn]? = nil, structures: Bool = true) throws {
        try self.init(CandidateStore(path: path), columns: columns, structures: structures)
    }

    /// Reads an open store.
    public init(_ store: CandidateStore, columns: [CandidateColumn]? = nil, structures: Bool = true) throws {
        self.store = store
        let chosen = try columns?.map { try Self.find($0, in: store) } ?? store.schema.numeric + store.schema.text
        schema = CandidateSchema(chosen, hasStructures: structures && store.schema.hasStructures)
        numeric = schema.numeric.map { column in store.schema.numeric.firstIndex { $0.name == column.name }! }
        text = schema.text.map { column in store.schema.text.firstIndex { $0.name == column.name }! }
    }

    private static func find(_ column: CandidateColumn, in store: CandidateStore) throws -> CandidateColumn {
        let all = store.schema.numeric + store.schema.text
        guard let found = all.first(where: { $0.name == column.name }) else {
            throw MatSieveError.usage(
                "\(store.path): has no column '\(column.name)'" + suggestion(for: column.name, among: all.map(\.name)))
        }
        guard found.kind == column.kind else {
            let (is_, wanted) = found.kind == .text ? ("text", "numbers") : ("numbers", "text")
            throw MatSieveError.usage("\(store.path): column '\(column.name)' holds \(is_), not \(wanted)")
        }
        return found
    }

    /// Candidates in the store.
    public func positionCount() -> Int { store.rows }
    /// A reader can start anywhere.
    public var isAddressable: Bool { true }

    /// Reads `positions`, whose lower bound lies on the grid.
    public func reader(positions: Range<Int>) -> any CandidateReader {
        precondition(positions.lowerBound % CandidateGrid.batchSize == 0)
        return CandidateStoreReader(store, schema: schema, numeric: numeric, text: text, positions: positions.clamped(to: 0..<store.rows))
    }

    /// The hash of the file's bytes; of a store above 256 MiB, which shards must not all read through, that of the hash it was
    /// written with, its size and its first and last MiB.
    public func contentHash() throws -> String {
        guard let stored = store.storedHash, let size = try largeFileSize() else { return try fileHash(store.path) }
        var hash = SHA256()
        for text in ["matsieve-store", stored, String(size)] { hash.update(text) }
        for start in [0, size - Self.sampleBytes] { hash.update(try FileByteStream(path: store.path, from: start).read(Self.sampleBytes)) }
        return hash.finalize()
    }

    private static let wholeFileLimit = 256 << 20
    private static let sampleBytes = 1 << 20

    /// The size of the file where it is too large to be read through.
    private func largeFileSize() throws -> Int? {
        let size = try FileByteStream(path: store.path).size
        return size > Self.wholeFileLimit ? size : nil
    }

    /// Rights and origin, as the store states them.
    public var provenance: SourceProvenance {
        SourceProvenance(
            path: store.path, dataClass: store.dataClass, license: store.description.license, source: store.description.source)
    }
}

/// SHA-256 (hex) of a file's bytes.
///
/// - Errors: `.input` where it cannot be read.
public func fileHash(_ path: String) throws -> String { try SHA256.hash(of: FileByteStream(path: path)) }

/// Fetches one row chunk (8 batches) at a time.
final class CandidateStoreReader: CandidateReader {
    private let store: CandidateStore
    private let schema: CandidateSchema
    private var remaining: Range<Int>
    private var ids: TextCursor
    private var compositionOffsets: ColumnCursor
    private var atomicNumbers: ColumnCursor
    private var amounts: ColumnCursor
    private var numeric: [ColumnCursor]
    private var text: [TextCursor]
    private var structures: StructureCursor?

    init(_ store: CandidateStore, schema: CandidateSchema, numeric: [Int], text: [Int], positions: Range<Int>) {
        (self.store, self.schema, remaining) = (store, schema, positions)
        ids = TextCursor(store.ids)
        compositionOffsets = ColumnCursor(store.compositionOffsets)
        atomicNumbers = ColumnCursor(store.atomicNumbers)
        amounts = ColumnCursor(store.amounts)
        self.numeric = numeric.map { ColumnCursor(store.numeric[$0]) }
        self.text = text.map { TextCursor(store.text[$0]) }
        structures = schema.hasStructures ? store.structures.map { StructureCursor($0) } : nil
    }

    func next() throws -> PendingBatches? {
        if remaining.isEmpty { return nil }
        let length = CandidateStoreSchema.rowsPerChunk
        let end = min((remaining.lowerBound / length + 1) * length, remaining.upperBound)
        let rows = remaining.lowerBound..<end
        let offsets = try compositionOffsets.offsets(rows, total: atomicNumbers.column.count)
        let parts = offsets.first!..<offsets.last!
        let block = StoredBlock(
            schema: schema, rows: rows, ids: try ids.fetch(rows), compositionOffsets: offsets,
            atomicNumbers: try atomicNumbers.fetch(parts), amounts: try amounts.fetch(parts),
            numeric: try numeric.indices.map { try numeric[$0].fetch(rows) },
            text: try text.indices.map { try text[$0].fetch(rows) }, structures: try structures?.fetch(rows))
        remaining = end..<remaining.upperBound
        return PendingBatches(positions: rows) { try block.decode() }
    }
}

/// Texts of some rows: positions decoded, bytes not yet.
struct TextSlice: Sendable {
    let offsets: [Int]
    let bytes: ColumnSlice
}

/// Goes through a column of texts.
struct TextCursor {
    private var offset: ColumnCursor
    private var bytes: ColumnCursor

    init(_ column: StoredText) { (offset, bytes) = (ColumnCursor(column.offset), ColumnCursor(column.bytes)) }

    mutating func fetch(_ rows: Range<Int>) throws -> TextSlice {
        let offsets = try offset.offsets(rows, total: bytes.column.count)
        return TextSlice(offsets: offsets, bytes: try bytes.fetch(offsets.first!..<offsets.last!))
    }
}

extension ColumnCursor {
    /// The `rows.count + 1` offsets of some rows, checked to be ascending and within `total`.
    ///
    /// Decoded at once, since they tell which chunks to fetch; they are few and compress well.
    mutating func offsets(_ rows: Range<Int>, total: Int) throws -> [Int] {
        let stored: [UInt64] = try fetch(rows.lowerBound..<rows.upperBound + 1).values()
        var last: UInt64 = 0
        for (k, offset) in stored.enumerated() {
            guard offset >= last, offset <= UInt64(total) else {
                throw column.dataset.damaged("is not ascending at row \(rows.lowerBound + k)")
            }
            last = offset
        }
        return stored.map { Int($0) }
    }
}
