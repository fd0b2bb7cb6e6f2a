/// Takes records apart into cells.
struct CSVCells {
    /// Between cells.
    let separator: UInt8
    /// Cells of the record last split: ranges of the record's bytes, or of `rewritten` where `isRewritten`.
    private(set) var cells: [Range<Int>] = []
    /// True where quotes had to be taken out from inside a cell.
    private(set) var isRewritten = false
    /// All cells of such a record.
    private(set) var rewritten: [UInt8] = []
    /// True where the last quote of the record was never closed.
    private(set) var isUnclosed = false

    /// Splits at `separator`.
    init(separator: UInt8) { self.separator = separator }

    /// Splits the record `start..<end` of `bytes`.
    mutating func split(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
        cells.removeAll(keepingCapacity: true)
        isRewritten = false
        isUnclosed = false
        var i = start
        while true {
            let isQuoted = i < end && bytes[i] == UInt8(ascii: "\"")
            let stop = isQuoted ? UInt8(ascii: "\"") : separator
            if isQuoted { i += 1 }
            let first = i
            while i < end, bytes[i] != stop { i += 1 }
            cells.append(first..<i)
            if isQuoted {
                // Anything but the cell's end after its second quote takes the slow way.
                if i == end || i + 1 < end && bytes[i + 1] != separator { return rewrite(bytes, start, end) }
                i += 1
            }
            if i >= end { return }
            i += 1
        }
    }

    /// Splits byte by byte into `rewritten`. What follows a closed quote belongs to the cell.
    private mutating func rewrite(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
        cells.removeAll(keepingCapacity: true)
        rewritten.removeAll(keepingCapacity: true)
        isRewritten = true
        var (first, cellStart, isOpen) = (0, start, false)
        var i = start
        while i < end {
            let c = bytes[i]
            if c == separator, !isOpen {
                cells.append(first..<rewritten.count)
                (first, cellStart) = (rewritten.count, i + 1)
            } else if c == UInt8(ascii: "\""), !isOpen, i == cellStart {
                isOpen = true
            } else if c == UInt8(ascii: "\""), isOpen {
                let isDoubled = i + 1 < end && bytes[i + 1] == c
                if isDoubled { rewritten.append(c) } else { isOpen = false }
                i += isDoubled ? 1 : 0
            } else {
                rewritten.append(c)
            }
            i += 1
        }
        cells.append(first..<rewritten.count)
        isUnclosed = isOpen
    }

    /// The most frequent of `,`, `;` and tab outside quotes in a header line; the comma where there is none.
    static func separator(of line: [UInt8]) -> UInt8 {
        var counts = [0, 0, 0]
        let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
        var inQuotes = false
        for byte in line {
            if byte == UInt8(ascii: "\"") { inQuotes.toggle() }
            if !inQuotes, let k = candidates.firstIndex(of: byte) { counts[k] += 1 }
        }
        return candidates[counts.firstIndex(of: counts.max()!)!]
    }

    /// Names of the columns: cells without the spaces around them; `column_3` where the third is blank.
    static func header(_ line: [UInt8], separator: UInt8) -> [String] {
        var splitter = CSVCells(separator: separator)
        splitter.split(line.span, 0, line.count)
        let source = splitter.isRewritten ? splitter.rewritten : line
        return splitter.cells.enumerated().map { k, cell in
            let trimmed = TextBytes.trimmed(source.span.extracting(cell))
            let name = source[cell.lowerBound + trimmed.lowerBound..<cell.lowerBound + trimmed.upperBound]
            return name.isEmpty ? "column_\(k + 1)" : String(decoding: name, as: UTF8.self)
        }
    }
}
