import MaterialsCore

/// Some consecutive whole records of a CSV file.
struct CSVBlock: Sendable {
    /// Bytes of the file that hold them.
    let bytes: [UInt8]
    /// Begin of each record in `bytes`.
    let starts: [Int]
    /// End of each, without its line end.
    let ends: [Int]
    /// Line of the file on which each begins, from 1.
    let lines: [Int]

    /// Number of records.
    var count: Int { starts.count }
}

/// Cuts a stream of bytes into records; never holds more than a chunk beyond what was asked for.
final class CSVRecordReader {
    /// Longest record that is taken; a file without line ends must not fill the memory.
    static let longestRecord = 16 << 20
    private static let chunkSize = 256 << 10

    /// Cells of the first record: unquoted, trimmed.
    let header: [String]
    /// Between cells.
    let separator: UInt8

    private let path: String
    private let stream: any ByteStream
    private var buffer: [UInt8]
    private var scanner: CSVRecordScanner
    private var isAtEnd: Bool

    /// Opens a file and reads its header.
    /// - Errors: input error where it is empty or not text.
    init(_ input: ByteInput) throws {
        path = input.path
        stream = try input.open()
        buffer = []
        isAtEnd = false
        while buffer.count < 4096, !isAtEnd { try Self.fill(&buffer, &isAtEnd, stream) }
        let mark = buffer.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        if buffer.starts(with: [0xff, 0xfe]) || buffer.starts(with: [0xfe, 0xff]) {
            throw MatSieveError.input("\(path) is UTF-16 text; save it as UTF-8")
        }
        if buffer.prefix(4096).contains(0) { throw MatSieveError.input("\(path) is not a text table (it has zero bytes)") }
        // The first line, cut as if by commas, shows the separator; then it is cut again.
        let line = try Self.firstRecord(&buffer, &isAtEnd, stream, path, CSVRecordScanner(separator: UInt8(ascii: ","), start: mark)).line
        separator = CSVCells.separator(of: line)
        let first = try Self.firstRecord(&buffer, &isAtEnd, stream, path, CSVRecordScanner(separator: separator, start: mark))
        header = CSVCells.header(first.line, separator: separator)
        scanner = first.scanner
        buffer.removeFirst(scanner.recordStart)
        _ = scanner.takeRecords()
    }

    private static func firstRecord(
        _ buffer: inout [UInt8], _ isAtEnd: inout Bool, _ stream: any ByteStream, _ path: String, _ start: CSVRecordScanner
    ) throws -> (line: [UInt8], scanner: CSVRecordScanner) {
        var scanner = start
        while !scanner.scan(buffer.span, limit: 1, isLast: isAtEnd), !isAtEnd {
            try check(buffer.count - scanner.recordStart, path, line: scanner.recordLine)
            try fill(&buffer, &isAtEnd, stream)
        }
        guard scanner.count == 1 else {
            throw MatSieveError.input("\(path) is empty; a table needs a header line and one row a candidate")
        }
        return (Array(buffer[scanner.starts[0]..<scanner.ends[0]]), scanner)
    }

    /// The next records, at most `limit`; nil at the end.
    /// - Errors: input error where a record is too long, and those of the stream.
    func next(limit: Int) throws -> CSVBlock? {
        try scan(until: limit)
        return takeBlock()
    }

    /// The next records of whole batches, at most `limit`: one batch, or up to four while they are small; nil at the end.
    func nextBatches(limit: Int) throws -> CSVBlock? {
        let size = CandidateGrid.batchSize
        var target = min(size, limit)
        try scan(until: target)
        while scanner.count == target, target < min(4 * size, limit), scanner.recordStart < Self.chunkSize / 2 {
            target = min(target + size, limit)
            try scan(until: target)
        }
        return takeBlock()
    }

    private func scan(until count: Int) throws {
        while !scanner.scan(buffer.span, limit: count, isLast: isAtEnd), !isAtEnd {
            try Self.check(buffer.count - scanner.recordStart, path, line: scanner.recordLine)
            try Self.fill(&buffer, &isAtEnd, stream)
        }
    }

    private func takeBlock() -> CSVBlock? {
        if scanner.count == 0 { return nil }
        let bytes = buffer
        buffer = Array(bytes[scanner.recordStart...])
        let found = scanner.takeRecords()
        return CSVBlock(bytes: bytes, starts: found.starts, ends: found.ends, lines: found.lines)
    }

    /// Reads past records.
    func skip(_ count: Int) throws {
        var left = count
        while left > 0, let block = try next(limit: min(left, 4096)) { left -= block.count }
    }

    private static func fill(_ buffer: inout [UInt8], _ isAtEnd: inout Bool, _ stream: any ByteStream) throws {
        let more = try stream.read(chunkSize)
        if more.isEmpty { isAtEnd = true } else { buffer.append(contentsOf: more) }
    }

    private static func check(_ length: Int, _ path: String, line: Int) throws {
        if length > longestRecord {
            throw MatSieveError.input("\(path), line \(line): a record is longer than 16 MiB; is a line end or a closing quote missing?")
        }
    }
}
