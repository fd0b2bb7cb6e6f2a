/// What single bytes mean in JSON.
enum JSONBytes {
    static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\t")
    }

    /// Digits, point, exponent and signs.
    @inline(__always) static func isInNumber(_ byte: UInt8) -> Bool {
        byte < 64 ? signsAndDigits >> UInt64(byte) & 1 == 1 : byte | 32 == UInt8(ascii: "e")
    }

    /// A bit for each of `+-.0123456789`.
    private static let signsAndDigits: UInt64 = 0x3ff_6800_0000_0000

    /// True where the bytes of a range are those of a word.
    static func equal(_ text: Span<UInt8>, _ range: Range<Int>, _ word: StaticString) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        // The word's bytes are constant and live as long as the program.
        let start = word.utf8Start
        for i in 0..<range.count where unsafe text[range.lowerBound + i] != start[i] { return false }
        return true
    }

    /// Offset of the first quote or backslash from `start` on; the end where there is none.
    static func passPlain(_ text: Span<UInt8>, from start: Int) -> Int {
        var i = start
        while i + 8 <= text.count {
            let word = ByteWord(text, at: i)
            let hits = word.matches(UInt8(ascii: "\"")) | word.matches(UInt8(ascii: "\\"))
            if hits != 0 { return i + ByteWord.offset(hits) }
            i += 8
        }
        while i < text.count, text[i] != UInt8(ascii: "\""), text[i] != UInt8(ascii: "\\") { i += 1 }
        return i
    }

    /// Offset of the closing quote of the string that begins a text; the end where there is none.
    static func passString(_ text: Span<UInt8>) -> Int {
        var i = passPlain(text, from: 1)
        while i < text.count, text[i] == UInt8(ascii: "\\") { i = passPlain(text, from: min(i + 2, text.count)) }
        return i
    }

    /// Bytes of a string without its quotes, escapes resolved; what is no escape stays as it is, half of a surrogate pair becomes U+FFFD.
    static func unescaped(_ text: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        let text = text.extracting(range)
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var i = 0
        while i < text.count {
            let plain = text.extracting(i..<nextBackslash(text, from: i))
            plain.withUnsafeBufferPointer { result.append(contentsOf: $0) }
            i += plain.count
            if i + 1 >= text.count {
                if i < text.count { result.append(text[i]) }
                break
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

    private static func nextBackslash(_ text: Span<UInt8>, from start: Int) -> Int {
        var i = start
        while i < text.count, text[i] != UInt8(ascii: "\\") { i += 1 }
        return i
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

    /// Reads `\u` and four hexadecimal digits, or two of them that make a pair; returns the offset behind it.
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

/// Eight bytes of a text at once.
struct ByteWord {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private let bits: UInt64

    /// The eight bytes from an offset on.
    @inline(__always) init(_ text: Span<UInt8>, at offset: Int) {
        bits = UInt64(littleEndian: text.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    private init(_ bits: UInt64) { self.bits = bits }

    /// The same with the bit set by which lower case differs from upper.
    @inline(__always) var lowercased: ByteWord { ByteWord(bits | Self.ones &* 32) }

    /// Not zero where one of the bytes is that; the lowest bit is exact.
    @inline(__always) func matches(_ byte: UInt8) -> UInt64 {
        let rest = bits ^ (Self.ones &* UInt64(byte))
        return (rest &- Self.ones) & ~rest & (Self.ones &* 128)
    }

    /// Which byte the lowest bit of matches stands for.
    @inline(__always) static func offset(_ matches: UInt64) -> Int { matches.trailingZeroBitCount >> 3 }
}
