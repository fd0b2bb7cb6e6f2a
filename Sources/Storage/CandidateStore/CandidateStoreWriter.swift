import MaterialsCore

/// Writes a candidate store batch by batch.
///
///     let writer = try CandidateStoreWriter(path: "candidates.h5", schema: source.schema, description: StoreDescription())
///     while let batch = next() { try writer.append(batch) }
///     try writer.finish()
///
/// - Scope: candidates in index order; `rejections` of a batch never enter a store, the caller lists them.
/// - Errors: `.usage` for a missing or unwritable folder, `.stopped` for a full disk.
/// - Cost: memory of one chunk (8,192 rows) a column; equal batches give equal bytes.
public final class CandidateStoreWriter {
    private let output: HDF5Output
    private let schema: CandidateSchema
    private let description: StoreDescription
    private var ids: TextAppender!
    private var compositionOffsets: ChunkAppender!
    private var atomicNumbers: ChunkAppender!
    private var amounts: ChunkAppender!
    private var numeric: [ChunkAppender] = []
    private var text: [TextAppender] = []
    private var structures: StructureAppender?
    private var graphs: CrystalGraphAppender?
    /// Candidates so far.
    public private(set) var rows = 0

    /// Starts a store; nothing appears under `path` before `finish`. With `graphs` every batch brings its crystal graphs.
    public init(path: String, schema: CandidateSchema, description: StoreDescription, graphs layout: CrystalGraphLayout? = nil) throws {
        (self.schema, self.description) = (schema, description)
        output = try HDF5Output(path: path)
        let root = output.file.root
        ids = try TextAppender(root.createGroup("id"))
        let composition = try root.createGroup("composition")
        compositionOffsets = try Self.column(composition, "offset", .u64, CandidateStoreSchema.rowsPerChunk)
        atomicNumbers = try Self.column(composition, "atomic_number", .u8, CandidateStoreSchema.bytesPerChunk)
        amounts = try Self.column(composition, "amount", .f64, CandidateStoreSchema.partsPerChunk)
        try compositionOffsets.append([UInt64(0)])
        if schema.hasStructures { structures = try StructureAppender(root.createGroup("structure")) }
        try makeColumns(root)
        if let layout { graphs = try CrystalGraphAppender(root.createGroup("graph"), layout) }
    }

    private static func column(_ group: HDF5Group, _ name: String, _ type: ElementType, _ chunk: Int) throws -> ChunkAppender {
        ChunkAppender(try group.createDataset(name, type: type, shape: [0], chunk: [chunk], growing: true), isHashed: true)
    }

    private func makeColumns(_ root: HDF5Group) throws {
        let properties = try root.createGroup("property")
        for column in schema.numeric {
            let link = LinkName.encode(column.name)
            let dataset = try properties.createDataset(
                link, type: .f64, shape: [0], chunk: [CandidateStoreSchema.rowsPerChunk], growing: true)
            try describe(column, dataset.attributes)
            numeric.append(ChunkAppender(dataset, isHashed: true))
        }
        let texts = try root.createGroup("text")
        for column in schema.text {
            let group = try texts.createGroup(LinkName.encode(column.name))
            try describe(column, group.attributes)
            text.append(try TextAppender(group))
        }
    }

    private func describe(_ column: CandidateColumn, _ attributes: HDF5Attributes) throws {
        if let unit = column.unit { try attributes.set("unit", unit) }
        try attributes.set("data_class", column.dataClass.rawValue)
        try LinkName.mark(attributes, column.name)
    }

    /// Adds the candidates of a batch, and their graphs where the store has some.
    public func append(_ batch: CandidateBatch, graphs rows: CrystalGraphRows? = nil) throws {
        precondition(rows?.graphs.count == (graphs == nil ? nil : batch.count), "one graph a candidate")
        precondition(batch.schema.names == schema.names && batch.schema.hasStructures == schema.hasStructures, "a batch with other columns")
        let base = UInt64(atomicNumbers.rows)
        try ids.append(batch.ids)
        try compositionOffsets.append(batch.compositionOffsets.dropFirst().map { base + UInt64($0) })
        try atomicNumbers.append(batch.atomicNumbers)
        try amounts.append(batch.amounts)
        if let column = batch.structures { try structures?.append(column) }
        for (c, appender) in numeric.enumerated() { try appender.append(batch.numericColumns[c]) }
        for (c, appender) in text.enumerated() { try appender.append(batch.textColumns[c]) }
        if let rows { try graphs?.append(rows) }
        self.rows += batch.count
    }

    /// Writes what is left and brings the store under its name.
    public func finish() throws {
        try finishColumns()
        try output.commit()
    }

    private func finishColumns() throws {
        let columns =
            [compositionOffsets!, atomicNumbers!, amounts!] + numeric + ([ids!] + text).flatMap(\.appenders)
            + (structures?.appenders ?? [])
        for column in columns { try column.finish() }
        // Graphs follow from the structures, so they are no part of the content's hash.
        try graphs?.finish()
        try writeAttributes(columns.map(\.digest).sorted())
        // The library keeps a file open while one of its datasets is.
        (ids, compositionOffsets, atomicNumbers, amounts) = (nil, nil, nil, nil)
        (numeric, text, structures, graphs) = ([], [], nil, nil)
    }

    private func writeAttributes(_ digests: [String]) throws {
        let attributes = output.file.root.attributes
        try attributes.set(CandidateStoreSchema.versionAttribute, CandidateStoreSchema.version)
        for (name, value) in [("title", description.title), ("source", description.source), ("license", description.license)] {
            if let value { try attributes.set(name, value) }
        }
        let strictest = (schema.numeric + schema.text).map(\.dataClass).reduce(description.dataClass, max)
        try attributes.set("data_class", strictest.rawValue)
        try attributes.set("created_by", description.createdBy)
        try attributes.set(CandidateStoreSchema.hashAttribute, SHA256.hash(Array(digests.joined(separator: "\n").utf8)))
    }
}

/// Appends texts as offsets and bytes.
final class TextAppender {
    private let offsets: ChunkAppender
    private let bytes: ChunkAppender

    init(_ group: HDF5Group) throws {
        let (rows, length) = (CandidateStoreSchema.rowsPerChunk, CandidateStoreSchema.bytesPerChunk)
        offsets = ChunkAppender(try group.createDataset("offset", type: .u64, shape: [0], chunk: [rows], growing: true), isHashed: true)
        bytes = ChunkAppender(try group.createDataset("bytes", type: .u8, shape: [0], chunk: [length], growing: true), isHashed: true)
        try offsets.append([UInt64(0)])
    }

    var appenders: [ChunkAppender] { [offsets, bytes] }

    func append(_ column: TextColumn) throws {
        let base = UInt64(bytes.rows)
        try offsets.append(column.offsets.dropFirst().map { base + UInt64($0) })
        try bytes.append(column.bytes)
    }
}
