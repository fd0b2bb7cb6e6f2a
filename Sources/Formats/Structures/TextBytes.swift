/// Small questions about the bytes of a text.
enum TextBytes {
    /// The range without spaces and tabs around it.
    static func trimmed(_ text: Span<UInt8>) -> Range<Int> {
        var (lower, upper) = (0, text.count)
        while lower < upper, isSpace(text[lower]) { lower += 1 }
        while upper > lower, isSpace(text[upper - 1]) { upper -= 1 }
        return lower..<upper
    }

    /// True for well-formed UTF-8.
    static func isUTF8(_ text: Span<UInt8>) -> Bool {
        var all: UInt8 = 0
        for i in text.indices { all |= text[i] }
        if all < 0x80 { return true }
        return String(validating: array(text), as: UTF8.self) != nil
    }

    /// At most `limit` characters for a message of one line: control characters as spaces, ill-formed bytes repaired.
    static func clipped(_ text: Span<UInt8>, limit: Int = 60) -> String {
        let start = String(decoding: array(text.extracting(first: 8 * limit)), as: UTF8.self)
        let shown = start.unicodeScalars.prefix(limit).map { $0.properties.generalCategory == .control ? " " : String($0) }.joined()
        return start.unicodeScalars.count > limit ? shown + "…" : shown
    }

    /// A copy.
    static func array(_ text: Span<UInt8>) -> [UInt8] { text.withUnsafeBufferPointer { Array($0) } }

    private static func isSpace(_ c: UInt8) -> Bool { c == UInt8(ascii: " ") || c == UInt8(ascii: "\t") || c == 10 || c == 13 }
}
