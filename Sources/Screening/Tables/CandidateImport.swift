import Foundation
import MaterialsCore
import Storage

/// `matsieve import`: tables into one candidate store.
public struct CandidateImport: Sendable {
    /// A column to import as a numeric property.
    public struct Property: Sendable {
        /// Column of the input.
        public var column: String
        /// Name in the store.
        public var name: String
        /// Unit.
        public var unit: String?

        /// Reads `COLUMN[=NAME[:UNIT]]`.
        public init(_ text: String) throws {
            guard let equals = text.lastIndex(of: "="), equals != text.startIndex else {
                guard !text.isEmpty, !text.hasPrefix("=") else {
                    throw MatSieveError.usage("--property \(text): give COLUMN, COLUMN=NAME or COLUMN=NAME:UNIT")
                }
                self.init(column: text, name: text)
                return
            }
            let parts = text[text.index(after: equals)...].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first, !name.isEmpty else {
                throw MatSieveError.usage("--property \(text): give COLUMN=NAME or COLUMN=NAME:UNIT")
            }
            self.init(column: String(text[..<equals]), name: String(name), unit: parts.count > 1 ? String(parts[1]) : nil)
        }

        /// Names a column.
        public init(column: String, name: String, unit: String? = nil) { (self.column, self.name, self.unit) = (column, name, unit) }
    }

    /// What came out.
    public struct Outcome: Sendable {
        /// Rows stored.
        public var written: Int
        /// Rows read.
        public var read: Int
        /// Rows that could not be used.
        public var rejected: Int
        /// The first 100,000 of them.
        public var rejections: [Rejection]
        /// What people should mind of the inputs.
        public var notes: [String]
    }

    /// Inputs in order.
    public var inputs: [String]
    /// Store to write.
    public var output: String
    /// Format of the inputs, where the endings do not say.
    public var format: String?
    /// Columns that say what a row is.
    public var keys: KeyColumns
    /// Numeric properties; empty takes every column, numeric where all its cells are.
    public var properties: [Property]
    /// Columns to keep as text though they look like numbers.
    public var textColumns: [String]
    /// Rights.
    public var dataClass: DataClass
    /// Origin.
    public var source: String?
    /// Licence.
    public var license: String?
    /// Threads, and the request to stop.
    public var workers: Workers

    /// An import.
    public init(
        inputs: [String], output: String, format: String? = nil, keys: KeyColumns = KeyColumns(),
        properties: [Property] = [], textColumns: [String] = [], dataClass: DataClass = .open, source: String? = nil,
        license: String? = nil, workers: Workers
    ) {
        (self.inputs, self.output, self.format, self.keys) = (inputs, output, format, keys)
        self.textColumns = textColumns
        (self.properties, self.dataClass, self.source, self.license, self.workers) = (properties, dataClass, source, license, workers)
    }

    /// Reads all inputs and writes the store, whole or not at all.
    public func run() throws -> Outcome {
        try checkNames()
        let sources = try inputs.map { try CandidateInput.open($0, format: format, request: try request(for: $0)) }
        let schema = try storeSchema(sources)
        let writer = try CandidateStoreWriter(path: output, schema: schema, description: description(sources))
        var tally = ReadTally()
        for (ordinal, input) in sources.enumerated() {
            let prefix = sources.count > 1 ? "\(ordinal):" : ""
            try input.forEachBatch(
                workers, transform: { renamed($0, to: schema, source: ordinal, prefix: prefix) },
                commit: { batch in
                    try writer.append(batch)
                    tally.add(batch)
                })
        }
        try tally.requireUsable(inputs.joined(separator: ", "))
        try writer.finish()
        return Outcome(
            written: tally.usable, read: tally.read, rejected: tally.rejected, rejections: tally.rejections,
            notes: tally.notes + sources.flatMap(\.notes))
    }

    private func checkNames() throws {
        try requireEnding(output, [".h5", ".hdf5"])
        for p in properties where ["id", "formula"].contains(p.name) {
            throw MatSieveError.usage("--property \(p.column)=\(p.name): every store has that column already; choose another name")
        }
        for (what, names) in [("column", properties.map(\.column) + textColumns), ("name", properties.map(\.name) + textColumns)] {
            if let twice = Dictionary(grouping: names, by: { $0 }).first(where: { $1.count > 1 })?.key {
                throw MatSieveError.usage("the \(what) '\(twice)' is given twice among --property and --text; give it once")
            }
        }
    }

