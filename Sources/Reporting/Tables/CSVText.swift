import MaterialsCore

/// Cells of a CSV file (RFC 4180, lines end in a newline).
enum CSVText {
    /// Adds a line.
    static func append(_ cells: [String], to out: inout String) {
        for (i, cell) in cells.enumerated() {
            if i > 0 { out += "," }
            out += quoted(cell)
        }
        out += "\n"
    }

    /// A cell, in quotes where its text needs them.
    static func quoted(_ cell: String) -> String {
        let needsQuotes =
            cell.utf8.contains { $0 == 0x22 || $0 == 0x2c || $0 == 0x0a || $0 == 0x0d } || cell.first == " " || cell.last == " "
        return needsQuotes ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
    }

    /// A number; missing is empty.
    static func number(_ value: Double?) -> String { value.map(numberText) ?? "" }
}
