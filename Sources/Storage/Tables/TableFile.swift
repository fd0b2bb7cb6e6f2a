import MaterialsCore

/// The columns of a table file.
public struct TableLayout: Equatable, Sendable {
    /// Numeric columns below `/property`, by name and unit.
    public var properties: [PropertyDefinition]
    /// Labels of `/features`; none where the table has no features.
    public var featureNames: [String]
    /// True where the table has `/target`.
    public var hasTarget: Bool
    /// Names of text columns below `/text`.
    public var texts: [String]

    /// Describes a table.
    public init(properties: [PropertyDefinition] = [], featureNames: [String] = [], hasTarget: Bool = false, texts: [String] = []) {
        (self.properties, self.featureNames, self.hasTarget, self.texts) = (properties, featureNames, hasTarget, texts)
    }
}

/// Some rows of a table, column by column.
public struct TableRows: Sendable {
    /// One id a row.
    public var ids: TextColumn
    /// One formula a row.
    public var formulas: TextColumn
    /// One array a property of the layout.
    public var properties: [[Double]]
    /// Rows × feature names; nil where the layout has none.
    public var features: FeatureMatrix?
    /// One target a row where the layout has them.
    public var targets: [Double]
    /// One column a text of the layout.
    public var texts: [TextColumn]

    /// Some rows; all columns must be equally long.
    public init(
        ids: TextColumn, formulas: TextColumn, properties: [[Double]] = [], features: FeatureMatrix? = nil, targets: [Double] = [],
        texts: [TextColumn] = []
    ) {
        (self.ids, self.formulas, self.properties) = (ids, formulas, properties)
        (self.features, self.targets, self.texts) = (features, targets, texts)
    }
}

/// Writes a table for h5py and pandas, some rows at a time: `results.h5`, `describe -o OUT.h5`, `predict -o OUT.h5`.
///
/// HDF5: root attribute `matsieve_table` (version 1); `/id` and `/formula` as UTF-8 strings of variable length (what h5py itself
/// makes of a list of `str`; `f["id"].asstr()[:]` reads them; their widths need not be known beforehand, so rows can be
/// appended); `/property/<name>` f64 with attribute `unit`, in the order of the table; `/features` rows × features f64 with labels in `/feature_names`;
/// `/target` f64; `/text/<name>` UTF-8 strings of variable length, such as names of classes. Missing is NaN. A name that HDF5 cannot hold is percent-encoded and stands in the attribute `name`.
///
/// - Errors: `.usage` for a missing or unwritable folder, `.stopped` for a full disk.
/// - Cost: memory of one chunk a column.
public final class TableFileWriter {
    static let versionAttribute = "matsieve_table"
    static let version = 1
    private static let rowsPerChunk = 1 << 13
    /// Text chunks are not compressed, so small ones keep small tables small.
    private static let textRowsPerChunk = 1 << 9
    private static let chunkValues = 1 << 17

    private let layout: TableLayout
    private let output: HDF5Output
    private var texts: [HDF5Dataset] = []
    private var properties: [ChunkAppender] = []
    private var features: ChunkAppender?
    private var target: ChunkAppender?
    /// Rows so far.
    public private(set) var rows = 0

    /// Starts a table; nothing appears under `path` before `finish`. `attributes` become texts of the root.
    public init(path: String, layout: TableLayout, attributes: [String: String] = [:]) throws {
        self.layout = layout
        output = try HDF5Output(path: path)
        let root = output.file.root
        try root.attributes.set(Self.versionAttribute, Self.version)
        for name in attributes.keys.sorted() { try root.attributes.set(name, attributes[name]!) }
        texts = try ["id", "formula"].map { try root.createGrowingTextDataset($0, chunkRows: Self.textRowsPerChunk) }
        try makeProperties(root.createGroup("property"))
        if !layout.texts.isEmpty { try makeTexts(root.createGroup("text")) }
        if !layout.featureNames.isEmpty { try makeFeatures(root) }
        if layout.hasTarget { target = ChunkAppender(try Self.column(root, "target")) }
    }

    private static func column(_ group: HDF5Group, _ link: String) throws -> HDF5Dataset {
        try group.createDataset(link, type: .f64, shape: [0], chunk: [rowsPerChunk], growing: true)
    }

    private func makeProperties(_ group: HDF5Group) throws {
        for property in layout.properties {
            let dataset = try Self.column(group, LinkName.encode(property.name))
            if let unit = property.unit { try dataset.attributes.set("unit", unit) }
            try LinkName.mark(dataset.attributes, property.name)
            properties.append(ChunkAppender(dataset))
        }
    }

    private func makeTexts(_ group: HDF5Group) throws {
        for name in layout.texts {
            let dataset = try group.createGrowingTextDataset(LinkName.encode(name), chunkRows: Self.textRowsPerChunk)
            try LinkName.mark(dataset.attributes, name)
            texts.append(dataset)
        }
    }

    private func makeFeatures(_ root: HDF5Group) throws {
        let width = layout.featureNames.count
        let chunk = [max(1, min(Self.rowsPerChunk, Self.chunkValues / width)), width]
        features = ChunkAppender(try root.createDataset("features", type: .f64, shape: [0, width], chunk: chunk, growing: true))
        try root.writeStrings(layout.featureNames, as: "feature_names", shape: [width])
    }

    /// Adds rows.
    public func append(_ more: TableRows) throws {
        let count = more.ids.count
        precondition(more.formulas.count == count && more.properties.allSatisfy { $0.count == count })
        precondition(more.properties.count == layout.properties.count && more.targets.count == (layout.hasTarget ? count : 0))
        precondition(layout.featureNames.isEmpty || more.features?.rows == count && more.features?.columns == layout.featureNames.count)
        precondition(more.texts.count == layout.texts.count && more.texts.allSatisfy { $0.count == count })
        for (dataset, column) in zip(texts, [more.ids, more.formulas] + more.texts) {
            try dataset.append(strings: (0..<count).map { column[$0] }, first: rows)
        }
        for (c, appender) in properties.enumerated() { try appender.append(more.properties[c]) }
        if let features, let values = more.features?.values { try features.append(values) }
        try target?.append(more.targets)
        rows += count
    }

    /// Writes what is left and brings the table under its name.
    public func finish() throws {
        for appender in properties { try appender.finish() }
        try features?.finish()
        try target?.finish()
        for dataset in texts { try dataset.flush() }
        // The library keeps a file open while one of its datasets is.
        (texts, properties, features, target) = ([], [], nil, nil)
        try output.commit()
    }
}
