import MaterialsCore

/// Cuts a file into data blocks with a cell or atoms, line by line; never holds more than a block and a chunk.
///
/// Blocks of other things (publication, references, powder data) are no candidates. A file without any is one record, which decoding
/// rejects as `no-structure`.
final class CIFRecordReader: StructureRecordReader {
    private static let chunkSize = 256 << 10

    private let stream: any ByteStream
    private var buffer: [UInt8] = []
    private var isAtEnd = false
    private var isFinished = false
    /// Begin of the line to look at, and how far its end was searched.
    private var lineStart = 0
    private var searched = 0
    private var lineNumber = 1
    private var isInText = false
    private var block = Block(start: 0, line: 1)
    private var delivered = 0
    /// First line of the first block, for a file without structures.
    private var firstHeader: StructureRecord?

    private struct Block {
        var start: Int
        var line: Int
        var name: String?
        var hasStructure = false
    }

    init(_ input: ByteInput) throws { stream = try input.open() }

    static func hasMark(_ bytes: Span<UInt8>) -> Bool { bytes.count >= 3 && bytes[0] == 0xef && bytes[1] == 0xbb && bytes[2] == 0xbf }

    func next() throws -> StructureRecord? {
        if isFinished { return nil }
        if buffer.isEmpty {
            do { try begin() } catch {
                isFinished = true
                throw error
            }
        }
        while let end = try nextLine() {
            let found = look(at: end)
            lineStart = afterLineEnd(end)
            if let found { return found }
        }
        isFinished = true
        if let last = finishBlock(at: buffer.count) { return last }
        return delivered > 0 ? nil : firstHeader ?? StructureRecord(bytes: [])
    }

    /// Reads the first bytes and refuses what is not text.
    private func begin() throws {
        while buffer.count < 4096, !isAtEnd { try fill() }
        if buffer.starts(with: [0xff, 0xfe]) || buffer.starts(with: [0xfe, 0xff]) {
            throw CandidateDefect("bad-encoding", "UTF-16 text; save it as UTF-8")
        }
        if buffer.prefix(4096).contains(0) { throw CandidateDefect("bad-encoding", "no text: it has zero bytes") }
        if Self.hasMark(buffer.span) { (lineStart, searched, block.start) = (3, 3, 3) }
    }

    /// End of the line that starts at `lineStart` (without its line end); nil at the end of the file.
    private func nextLine() throws -> Int? {
        searched = max(searched, lineStart)
        while true {
            let end = Self.lineEnd(buffer.span, from: searched)
            searched = end
            // A CR at the end of a chunk may be followed by its LF.
            if end + 1 < buffer.count || isAtEnd { return end < buffer.count || lineStart < end ? end : nil }
            if buffer.count - block.start > StructureLimits.recordBytes {
                isFinished = true
                throw StructureLimits.tooLong(line: block.line)
            }
            try fill()
        }
    }

    private static func lineEnd(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var i = start
        while i < bytes.count, !CIFTokenizer.isLineEnd(bytes[i]) { i += 1 }
        return i
    }

    private func afterLineEnd(_ end: Int) -> Int {
        lineNumber += 1
        if end == buffer.count { return end }
        let isPair = buffer[end] == CIFTokenizer.carriageReturn && end + 1 < buffer.count && buffer[end + 1] == CIFTokenizer.lineFeed
        return end + (isPair ? 2 : 1)
    }

    /// Looks at a line; a block that ends before it is returned.
    private func look(at end: Int) -> StructureRecord? {
        if lineStart < end, buffer[lineStart] == UInt8(ascii: ";") {
            isInText.toggle()
            return nil
        }
        if isInText { return nil }
        guard let header = Self.header(buffer.span, lineStart, end) else {
            if !block.hasStructure { block.hasStructure = Self.mentionsStructure(buffer.span, lineStart, end) }
            return nil
        }
        let found = finishBlock(at: lineStart)
        let name = TextBytes.clipped(buffer.span.extracting(header.name), limit: 200)
        block = Block(start: lineStart, line: lineNumber, name: name.isEmpty ? nil : name)
        block.hasStructure = Self.mentionsStructure(buffer.span, header.name.upperBound, end)
        if firstHeader == nil {
            firstHeader = StructureRecord(
                bytes: Array(buffer[header.start..<header.name.upperBound].prefix(256)), line: lineNumber, label: block.name)
        }
        return found
    }

    /// Where `data_name` or `global_` stands at the beginning of a line.
    private static func header(_ bytes: Span<UInt8>, _ lineStart: Int, _ end: Int) -> (start: Int, name: Range<Int>)? {
        var start = lineStart
        while start < end, bytes[start] <= 32 { start += 1 }
        if start == end { return nil }
        if CIFTokenizer.matches(bytes, start, "global_"), start + 7 == end || bytes[start + 7] <= 32 {
            return (start, start + 7..<start + 7)
        }
        guard CIFTokenizer.matches(bytes, start, "data_") else { return nil }
        var nameEnd = start + 5
        while nameEnd < end, bytes[nameEnd] > 32 { nameEnd += 1 }
        return (start, start + 5..<nameEnd)
    }

    private func finishBlock(at end: Int) -> StructureRecord? {
        guard block.hasStructure else { return nil }
        delivered += 1
        block.hasStructure = false
        return StructureRecord(
            bytes: Array(buffer[block.start..<end]), line: block.line, label: Self.isGeneric(block.name) ? nil : block.name)
    }

    /// True where a line of names has one of a cell or of atoms.
    private static func mentionsStructure(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        guard start < end else { return false }
        var i = start
        while i < end {
            if bytes[i] == UInt8(ascii: "_"), i == start || bytes[i - 1] <= 32 {
                if CIFTokenizer.matches(bytes, i, "_atom_site") || CIFTokenizer.matches(bytes, i, "_cell") { return true }
            }
            i += 1
        }
        return false
    }

    /// Reads a chunk; what was delivered makes room first.
    private func fill() throws {
        let gone = block.start
        if gone > 0 {
            buffer.removeFirst(gone)
            block.start -= gone
            lineStart -= gone
            searched -= gone
        }
        let more = try stream.read(Self.chunkSize)
        if more.isEmpty { isAtEnd = true } else { buffer.append(contentsOf: more) }
    }
}

extension CIFRecordReader {
    /// Names that programs give every block: ASE's `image0`, …
    fileprivate static func isGeneric(_ name: String?) -> Bool {
        guard let name, name.hasPrefix("image") else { return false }
        return name.dropFirst(5).allSatisfy(\.isNumber)
    }
}
