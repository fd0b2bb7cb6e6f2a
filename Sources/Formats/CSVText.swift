/// Small questions about the bytes of a cell.
enum CSVText {
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
        return String(validating: bytes(text), as: UTF8.self) != nil
    }

    /// At most 60 characters, line ends as spaces, ill-formed bytes repaired.
    static func clipped(_ text: Span<UInt8>) -> String {
        let shown = String(decoding: bytes(text.extracting(first: 512)), as: UTF8.self).map { $0.isNewline ? " " : $0 }
        return shown.count > 60 ? String(shown.prefix(60)) + "…" : String(shown)
    }

    private static func bytes(_ text: Span<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        for i in text.indices { result.append(text[i]) }
        return result
    }

    private static func isSpace(_ c: UInt8) -> Bool { c == UInt8(ascii: " ") || c == UInt8(ascii: "\t") || c == 10 || c == 13 }
}
