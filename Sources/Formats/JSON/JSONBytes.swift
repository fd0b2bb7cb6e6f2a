/// What single bytes mean in JSON.
enum JSONBytes {
    static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\t")
    }

    /// Digits, point, exponent and signs.
    static func isInNumber(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: ".") || byte | 32 == UInt8(ascii: "e") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "+")
    }

    /// True where the bytes of a range are those of a word.
    static func equal(_ text: Span<UInt8>, _ range: Range<Int>, _ word: StaticString) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        // The word's bytes are constant and live as long as the program.
        let start = word.utf8Start
        for i in 0..<range.count where unsafe text[range.lowerBound + i] != start[i] { return false }
        return true
    }

    /// Bytes of a string without its quotes, escapes resolved; what is no escape stays as it is, half of a surrogate pair becomes U+FFFD.
    static func unescaped(_ text: Span<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var i = 0
        while i < text.count {
            guard text[i] == UInt8(ascii: "\\"), i + 1 < text.count else {
                result.append(text[i])
                i += 1
                continue
            }
            if text[i + 1] == UInt8(ascii: "u") {
                i = appendScalar(text, at: i, to: &result)
            } else {
                appendSimple(text[i + 1], to: &result)
                i += 2
            }
        }
        return result
    }

    private static func appendSimple(_ byte: UInt8, to result: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "n"): result.append(10)
        case UInt8(ascii: "r"): result.append(13)
        case UInt8(ascii: "t"): result.append(9)
        case UInt8(ascii: "b"): result.append(8)
        case UInt8(ascii: "f"): result.append(12)
        default: result.append(byte)
        }
    }

    /// Reads `\uXXXX`, or two of them that make a pair; returns the offset behind it.
    private static func appendScalar(_ text: Span<UInt8>, at start: Int, to result: inout [UInt8]) -> Int {
        guard let high = unit(text, start) else {
            result.append(UInt8(ascii: "\\"))
            return start + 1
        }
        if (0xd800..<0xdc00).contains(high), let low = unit(text, start + 6), (0xdc00..<0xe000).contains(low) {
            append(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00), to: &result)
            return start + 12
        }
        append((0xd800..<0xe000).contains(high) ? 0xfffd : high, to: &result)
        return start + 6
    }

    private static func append(_ scalar: UInt32, to result: inout [UInt8]) {
        guard let scalar = Unicode.Scalar(scalar) else { return }
        result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    private static func unit(_ text: Span<UInt8>, _ start: Int) -> UInt32? {
        guard start + 6 <= text.count, text[start] == UInt8(ascii: "\\"), text[start + 1] == UInt8(ascii: "u") else { return nil }
        var unit: UInt32 = 0
        for i in start + 2..<start + 6 {
            guard let digit = hexDigit(text[i]) else { return nil }
            unit = unit << 4 | digit
        }
        return unit
    }

    private static func hexDigit(_ byte: UInt8) -> UInt32? {
        if byte &- UInt8(ascii: "0") < 10 { return UInt32(byte - UInt8(ascii: "0")) }
        let letter = byte | 32
        return letter &- UInt8(ascii: "a") < 6 ? UInt32(letter - UInt8(ascii: "a")) + 10 : nil
    }
}
