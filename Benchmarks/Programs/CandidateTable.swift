import Formats
import Foundation
import MaterialsCore
import Screening
import Storage

/// A table as text in memory, so that neither disk nor inflating is timed.
struct TableText {
    let path: String
    let bytes: [UInt8]

    /// Reads a table; `rows` cuts it, `copies` repeats its records.
    init(path: String, rows: Int? = nil, copies: Int = 1) throws {
        let stream = try openByteInput(path: path).open()
        var all: [UInt8] = []
        while case let more = try stream.read(1 << 20), !more.isEmpty { all += more }
        if all.last != UInt8(ascii: "\n") { all.append(UInt8(ascii: "\n")) }
        let ends = all.indices.filter { all[$0] == UInt8(ascii: "\n") }
        if let rows, rows + 1 < ends.count { all.removeSubrange((ends[rows] + 1)...) }
        let records = all[(ends[0] + 1)...]
        self.path = path
        bytes = copies == 1 ? all : all + (1..<copies).flatMap { _ in records }
    }

    /// The text as a file that can be opened any number of times.
    var input: ByteInput {
        let bytes = bytes
        return ByteInput(path: path) { MemoryStream(bytes) }
    }

    /// Candidates with all columns.
    func source() throws -> any CandidateSource {
        try FormatRegistry.table(forFile: path).open(input, TableRequest(columns: nil))
    }
}

private final class MemoryStream: ByteStream {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    func read(_ capacity: Int) -> [UInt8] {
        defer { rest = rest.dropFirst(capacity) }
        return Array(rest.prefix(capacity))
    }
}

/// Formulas of a table as they are written, with the columns asked for.
struct FormulaTable {
    /// One text a usable row.
    private(set) var formulas = TextColumn()
    /// Numbers of the columns asked for.
    private(set) var columns: [[Double]]
    /// Rows that cannot be read.
    private(set) var rejected = 0

    /// Reads a table.
    init(path: String, numeric: [String] = [], rows: Int? = nil) throws {
        let names = try FormatRegistry.table(forFile: path).columnNames(try openByteInput(path: path))
        let known = ["formula", "composition"]
        guard let formula = names.first(where: { known.contains($0.lowercased()) }) else {
            throw MatSieveError.input("\(path): has no column 'formula' or 'composition'")
        }
        let wanted = [CandidateColumn(name: formula, kind: .text)] + numeric.map { CandidateColumn(name: $0, kind: .numeric) }
        let source = try CandidateInput.open(path, request: TableRequest(formulaColumn: formula, columns: wanted))
        columns = numeric.map { _ in [] }
        let reader = try source.reader(positions: 0..<(rows ?? 1 << 48))
        while let piece = try reader.next() {
            for batch in try piece.decode() { add(batch, formula) }
        }
    }

    private mutating func add(_ batch: CandidateBatch, _ formula: String) {
        rejected += batch.rejections.count
        let texts = batch.textColumn(formula)!
        for row in 0..<batch.count { formulas.append(utf8: texts.utf8(row)) }
        for c in columns.indices { columns[c] += batch.numericColumns[c] }
    }

    /// Leaves rows out.
    mutating func drop(_ rows: Set<Int>) {
        rejected += rows.count
        let keep = (0..<formulas.count).filter { !rows.contains($0) }
        formulas = formulas.selecting(keep)
        columns = columns.map { c in keep.map { c[$0] } }
    }

    /// Rows of batch `b` on the grid.
    func rows(ofBatch b: Int) -> Range<Int> {
        b * CandidateGrid.batchSize..<min((b + 1) * CandidateGrid.batchSize, formulas.count)
    }

    /// Batches on the grid.
    var batchCount: Int { CandidateGrid.batchCount(positions: formulas.count) }
}
