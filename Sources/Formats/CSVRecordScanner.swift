/// Finds where records begin and end in a growing buffer of CSV bytes.
///
/// A quote opens a cell only as its first byte. Outside quotes, `\n`, `\r\n` and a lone `\r` end a record. Blank lines are no records.
struct CSVRecordScanner {
    /// Between cells.
    let separator: UInt8
    /// Begin of each record found.
    private(set) var starts: [Int] = []
    /// End of each record found, without its line end.
    private(set) var ends: [Int] = []
    /// Line of the file on which each record begins, from 1.
    private(set) var lines: [Int] = []
    /// Begin of the record that is not whole yet.
    private(set) var recordStart: Int
    /// Line of the file on which it begins.
    private(set) var recordLine = 1

    private var position: Int
    private var line = 1
    private var inQuotes = false

    /// A scanner whose first record begins at `start`.
    init(separator: UInt8, start: Int = 0) {
        self.separator = separator
        recordStart = start
        position = start
    }

    /// Records found and not yet taken.
    var count: Int { starts.count }

    /// Goes on until `limit` records are there (true) or the buffer is at its end (false).
    mutating func scan(_ bytes: Span<UInt8>, limit: Int, isLast: Bool) -> Bool {
        while starts.count < limit {
            let at = Self.nextSpecial(bytes, from: position)
            if at == bytes.count {
                position = at
                if isLast, recordStart < at { endRecord(at, next: at) }
                return starts.count >= limit
            }
            let byte = bytes[at]
            // What follows a quote or \r decides what it means.
            if byte != UInt8(ascii: "\n"), at + 1 == bytes.count, !isLast {
                position = at
                return false
            }
            if byte == UInt8(ascii: "\"") { passQuote(bytes, at) } else { passLineEnd(bytes, at) }
        }
        return true
    }

    private mutating func passQuote(_ bytes: Span<UInt8>, _ at: Int) {
        position = at + 1
        if !inQuotes {
            inQuotes = at == recordStart || bytes[at - 1] == separator
        } else if at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "\"") {
            position = at + 2
        } else {
            inQuotes = false
        }
    }

    private mutating func passLineEnd(_ bytes: Span<UInt8>, _ at: Int) {
        let isPair = bytes[at] == UInt8(ascii: "\r") && at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: "\n")
        position = at + (isPair ? 2 : 1)
        line += 1
        if !inQuotes { endRecord(at, next: position) }
    }

    private mutating func endRecord(_ end: Int, next: Int) {
        if end > recordStart {
            starts.append(recordStart)
            ends.append(end)
            lines.append(recordLine)
        }
        recordStart = next
        recordLine = line
        inQuotes = false
    }

    /// Forgets the records found; the buffer now begins at what was `recordStart`.
    mutating func takeRecords() -> (starts: [Int], ends: [Int], lines: [Int]) {
        let result = (starts, ends, lines)
        (starts, ends, lines) = ([], [], [])
        starts.reserveCapacity(result.0.count)
        ends.reserveCapacity(result.0.count)
        lines.reserveCapacity(result.0.count)
        position -= recordStart
        recordStart = 0
        return result
    }

    /// The next quote or line end, or the end of the bytes; eight bytes at a time.
    private static func nextSpecial(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var i = start
        let raw = bytes.bytes
        while i + 8 <= bytes.count {
            // In bounds by the condition above.
            let word = unsafe UInt64(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: i, as: UInt64.self))
            let hits =
                zeroBytes(word ^ 0x0a0a_0a0a_0a0a_0a0a) | zeroBytes(word ^ 0x0d0d_0d0d_0d0d_0d0d) | zeroBytes(word ^ 0x2222_2222_2222_2222)
            if hits != 0 { return i + hits.trailingZeroBitCount >> 3 }
            i += 8
        }
        while i < bytes.count {
            if bytes[i] == UInt8(ascii: "\n") || bytes[i] == UInt8(ascii: "\r") || bytes[i] == UInt8(ascii: "\"") { return i }
            i += 1
        }
        return i
    }

    /// The high bit of each zero byte; above the first, others may be marked too.
    private static func zeroBytes(_ word: UInt64) -> UInt64 { (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080 }
}
