/// Writes comma-separated values as bytes (RFC 4180, lines end with `\n`).
///
/// Cells are quoted where they hold a comma, a quote or a line end. Numbers are written by `numberText`. The caller takes the
/// bytes away with `take` whenever they are many.
public struct CSVWriter: Sendable {
    /// What was written and not yet taken.
    public private(set) var bytes: [UInt8] = []
    private var cellsInRow = 0
    private var rowStart = 0

    /// A writer at the start of a file.
    public init() {}

    /// A writer that has written a header.
    public init(header: some Sequence<String>) {
        for name in header { write(name) }
        endRow()
    }

    /// Writes a text cell.
    public mutating func write(_ text: String) {
        var text = text
        text.withUTF8 { write(utf8: $0) }
    }

    /// Writes a text cell given as UTF-8.
    public mutating func write(utf8 text: some Collection<UInt8>) {
        beginCell()
        if text.contains(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == 10 || $0 == 13 }) {
            bytes.append(UInt8(ascii: "\""))
            for c in text {
                if c == UInt8(ascii: "\"") { bytes.append(c) }
                bytes.append(c)
            }
            bytes.append(UInt8(ascii: "\""))
        } else {
            bytes.append(contentsOf: text)
        }
    }

    /// Writes a number; NaN is an empty cell.
    public mutating func write(_ number: Double) {
        beginCell()
        bytes.append(contentsOf: numberText(number).utf8)
    }

    /// Writes a whole number.
    public mutating func write(_ number: Int) {
        beginCell()
        bytes.append(contentsOf: String(number).utf8)
    }

    /// Ends the row.
    public mutating func endRow() {
        // A row of one empty cell would be a blank line, which readers skip.
        if cellsInRow == 1, bytes.count == rowStart { bytes += [UInt8(ascii: "\""), UInt8(ascii: "\"")] }
        bytes.append(UInt8(ascii: "\n"))
        cellsInRow = 0
        rowStart = bytes.count
    }

    /// The bytes written so far, whole rows only at the end of a row; the writer goes on empty.
    public mutating func take() -> [UInt8] {
        let result = bytes
        bytes.removeAll(keepingCapacity: true)
        rowStart -= result.count
        return result
    }

    private mutating func beginCell() {
        if cellsInRow > 0 { bytes.append(UInt8(ascii: ",")) }
        cellsInRow += 1
    }
}
