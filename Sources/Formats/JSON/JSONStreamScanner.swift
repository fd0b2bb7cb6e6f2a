import MaterialsCore

/// Finds where values of a JSON stream end, without taking them apart: the serial step of reading.
///
/// Offsets count from the first byte that is not taken.
///
/// - Errors: `bad-json` where the stream ends inside of a value.
struct JSONStreamScanner {
    private var window: RecordBytes
    /// Where the scanner stands.
    private(set) var at = 0

    init(_ input: ByteInput) throws { window = try RecordBytes(input) }

    /// The next byte that is not space; nil at the end.
    mutating func peek() throws -> UInt8? {
        while true {
            at = Self.passSpace(window.bytes.span, from: window.start + at) - window.start
            if window.start + at < window.bytes.count { return window.bytes[window.start + at] }
            if window.isAtEnd { return nil }
            try window.fill()
        }
    }

    /// The next byte that is not space, where there must be one.
    mutating func require() throws -> UInt8 {
        guard let byte = try peek() else { throw ended() }
        return byte
    }

    /// Passes the byte that stands here.
    mutating func pass() { at += 1 }

    /// Passes the byte-order mark, where there is one.
    mutating func passByteOrderMark() throws {
        while window.bytes.count < 3, !window.isAtEnd { try window.fill() }
        if window.bytes.starts(with: [0xef, 0xbb, 0xbf]) { at = 3 }
    }

    /// Passes the value that stands here.
    mutating func passValue() throws {
        let first = try require()
        if first == UInt8(ascii: "\"") { return try passString() }
        if first | 32 == UInt8(ascii: "{") { return try passContainer(depth: 0) }
        let start = at
        try passScalar()
        if at == start { throw CandidateDefect("bad-json", "line \(window.line): no sound JSON: a value is missing") }
    }

    /// Passes all up to the end of the object in which the scanner stands, at the beginning of a member or behind one.
    mutating func passRestOfContainer() throws { try passContainer(depth: 1) }

    private mutating func passScalar() throws {
        while true {
            let i = Self.passScalar(window.bytes.span, from: window.start + at)
            at = i - window.start
            if i < window.bytes.count || window.isAtEnd { return }
            try window.fill()
        }
    }

    private mutating func passContainer(depth: Int) throws {
        var (depth, isInString) = (depth, false)
        while true {
            let i = Self.passContainer(window.bytes.span, from: window.start + at, &depth, &isInString)
            at = i - window.start
            if depth == 0 { return }
            if window.isAtEnd { throw ended() }
            try window.fill()
        }
    }

    private mutating func passString() throws {
        at += 1
        while true {
            let i = Self.passString(window.bytes.span, from: window.start + at)
            at = i - window.start
            // An escape whose second byte has not been read stays in front.
            if i < window.bytes.count, window.bytes[i] == UInt8(ascii: "\"") {
                at += 1
                return
            }
            if window.isAtEnd { throw ended() }
            try window.fill()
        }
    }

    /// Passes what is left of the line, with its end.
    mutating func passLine() throws {
        let end = try window.offset(afterLines: 1, from: at)
        at = end ?? window.bytes.count - window.start
    }

    /// The bytes from an offset up to here.
    func bytes(from offset: Int) -> ArraySlice<UInt8> { window.bytes[window.start + offset..<window.start + at] }

    /// Line of the file at the first byte that is not taken.
    var line: Int { window.line }

    /// Goes back to where the scanner stood, which must not be forgotten.
    mutating func back(to offset: Int) { at = offset }

    /// Forgets what lies before; offsets count from here.
    mutating func forget() { drop(at) }

    /// Takes the bytes from an offset up to here, and forgets what lies before; offsets count from here.
    mutating func take(from offset: Int) -> (bytes: [UInt8], line: Int) {
        let length = at - offset
        drop(offset)
        let line = window.line
        let ends = Self.lineEnds(window.bytes.span, window.start..<window.start + length)
        at = 0
        return (window.take(length, lines: ends), line)
    }

    private mutating func drop(_ count: Int) {
        window.drop(count, lines: Self.lineEnds(window.bytes.span, window.start..<window.start + count))
        at -= count
    }

    private func ended() -> CandidateDefect {
        CandidateDefect("bad-json", "line \(window.line): the file ends inside of the JSON value that begins here")
    }

    private static func passSpace(_ text: Span<UInt8>, from start: Int) -> Int {
        var i = start
        while i < text.count, JSONBytes.isSpace(text[i]) { i += 1 }
        return i
    }

    private static func passScalar(_ text: Span<UInt8>, from start: Int) -> Int {
        var i = start
        while i < text.count {
            let byte = text[i]
            if byte == UInt8(ascii: ",") || byte | 32 == UInt8(ascii: "}") || JSONBytes.isSpace(byte) { break }
            i += 1
        }
        return i
    }

    /// Up to the closing quote, or behind the last whole character.
    private static func passString(_ text: Span<UInt8>, from start: Int) -> Int {
        var i = JSONBytes.passPlain(text, from: start)
        while i < text.count, text[i] == UInt8(ascii: "\\") {
            // The byte behind it may not have been read yet.
            if i + 1 == text.count { return i }
            i = JSONBytes.passPlain(text, from: i + 2)
        }
        return i
    }

    /// Behind the bracket that brings the depth to zero, or to the end of the bytes.
    private static func passContainer(_ text: Span<UInt8>, from start: Int, _ depth: inout Int, _ isInString: inout Bool) -> Int {
        var (i, level) = (start, depth)
        while i < text.count {
            if isInString {
                i = passString(text, from: i)
                guard i < text.count, text[i] == UInt8(ascii: "\"") else { break }
                isInString = false
                i += 1
                continue
            }
            i = passUnmarked(text, from: i)
            if i == text.count { break }
            let byte = text[i]
            i += 1
            if byte == UInt8(ascii: "\"") {
                isInString = true
            } else if byte | 32 == UInt8(ascii: "{") {
                level += 1
            } else if byte | 32 == UInt8(ascii: "}") {
                level -= 1
                if level == 0 { break }
            }
        }
        depth = level
        return i
    }

    /// Up to a quote, bracket or brace.
    @inline(__always) private static func passUnmarked(_ text: Span<UInt8>, from start: Int) -> Int {
        var i = start
        while i + 8 <= text.count {
            let word = ByteWord(text, at: i).lowercased
            let hits = word.matches(UInt8(ascii: "\"")) | word.matches(UInt8(ascii: "{")) | word.matches(UInt8(ascii: "}"))
            if hits != 0 { return i + ByteWord.offset(hits) }
            i += 8
        }
        while i < text.count, text[i] | 32 != UInt8(ascii: "{"), text[i] | 32 != UInt8(ascii: "}"), text[i] != UInt8(ascii: "\"") { i += 1 }
        return i
    }

    private static func lineEnds(_ text: Span<UInt8>, _ range: Range<Int>) -> Int {
        // In this form the compiler makes it many bytes at a time.
        text.extracting(range).withUnsafeBufferPointer { bytes in
            var count = 0
            for byte in bytes { count &+= byte == UInt8(ascii: "\n") ? 1 : 0 }
            return count
        }
    }
}
