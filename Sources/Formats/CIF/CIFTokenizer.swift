import MaterialsCore

/// A piece of a CIF: bytes `start..<end`, without quotes or semicolons.
struct CIFToken {
    enum Kind: UInt8 {
        /// `_name`
        case tag
        /// A word, a quoted string, lines between semicolons, or the rest of a line after a quote without a partner.
        case word, quoted, text, openQuote
        /// `loop_`, `data_name` or `global_`, `save_name`, `save_`, `stop_`, the end of the bytes.
        case loop, block, frame, frameEnd, stop, end
    }

    var kind: Kind
    var start: Int
    var end: Int

    /// True for what stands for a value.
    var isValue: Bool { kind.rawValue >= Kind.word.rawValue && kind.rawValue <= Kind.openQuote.rawValue }
    /// Its bytes.
    var range: Range<Int> { start..<end }
}

/// What is wrong with a CIF, and at which byte of the record.
struct CIFDefect: Error {
    var reason: String
    var detail: String
    var offset: Int

    init(_ reason: String, _ detail: String, at offset: Int) { (self.reason, self.detail, self.offset) = (reason, detail, offset) }
}

/// Cuts bytes into tokens by the rules of CIF 1.1.
///
/// - Scope:  any bytes; line ends are LF, CR or both, bytes below 33 count as spaces, bytes above 127 as letters
/// - Errors: `unterminated-text` where a field of lines has no end
/// - Cost:   one pass, no memory
/// - Source: S. R. Hall, J. D. Westbrook, International Tables for Crystallography G, chapter 2.2 (2006)
struct CIFTokenizer {
    private(set) var position = 0

    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")

    mutating func next(_ bytes: Span<UInt8>) throws(CIFDefect) -> CIFToken {
        var i = position
        let count = bytes.count
        while true {
            while i < count, bytes[i] <= 32 { i += 1 }
            if i == count {
                position = count
                return CIFToken(kind: .end, start: count, end: count)
            }
            guard bytes[i] == UInt8(ascii: "#") else { break }
            while i < count, !Self.isLineEnd(bytes[i]) { i += 1 }
        }
        let first = bytes[i]
        switch first {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return quoted(bytes, from: i)
        case UInt8(ascii: ";") where i == 0 || Self.isLineEnd(bytes[i - 1]): return try text(bytes, from: i)
        default:
            var end = i + 1
            while end < count, bytes[end] > 32 { end += 1 }
            position = end
            let kind = first == UInt8(ascii: "_") ? .tag : Self.kindOfWord(bytes, i, end)
            return CIFToken(kind: kind, start: i, end: end)
        }
    }

    @inline(__always) static func isLineEnd(_ byte: UInt8) -> Bool { byte == lineFeed || byte == carriageReturn }

    private mutating func quoted(_ bytes: Span<UInt8>, from start: Int) -> CIFToken {
        let quote = bytes[start]
        var i = start + 1
        while i < bytes.count, !Self.isLineEnd(bytes[i]) {
            // A quote inside a word does not end the string.
            if bytes[i] == quote, i + 1 == bytes.count || bytes[i + 1] <= 32 {
                position = i + 1
                return CIFToken(kind: .quoted, start: start + 1, end: i)
            }
            i += 1
        }
        position = i
        return CIFToken(kind: .openQuote, start: start + 1, end: i)
    }

    private mutating func text(_ bytes: Span<UInt8>, from start: Int) throws(CIFDefect) -> CIFToken {
        var i = start + 1
        while i + 1 < bytes.count {
            if Self.isLineEnd(bytes[i]), bytes[i + 1] == UInt8(ascii: ";") {
                position = i + 2
                return CIFToken(kind: .text, start: start + 1, end: i)
            }
            i += 1
        }
        throw CIFDefect("unterminated-text", "a text field that begins with ';' has no end", at: start)
    }

    /// Reserved words, in any case.
    private static func kindOfWord(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> CIFToken.Kind {
        let length = end - start
        guard length >= 5 else { return .word }
        switch bytes[start] | 32 {
        case UInt8(ascii: "l"): return length == 5 && matches(bytes, start, "loop_") ? .loop : .word
        case UInt8(ascii: "d"): return matches(bytes, start, "data_") ? .block : .word
        case UInt8(ascii: "s"):
            if matches(bytes, start, "save_") { return length == 5 ? .frameEnd : .frame }
            return length == 5 && matches(bytes, start, "stop_") ? .stop : .word
        case UInt8(ascii: "g"): return length == 7 && matches(bytes, start, "global_") ? .block : .word
        default: return .word
        }
    }

    /// True where the bytes from `start` on are `word` (given in lower case), in any case.
    static func matches(_ bytes: Span<UInt8>, _ start: Int, _ word: StaticString) -> Bool {
        guard start + word.utf8CodeUnitCount <= bytes.count else { return false }
        // A static string is read in place.
        return word.withUTF8Buffer { letters in
            for k in letters.indices {
                let b = bytes[start + k]
                if (b >= 65 && b <= 90 ? b | 32 : b) != letters[k] { return false }
            }
            return true
        }
    }
}
