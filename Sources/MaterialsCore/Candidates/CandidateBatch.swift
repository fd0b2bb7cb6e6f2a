/// Up to 1,024 candidates of one grid cell as a structure of arrays.
///
/// Survivors are compacted inside a batch, never across it, so a row's company never changes its result.
public struct CandidateBatch: Sendable {
    /// Columns beside id and composition.
    public let schema: CandidateSchema
    /// Run-wide index of each row, ascending.
    public private(set) var indices: [CandidateIndex]
    /// Labels; they may repeat.
    public private(set) var ids: TextColumn
    /// `count + 1` offsets into `atomicNumbers` and `amounts`.
    public private(set) var compositionOffsets: [Int]
    /// Atomic numbers, ascending within a row.
    public private(set) var atomicNumbers: [UInt8]
    /// Amounts (atoms per formula unit as given), beside `atomicNumbers`.
    public private(set) var amounts: [Double]
    /// One array of `count` values a numeric column; missing is NaN.
    public private(set) var numericColumns: [[Double]]
    /// One column of `count` strings a text column.
    public private(set) var textColumns: [TextColumn]
    /// Structures; nil where the schema has none.
    public private(set) var structures: StructureColumn?
    /// Candidates of this grid cell that could not be read, by index.
    public var rejections: [Rejection]
    /// Candidates that were read, but perhaps not as they were meant; reason codes are those of `FormulaWarning.Kind`.
    public var warnings: [Rejection] = []

    /// An empty batch with room for one grid cell.
    public init(schema: CandidateSchema) {
        self.schema = schema
        indices = []
        ids = TextColumn()
        compositionOffsets = [0]
        atomicNumbers = []
        amounts = []
        numericColumns = schema.numeric.map { _ in [] }
        textColumns = schema.text.map { _ in TextColumn() }
        structures = schema.hasStructures ? StructureColumn() : nil
        rejections = []
        indices.reserveCapacity(CandidateGrid.batchSize)
        compositionOffsets.reserveCapacity(CandidateGrid.batchSize + 1)
    }

    /// Takes over whole columns (from a store). Lengths must agree; compositions must be in ascending atomic number.
    public init(
        schema: CandidateSchema, indices: [CandidateIndex], ids: TextColumn, compositionOffsets: [Int],
        atomicNumbers: [UInt8], amounts: [Double], numericColumns: [[Double]], textColumns: [TextColumn],
        structures: StructureColumn? = nil, rejections: [Rejection] = []
    ) {
        precondition(ids.count == indices.count && compositionOffsets.count == indices.count + 1)
        precondition(compositionOffsets.last == atomicNumbers.count && atomicNumbers.count == amounts.count)
        precondition(numericColumns.count == schema.numeric.count && textColumns.count == schema.text.count)
        precondition(numericColumns.allSatisfy { $0.count == indices.count })
        precondition(textColumns.allSatisfy { $0.count == indices.count })
        precondition((structures != nil) == schema.hasStructures && (structures.map { $0.count == indices.count } ?? true))
        self.schema = schema
        self.structures = structures
        (self.indices, self.ids, self.compositionOffsets) = (indices, ids, compositionOffsets)
        (self.atomicNumbers, self.amounts) = (atomicNumbers, amounts)
        (self.numericColumns, self.textColumns, self.rejections) = (numericColumns, textColumns, rejections)
    }

    /// Number of candidates.
    public var count: Int { indices.count }

    /// Adds a candidate; `numeric` and `text` are in the schema's order.
    public mutating func append(
        index: CandidateIndex, id: some Collection<UInt8>, composition: Composition,
        numeric: [Double] = [], text: [String] = [], structure: CrystalStructure? = nil
    ) {
        precondition(numeric.count == numericColumns.count && text.count == textColumns.count)
        indices.append(index)
        ids.append(utf8: id)
        atomicNumbers.append(contentsOf: composition.atomicNumbers)
        amounts.append(contentsOf: composition.amounts)
        compositionOffsets.append(atomicNumbers.count)
        for (c, v) in numeric.enumerated() { numericColumns[c].append(v) }
        for (c, s) in text.enumerated() { textColumns[c].append(s) }
        structures?.append(structure)
    }

    /// The composition of a row.
    public func composition(_ row: Int) -> Composition {
        let r = compositionOffsets[row]..<compositionOffsets[row + 1]
        return Composition(sortedAtomicNumbers: Array(atomicNumbers[r]), amounts: Array(amounts[r]))
    }

    /// Values of a numeric column, or nil where the schema has none of that name.
    public func numericColumn(_ name: String) -> [Double]? { schema.numericPlace(name).map { numericColumns[$0] } }

    /// Values of a text column, or nil where the schema has none of that name.
    public func textColumn(_ name: String) -> TextColumn? { schema.textPlace(name).map { textColumns[$0] } }

    /// Keeps the rows where `keep` is true, in order; `rejections` stay.
    public mutating func compact(keeping keep: [Bool]) {
        precondition(keep.count == count)
        let rows = keep.indices.filter { keep[$0] }
        if rows.count == count { return }
        self = selecting(rows)
    }

    /// Only the given rows, ascending.
    public func selecting(_ rows: [Int]) -> CandidateBatch {
        var offsets = [0]
        var z: [UInt8] = []
        var x: [Double] = []
        offsets.reserveCapacity(rows.count + 1)
        for r in rows {
            let range = compositionOffsets[r]..<compositionOffsets[r + 1]
            z.append(contentsOf: atomicNumbers[range])
            x.append(contentsOf: amounts[range])
            offsets.append(z.count)
        }
        var result = CandidateBatch(
            schema: schema, indices: rows.map { indices[$0] }, ids: ids.selecting(rows), compositionOffsets: offsets,
            atomicNumbers: z, amounts: x, numericColumns: numericColumns.map { c in rows.map { c[$0] } },
            textColumns: textColumns.map { $0.selecting(rows) }, structures: structures?.selecting(rows), rejections: rejections)
        result.warnings = warnings
        return result
    }

    /// The same candidates with another schema's columns and labels; used where sources of a run are brought together.
    public func rebased(schema: CandidateSchema, source: Int, idPrefix: String) -> CandidateBatch {
        let numeric = schema.numeric.map { numericColumn($0.name) ?? [Double](repeating: .nan, count: count) }
        let text = schema.text.map { textColumn($0.name) ?? TextColumn(repeatElement("", count: count)) }
        func moved(_ i: CandidateIndex) -> CandidateIndex { CandidateIndex(source: source, position: i.position) }
        func moved(_ r: Rejection) -> Rejection {
            Rejection(index: moved(r.index), id: idPrefix + r.id, stage: r.stage, defect: r.defect)
        }
        let labels = idPrefix.isEmpty ? ids : TextColumn((0..<count).map { idPrefix + ids[$0] })
        var result = CandidateBatch(
            schema: schema, indices: indices.map(moved), ids: labels, compositionOffsets: compositionOffsets,
            atomicNumbers: atomicNumbers, amounts: amounts, numericColumns: numeric, textColumns: text,
            structures: schema.hasStructures ? structures ?? StructureColumn(empty: count) : nil, rejections: rejections.map(moved))
        result.warnings = warnings.map(moved)
        return result
    }
}
