import MaterialsCore

/// Numbers of a CIF, with an uncertainty in brackets or without: `1.234(5)`, `-.5`, `1.2E1`.
enum CIFNumber {
    /// The number; nil for `?` and `.`.
    /// - Errors: `bad-number` for anything else.
    static func read(_ bytes: Span<UInt8>, _ token: CIFToken) throws(CIFDefect) -> Double? {
        if isMissing(bytes, token) { return nil }
        var end = token.start
        while end < token.end, bytes[end] != UInt8(ascii: "(") { end += 1 }
        // Quoted numbers may have spaces around them.
        var start = token.start
        if token.kind != .word {
            while start < end, bytes[start] <= 32 { start += 1 }
            while end > start, bytes[end - 1] <= 32 { end -= 1 }
        }
        guard case .number(let value) = DecimalNumber.read(bytes.extracting(start..<end)) else {
            throw CIFDefect("bad-number", "'\(TextBytes.clipped(bytes.extracting(token.range)))' is not a number", at: token.start)
        }
        return value
    }

    /// True for `?` and `.`, and where nothing stands between quotes.
    static func isMissing(_ bytes: Span<UInt8>, _ token: CIFToken) -> Bool {
        if token.end - token.start > 1 { return false }
        return token.start == token.end || bytes[token.start] == UInt8(ascii: "?") || bytes[token.start] == UInt8(ascii: ".")
    }
}
