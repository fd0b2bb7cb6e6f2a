/// Decimal numbers in bytes, rounded correctly.
enum DecimalText {
    /// The double nearest to a decimal; nil where the bytes are no number.
    static func double(_ text: ArraySlice<UInt8>) -> Double? {
        if let quick = short(text) { return quick }
        guard !text.isEmpty, text.allSatisfy({ $0 > 32 && $0 < 127 }) else { return nil }
        return Double(String(decoding: text, as: UTF8.self))
    }

    /// The double nearest to a decimal, but where rounding that to float32 would not give the float32 nearest to the decimal, that float32.
    static func doubleForSingle(_ text: ArraySlice<UInt8>) -> Double? {
        guard let d = double(text) else { return nil }
        // Only a double half-way between two float32 can be rounded twice.
        guard d.bitPattern & 0x1fff_ffff == 0x1000_0000 else { return d }
        return Float(String(decoding: text, as: UTF8.self)).map { Double($0) } ?? d
    }

    /// A whole number.
    static func integer(_ text: ArraySlice<UInt8>) -> Int? {
        guard text.count < 20 else { return nil }
        return Int(String(decoding: text, as: UTF8.self))
    }

    /// Fifteen digits and a power of ten up to 22 are exact in doubles, so one operation rounds once.
    private static func short(_ text: ArraySlice<UInt8>) -> Double? {
        var (mantissa, digits, scale, seenPoint) = (0, 0, 0, false)
        var i = text.startIndex
        let isNegative = text.first == UInt8(ascii: "-")
        if isNegative { i += 1 }
        while i < text.endIndex {
            let c = text[i]
            if c >= 48, c <= 57 {
                mantissa = mantissa * 10 + Int(c - 48)
                digits += 1
                if digits > 15 { return nil }
                if seenPoint { scale += 1 }
            } else if c == UInt8(ascii: "."), !seenPoint {
                seenPoint = true
            } else {
                return nil
            }
            i += 1
        }
        guard digits > 0 else { return nil }
        let value = Double(mantissa) / powersOfTen[scale]
        return isNegative ? -value : value
    }

    private static let powersOfTen: [Double] = (0...22).map { n in (0..<n).reduce(1.0) { p, _ in p * 10 } }
}
