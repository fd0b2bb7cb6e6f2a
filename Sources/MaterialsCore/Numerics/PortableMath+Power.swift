/// Powers, roots and the other logarithms, by way of a logarithm in double-double.
///
/// - Cost: 60 to 90 ns each, ten times `exp` and `log`: not for the inside of loops that can do without.
extension PortableMath {
    /// Logarithm to base 10; exact for powers of ten.
    public static func log10(_ x: Double) -> Double {
        guard x > 0, x < .infinity else { return logAtEdge(x) }
        let r = extendedLog(x) * DoubleDouble(0x1.bcb7b1526e50ep-2, 0x1.95355baaafad3p-57)
        return r.high + r.low
    }

    /// Logarithm to base 2; exact for powers of two.
    public static func log2(_ x: Double) -> Double {
        guard x > 0, x < .infinity else { return logAtEdge(x) }
        let (m, k) = split(x)
        let r = DoubleDouble(Double(k)) + extendedLogOfMantissa(m) * DoubleDouble(0x1.71547652b82fep+0, 0x1.777d0ffda0d24p-56)
        return r.high + r.low
    }

    /// `x` raised to `y`, with the special values of IEEE 754's pow: `pow(x, 0) = pow(1, y) = 1`, NaN for a negative `x` and a fractional `y`.
    public static func pow(_ x: Double, _ y: Double) -> Double {
        if y == 0 || x == 1 { return 1 }
        if y == 1 { return x }
        if x.isNaN || y.isNaN { return x + y }
        if x == 0 || x.isInfinite || y.isInfinite { return powAtEdge(x, y) }
        if x > 0 { return positivePow(x, y) }
        guard isInteger(y) else { return .nan }
        let r = positivePow(-x, y)
        return isOdd(y) ? -r : r
    }

    /// Cube root.
    public static func cbrt(_ x: Double) -> Double {
        if x == 0 || !x.isFinite { return x }
        let a = x.magnitude
        let third = extendedLog(a) * DoubleDouble(0x1.5555555555555p-2, 0x1.5555555555555p-56)
        let y = exp(third.high, third.low)
        // One Newton step on the residual, which is exact to twice the precision; scaled to stay clear of underflow.
        let (scaled, s) = a < 0x1p-900 ? (a * 0x1p600, 0x1p200) : a > 0x1p900 ? (a * 0x1p-600, 0x1p-200) : (a, 1)
        let t = y * s
        let cube = DoubleDouble(product: t, t) * DoubleDouble(t)
        let root = t - ((cube.high - scaled) + cube.low) / (3 * t * t)
        return x < 0 ? -root / s : root / s
    }

    /// Natural logarithm of a positive finite number to about 2^-68 relative.
    static func extendedLog(_ x: Double) -> DoubleDouble {
        let (m, k) = split(x)
        let exponent = Double(k)
        return DoubleDouble(ordered: exponent * ln2High, exponent * ln2Low) + extendedLogOfMantissa(m)
    }

    private static func extendedLogOfMantissa(_ m: Double) -> DoubleDouble {
        let f = m - 1
        let s = f / DoubleDouble(sum: 2, f)
        let zz = s * s
        let z = zz.high
        let z2 = z * z
        let z4 = z2 * z2
        let q0 = (2.0 / 7 + z * (2.0 / 9)) + z2 * (2.0 / 11 + z * (2.0 / 13))
        let q1 = (2.0 / 15 + z * (2.0 / 17)) + z2 * (2.0 / 19 + z * (2.0 / 21))
        let q2 = (2.0 / 23 + z * (2.0 / 25)) + z2 * (2.0 / 27)
        let tail = DoubleDouble(q0 + z4 * (q1 + z4 * q2))
        // The first two terms of the series need more than double precision, the rest is small enough.
        let inner = DoubleDouble(0x1.999999999999ap-2, -0x1.999999999999ap-56) + zz * tail
        let outer = DoubleDouble(0x1.5555555555555p-1, 0x1.5555555555555p-55) + zz * inner
        return DoubleDouble(2 * s.high, 2 * s.low) + s * (zz * outer)
    }

    private static func positivePow(_ x: Double, _ y: Double) -> Double {
        // Past these exponents the result is 1 or beyond the range, whatever x ≠ 1 is.
        if x == 1 || y.magnitude < 0x1p-66 { return 1 }
        if y.magnitude > 0x1p66 { return (x > 1) == (y > 0) ? .infinity : 0 }
        let t = extendedLog(x) * DoubleDouble(y)
        if t.high > 709.79 { return .infinity }
        if t.high < -745.14 { return 0 }
        return exp(t.high, t.low)
    }

    private static func powAtEdge(_ x: Double, _ y: Double) -> Double {
        if y.isInfinite {
            let a = x.magnitude
            return a == 1 ? 1 : (a > 1) == (y > 0) ? .infinity : 0
        }
        let r = (x == 0) == (y > 0) ? 0.0 : Double.infinity
        return x.sign == .minus && isOdd(y) ? -r : r
    }

    private static func isInteger(_ y: Double) -> Bool { y.magnitude >= 0x1p52 || y == Double(Int64(y)) }

    private static func isOdd(_ y: Double) -> Bool {
        y.magnitude < 0x1p53 && isInteger(y) && Int64(y) & 1 == 1
    }
}
