import MaterialsCore

extension SymmetryOperation {
    /// Reads `-y+1/2, x, z`, `1/2-X,Y,0.5+Z`, `x-y,x,z+0.3333`; a fourth part (time reversal of magnetic groups) is ignored.
    ///
    /// - Returns: nil for anything that is not three sums of x, y, z with whole coefficients and a determinant of ±1.
    /// - Numerics: decimals of at least three digits stand for the multiple of 1/24 that rounds to them.
    public init?(xyz text: Span<UInt8>) {
        var reader = OperationText()
        guard let x = reader.row(text), reader.comma(text), let y = reader.row(text), reader.comma(text), let z = reader.row(text) else {
            return nil
        }
        guard reader.position == text.count || reader.comma(text) else { return nil }
        rows = RotationRows(x.coefficients, y.coefficients, z.coefficients)
        translation = SIMD3(x.translation, y.translation, z.translation)
        guard abs(rows.determinant) == 1 else { return nil }
    }

    /// Reads the text of an operation.
    public init?(xyz text: String) {
        let bytes = Array(text.utf8)
        self.init(xyz: bytes.span)
    }
}

/// Reads one component of an operation after the other.
private struct OperationText {
    var position = 0

    /// A number of the text: its value, and how many digits followed a point.
    private struct Number {
        var value: Double
        var decimals: Int
    }

    mutating func comma(_ text: Span<UInt8>) -> Bool {
        guard position < text.count, text[position] == UInt8(ascii: ",") else { return false }
        position += 1
        return true
    }

    /// A sum of terms up to a comma or the end.
    mutating func row(_ text: Span<UInt8>) -> (coefficients: SIMD3<Int>, translation: Double)? {
        var coefficients = SIMD3<Int>.zero
        var translation = 0.0
        var terms = 0
        skipSpaces(text)
        while position < text.count, text[position] != UInt8(ascii: ",") {
            let sign = self.sign(text, isFirst: terms == 0)
            if sign == 0 { return nil }
            skipSpaces(text)
            let number = self.number(text)
            if position < text.count, text[position] == UInt8(ascii: "*") { position += 1 }
            if let axis = axis(text) {
                guard let whole = Int(exactly: number?.value ?? 1), whole <= 64 else { return nil }
                coefficients[axis] += sign * whole
            } else {
                guard let number else { return nil }
                translation += Double(sign) * Self.exact(number)
            }
            terms += 1
            skipSpaces(text)
        }
        // A file may write anything; whole cells that far are no symmetry.
        return terms == 0 || terms > 16 || !(abs(translation) <= 1000) ? nil : (coefficients, translation)
    }

    private mutating func sign(_ text: Span<UInt8>, isFirst: Bool) -> Int {
        switch text[position] {
        case UInt8(ascii: "+"):
            position += 1
            return 1
        case UInt8(ascii: "-"):
            position += 1
            return -1
        default: return isFirst ? 1 : 0
        }
    }

    private mutating func axis(_ text: Span<UInt8>) -> Int? {
        guard position < text.count else { return nil }
        let letter = text[position] | 32
        guard letter >= UInt8(ascii: "x"), letter <= UInt8(ascii: "z") else { return nil }
        position += 1
        return Int(letter - UInt8(ascii: "x"))
    }

    /// `12`, `0.25`, `1/2`; nil where no digit stands here.
    private mutating func number(_ text: Span<UInt8>) -> Number? {
        guard var result = decimal(text) else { return nil }
        if position < text.count, text[position] == UInt8(ascii: "/") {
            position += 1
            guard let divisor = decimal(text), divisor.value > 0 else {
                position = text.count
                return nil
            }
            result = Number(value: result.value / divisor.value, decimals: 0)
        }
        return result
    }

    private mutating func decimal(_ text: Span<UInt8>) -> Number? {
        var (value, scale, digits, decimals) = (0.0, 1.0, 0, 0)
        var isAfterPoint = false
        while position < text.count {
            let d = text[position] &- UInt8(ascii: "0")
            if d < 10 {
                digits += 1
                if digits > 17 { return nil }
                value = value * 10 + Double(d)
                if isAfterPoint { (scale, decimals) = (scale * 10, decimals + 1) }
            } else if text[position] == UInt8(ascii: "."), !isAfterPoint {
                isAfterPoint = true
            } else {
                break
            }
            position += 1
        }
        return digits == 0 ? nil : Number(value: value / scale, decimals: decimals)
    }

    /// What a rounded decimal stands for.
    private static func exact(_ number: Number) -> Double {
        guard number.decimals >= 3 else { return number.value }
        let closest = (number.value * 24).rounded() / 24
        var unit = 1.0
        for _ in 0..<number.decimals { unit /= 10 }
        return abs(closest - number.value) <= 1.01 * unit ? closest : number.value
    }

    private mutating func skipSpaces(_ text: Span<UInt8>) {
        while position < text.count, text[position] <= 32 || text[position] == UInt8(ascii: "'") || text[position] == UInt8(ascii: "\"") {
            position += 1
        }
    }
}
