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
        public var rejections: [Rejection]
        /// Their number, where not all are listed.
        public var rejected: Int
    }

    /// Inputs in order.
    public var inputs: [String]
    /// Store to write.
    public var output: String
    /// Format of the inputs, where the endings do not say.
    public var format: String?
    /// Id column.
    public var idColumn: String?
    /// Formula column.
    public var formulaColumn: String?
    /// Numeric properties; empty takes every column, numeric where all its cells are.
    public var properties: [Property]
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
        inputs: [String], output: String, format: String? = nil, idColumn: String? = nil, formulaColumn: String? = nil,
        properties: [Property] = [], dataClass: DataClass = .open, source: String? = nil, license: String? = nil, workers: Workers
    ) {
        (self.inputs, self.output, self.format, self.idColumn, self.formulaColumn) = (inputs, output, format, idColumn, formulaColumn)
        (self.properties, self.dataClass, self.source, self.license, self.workers) = (properties, dataClass, source, license, workers)
    }

    /// Reads all inputs and writes the store, whole or not at all.
    public func run() throws -> Outcome {
        let sources = try inputs.map { try CandidateInput.open($0, format: format, request: try request(for: $0)) }
        let schema = storeSchema(sources)
        let strictest = max(dataClass, sources.map(\.provenance.dataClass).max() ?? .open)
        let writer = try CandidateStoreWriter(
            path: output, schema: schema,
            description: StoreDescription(
                source: source, license: license, dataClass: strictest, createdBy: "MatSieve \(MatSieve.version)"))
        var outcome = Outcome(written: 0, read: 0, rejections: [], rejected: 0)
        for (ordinal, input) in sources.enumerated() {
            let prefix = sources.count > 1 ? "\(ordinal):" : ""
            try input.forEachBatch(
                workers, transform: { renamed($0, to: schema, source: ordinal, prefix: prefix) },
                commit: { batch in
                    try writer.append(batch)
                    outcome.written += batch.count
                    outcome.read += batch.count + batch.rejections.count
                    outcome.rejected += batch.rejections.count
                    if outcome.rejections.count < 100_000 { outcome.rejections += batch.rejections }
                })
        }
        if outcome.read == 0 { throw MatSieveError.input("\(inputs.joined(separator: ", ")): has no rows") }
        if outcome.written == 0 {
            throw MatSieveError.input(
                "\(inputs.joined(separator: ", ")): none of \(outcome.read) candidates can be used; the first: \(outcome.rejections[0].defect.detail)"
            )
        }
        try writer.finish()
        return outcome
    }

    private func request(for input: String) throws -> TableRequest {
        guard !properties.isEmpty else { return TableRequest(formulaColumn: formulaColumn, idColumn: idColumn, columns: nil) }
        let names = try CandidateInput.columnNames(input, format: format)
        for p in properties where !names.contains(p.column) {
            throw MatSieveError.usage("\(input): has no column '\(p.column)'" + suggestion(for: p.column, among: names))
        }
        var columns = properties.map { CandidateColumn(name: $0.column, kind: .numeric, unit: $0.unit) }
        let all = try CandidateInput.open(
            input, format: format, request: TableRequest(formulaColumn: formulaColumn, idColumn: idColumn, columns: nil))
        columns += all.schema.text.filter { t in !properties.contains { $0.column == t.name } }
        return TableRequest(formulaColumn: formulaColumn, idColumn: idColumn, columns: columns)
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

    private func storeSchema(_ sources: [any CandidateSource]) -> CandidateSchema {
        var columns: [CandidateColumn] = []
        for c in sources.flatMap({ $0.schema.numeric + $0.schema.text }).map(renaming)
        where !columns.contains(where: { $0.name == c.name }) { columns.append(c) }
        return CandidateSchema(columns)
    }

    private func renamed(_ batch: CandidateBatch, to schema: CandidateSchema, source: Int, prefix: String) -> CandidateBatch {
        let own = CandidateSchema((batch.schema.numeric + batch.schema.text).map(renaming))
        let same = CandidateBatch(
            schema: own, indices: batch.indices, ids: batch.ids, compositionOffsets: batch.compositionOffsets,
            atomicNumbers: batch.atomicNumbers,
            amounts: batch.amounts, numericColumns: batch.numericColumns, textColumns: batch.textColumns, rejections: batch.rejections)
        return own == schema && prefix.isEmpty ? same : same.rebased(schema: schema, source: source, idPrefix: prefix)
    }
}
