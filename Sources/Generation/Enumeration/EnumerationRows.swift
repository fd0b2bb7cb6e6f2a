import MaterialsCore

/// Kept rows of an enumeration on their way into batches.
struct EnumerationRows {
    /// Name of the text column with the ions of a row: `Cu+ Zn2+ Sn4+ S2-`.
    static let statesColumn = "oxidation_states"

    private let schema: CandidateSchema
    private let hasStates: Bool
    private var indices: [CandidateIndex] = []
    private var ids = DecimalColumn()
    private var offsets = [0]
    private var atomicNumbers: [UInt8] = []
    private var amounts: [Double] = []
    private var stateOffsets = [0]
    private var stateBytes: [UInt8] = []
    /// What the rows of the present choice share.
    private var elements: [UInt8] = []
    private var states: [UInt8] = []
    private var batches: [CandidateBatch] = []

    init(schema: CandidateSchema) {
        self.schema = schema
        hasStates = schema.text.contains { $0.name == Self.statesColumn }
    }

    /// The rows that follow are of these elements in these states.
    mutating func begin(_ choices: [ElementChoice], _ members: [StateAssignment]) {
        elements = choices.map(\.element.atomicNumber)
        guard hasStates else { return }
        let ions = zip(choices, members).flatMap { c, m in m.states.map { ionText(c.element, charge: $0) } }
        states = Array(ions.joined(separator: " ").utf8)
    }

    /// Adds a row; amounts are a byte an element.
    mutating func append(position: Int, amounts bytes: UInt64) {
        indices.append(CandidateIndex(source: 0, position: position))
        ids.append(position + 1)
        for m in elements.indices {
            atomicNumbers.append(elements[m])
            amounts.append(Double(bytes >> UInt64(8 * m) & 255))
        }
        offsets.append(atomicNumbers.count)
        if hasStates {
            stateBytes.append(contentsOf: states)
            stateOffsets.append(stateBytes.count)
        }
        if indices.count == CandidateGrid.batchSize { close() }
    }

    private mutating func close() {
        let text = schema.text.map { column in
            column.name == Self.statesColumn
                ? TextColumn(offsets: stateOffsets, bytes: stateBytes) : TextColumn(repeatElement("", count: indices.count))
        }
        batches.append(
            CandidateBatch(
                schema: schema, indices: indices, ids: TextColumn(offsets: ids.offsets, bytes: ids.bytes), compositionOffsets: offsets,
                atomicNumbers: atomicNumbers, amounts: amounts, numericColumns: [], textColumns: text))
        (indices, ids, offsets, atomicNumbers, amounts) = ([], DecimalColumn(), [0], [], [])
        (stateOffsets, stateBytes) = ([0], [])
    }

    /// All rows in batches of at most one grid cell's size.
    mutating func finished() -> [CandidateBatch] {
        if !indices.isEmpty { close() }
        return batches
    }
}

/// Whole numbers as text, one after the other.
private struct DecimalColumn {
    var offsets = [0]
    var bytes: [UInt8] = []

    mutating func append(_ value: Int) {
        let start = bytes.count
        var left = value
        repeat {
            bytes.append(UInt8(48 + left % 10))
            left /= 10
        } while left > 0
        bytes[start...].reverse()
        offsets.append(bytes.count)
    }
}