    /// What is given, else what all inputs agree on.
    private func description(_ sources: [any CandidateSource]) -> StoreDescription {
        func agreed(_ given: String?, _ path: KeyPath<SourceProvenance, String?>) -> String? {
            let found = Set(sources.map { $0.provenance[keyPath: path] })
            return given ?? (found.count == 1 ? found.first! : nil)
        }
        return StoreDescription(
            source: agreed(source, \.source), license: agreed(license, \.license),
            dataClass: max(dataClass, sources.map(\.provenance.dataClass).max() ?? .open), createdBy: "MatSieve \(MatSieve.version)")
    }

    private func request(for input: String) throws -> TableRequest {
        let everything = keys.request(nil, structures: true)
        guard !properties.isEmpty || !textColumns.isEmpty else { return everything }
        let names = try CandidateInput.columnNames(input, format: format)
        for name in properties.map(\.column) + textColumns where !names.contains(name) {
            throw MatSieveError.usage("\(input): has no column '\(name)'" + suggestion(for: name, among: names))
        }
        let all = try CandidateInput.open(input, format: format, request: everything).schema
        let named =
            properties.map { CandidateColumn(name: $0.column, kind: .numeric, unit: $0.unit) }
            + textColumns.map { CandidateColumn(name: $0, kind: .text) }
        let others = (properties.isEmpty ? all.numeric : []) + all.text
        let columns = named + others.filter { c in !named.contains { $0.name == c.name } }
        return keys.request(columns, structures: true)
    }

    private func renaming(_ column: CandidateColumn) -> CandidateColumn {
        var result = column
        result.dataClass = max(column.dataClass, dataClass)
        if let p = properties.first(where: { $0.column == column.name }) {
            result.name = p.name
            result.unit = p.unit ?? column.unit
        }
        return result
    }

    /// All columns of all inputs; one name must mean the same in each.
    private func storeSchema(_ sources: [any CandidateSource]) throws -> CandidateSchema {
        var columns: [(column: CandidateColumn, file: String)] = []
        for (source, file) in zip(sources, inputs) {
            for c in (source.schema.numeric + source.schema.text).map(renaming) {
                guard let i = columns.firstIndex(where: { $0.column.name == c.name }) else {
                    columns.append((c, file))
                    continue
                }
                let (other, otherFile) = columns[i]
                if other.kind != c.kind {
                    let number = other.kind == .numeric ? otherFile : file
                    throw MatSieveError.usage(
                        "column '\(c.name)' is a number in \(number) but not in \(number == file ? otherFile : file); import with --property \(c.name) or --text \(c.name)"
                    )
                }
                if other.unit != c.unit {
                    throw MatSieveError.usage(
                        "column '\(c.name)' is in \(other.unit ?? "no unit") in \(otherFile) and in \(c.unit ?? "no unit") in \(file); bring them to one unit first"
                    )
                }
                columns[i].column.dataClass = max(other.dataClass, c.dataClass)
            }
        }
        return CandidateSchema(columns.map(\.column), hasStructures: sources.contains { $0.schema.hasStructures })
    }

    private func renamed(_ batch: CandidateBatch, to schema: CandidateSchema, source: Int, prefix: String) -> CandidateBatch {
        let own = CandidateSchema((batch.schema.numeric + batch.schema.text).map(renaming), hasStructures: batch.schema.hasStructures)
        var same = CandidateBatch(
            schema: own, indices: batch.indices, ids: batch.ids, compositionOffsets: batch.compositionOffsets,
            atomicNumbers: batch.atomicNumbers, amounts: batch.amounts, numericColumns: batch.numericColumns,
            textColumns: batch.textColumns, structures: batch.structures, rejections: batch.rejections)
        same.warnings = batch.warnings
        return own == schema && prefix.isEmpty ? same : same.rebased(schema: schema, source: source, idPrefix: prefix)
    }
}
