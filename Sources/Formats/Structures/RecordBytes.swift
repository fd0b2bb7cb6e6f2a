import MaterialsCore

/// A growing window of a stream, for the readers that cut it into records.
struct RecordBytes {
    private static let chunkSize = 256 << 10

    /// Bytes read and not yet taken.
    private(set) var bytes: [UInt8] = []
    /// True where the stream has no more.
    private(set) var isAtEnd = false
    private let stream: any ByteStream
    /// Begin of what is not taken.
    private(set) var start = 0
    /// Line of the file at `start`, from 1.
    private(set) var line = 1

    /// A window at the start of a file.
    init(_ input: ByteInput) throws { stream = try input.open() }

    /// Reads on.
    /// - Errors: those of the stream; `record-too-large` where what is not taken exceeds what a record may have.
    mutating func fill() throws {
        if bytes.count - start > StructureLimits.recordBytes { throw StructureLimits.tooLong(line: line) }
        if start > 0 {
            bytes.removeFirst(start)
            start = 0
        }
        let more = try stream.read(Self.chunkSize)
        if more.isEmpty { isAtEnd = true } else { bytes.append(contentsOf: more) }
    }

    /// Reads all that is left.
    mutating func fillToEnd() throws { while !isAtEnd { try fill() } }

    /// Passes blank lines; false where nothing follows.
    mutating func passBlankLines() throws -> Bool {
        while true {
            while start < bytes.count, bytes[start] <= 32 {
                if bytes[start] == UInt8(ascii: "\n") { line += 1 }
                start += 1
            }
            if start < bytes.count { return true }
            if isAtEnd { return false }
            try fill()
        }
    }

    /// The offset from `start` behind the next `count` line ends after `offset`; nil where the file ends before.
    ///
    /// The last line need not end with one.
    mutating func offset(afterLines count: Int, from offset: Int = 0) throws -> Int? {
        var (left, at) = (count, offset)
        while left > 0 {
            at = Self.passLines(bytes.span, from: start + at, &left) - start
            if left == 0 { break }
            if isAtEnd {
                let hasOpenLine = start < bytes.count && bytes[bytes.count - 1] != UInt8(ascii: "\n")
                return left == 1 && hasOpenLine ? at : nil
            }
            try fill()
        }
        return at
    }

    /// Passes at most `left` line ends; the end of the bytes where there are fewer.
    private static func passLines(_ bytes: Span<UInt8>, from start: Int, _ left: inout Int) -> Int {
        var i = start
        while i < bytes.count {
            if bytes[i] == UInt8(ascii: "\n") {
                left -= 1
                if left == 0 { return i + 1 }
            }
            i += 1
        }
        return i
    }

    /// Forgets the next `count` bytes, which hold `lines` line ends.
    mutating func drop(_ count: Int, lines: Int) {
        start += count
        line += lines
    }

    /// Number of bytes read and not yet taken.
    var left: Int { bytes.count - start }

    /// A copy of the next `count` bytes, or of all that are left.
    func head(_ count: Int?) -> [UInt8] { Array(bytes[start..<start + (count ?? left)]) }

    /// Takes the next `count` bytes, which hold `lines` line ends.
    mutating func take(_ count: Int, lines: Int) -> [UInt8] {
        defer {
            start += count
            line += lines
        }
        return Array(bytes[start..<start + count])
    }
}

/// A file that is one record as a whole.
final class WholeFileRecordReader: StructureRecordReader {
    private var bytes: RecordBytes
    private var isDone = false

    /// Reads nothing yet.
    init(_ input: ByteInput) throws { bytes = try RecordBytes(input) }

    func next() throws -> StructureRecord? {
        if isDone { return nil }
        isDone = true
        try bytes.fillToEnd()
        return StructureRecord(bytes: bytes.bytes)
    }
}
