import MaterialsCore

/// What `matsieve info` tells of a store.
public struct CandidateStoreSummary: Equatable, Sendable {
    /// One numeric column.
    public struct Property: Equatable, Sendable {
        /// Name of the column.
        public var name: String
        /// Unit, where known.
        public var unit: String?
        /// Rows without a value.
        public var missing: Int
    }

    /// Candidates.
    public var rows: Int
    /// Candidates with a structure.
    public var withStructure: Int
    /// Numeric columns, in the order of the store.
    public var properties: [Property]
    /// Names of the text columns.
    public var text: [String]
    /// Strictest class of the store and its columns.
    public var dataClass: DataClass
    /// What the store says of itself.
    public var description: StoreDescription
}

extension CandidateStore {
    /// Counts what is missing.
    ///
    /// - Errors: `.input` where a column is damaged.
    /// - Cost: reads every numeric column, one chunk at a time.
    public func summary() throws -> CandidateStoreSummary {
        let properties = try zip(schema.numeric, numeric).map { column, stored in
            CandidateStoreSummary.Property(name: column.name, unit: column.unit, missing: try Self.missingCount(stored))
        }
        return CandidateStoreSummary(
            rows: rows, withStructure: try structureCount(), properties: properties, text: schema.text.map(\.name),
            dataClass: dataClass, description: description)
    }

    private static func missingCount(_ column: StoredColumn) throws -> Int {
        var cursor = ColumnCursor(column)
        var missing = 0
        for start in stride(from: 0, to: column.count, by: column.chunkLength) {
            let values: [Double] = try cursor.fetch(start..<min(start + column.chunkLength, column.count)).values()
            for value in values where value.isNaN { missing += 1 }
        }
        return missing
    }
}
