/// An unevaluated sum of two doubles, about 106 bits, for the inside of `PortableMath`.
///
/// - Source: T. J. Dekker, Numer. Math. 18, 224 (1971), doi:10.1007/BF01397083.
package struct DoubleDouble {
    /// The sum, rounded.
    package var high: Double
    /// What the rounding lost.
    package var low: Double

    /// Two parts of which the second is at most half an ulp of the first.
    @inline(__always)
    package init(_ high: Double, _ low: Double = 0) { (self.high, self.low) = (high, low) }

    /// The exact sum of two doubles.
    @inline(__always)
    package init(sum a: Double, _ b: Double) {
        let s = a + b
        let t = s - a
        self.init(s, (a - (s - t)) + (b - t))
    }

    /// The exact product of two doubles below 2^996.
    @inline(__always)
    package init(product a: Double, _ b: Double) {
        let p = a * b
        let (ah, al) = Self.halves(a)
        let (bh, bl) = Self.halves(b)
        self.init(p, ((ah * bh - p) + ah * bl + al * bh) + al * bl)
    }

    /// The sum of parts that come ordered by size.
    @inline(__always)
    package init(ordered a: Double, _ b: Double) {
        let s = a + b
        self.init(s, b - (s - a))
    }

    @inline(__always)
    package static func + (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
        let s = DoubleDouble(sum: a.high, b.high)
        return DoubleDouble(ordered: s.high, s.low + (a.low + b.low))
    }

    @inline(__always)
    package static func * (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
        let p = DoubleDouble(product: a.high, b.high)
        return DoubleDouble(ordered: p.high, p.low + (a.high * b.low + a.low * b.high))
    }

    /// The quotient of a double and a pair.
    @inline(__always)
    package static func / (a: Double, b: DoubleDouble) -> DoubleDouble {
        let q = a / b.high
        let p = DoubleDouble(product: q, b.high)
        let rest = ((a - p.high) - p.low) - q * b.low
        return DoubleDouble(ordered: q, rest / b.high)
    }

    /// Two parts of at most 26 bits, so that products of parts are exact.
    @inline(__always)
    private static func halves(_ a: Double) -> (Double, Double) {
        let t = a * 0x1.0000002p27
        let h = t - (t - a)
        return (h, a - h)
    }
}
