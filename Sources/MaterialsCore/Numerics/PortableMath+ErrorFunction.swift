extension PortableMath {
    /// The error function, `2/√π ∫ exp(-t²) dt` from 0 to `x`.
    ///
    /// - Numerics: error below 2 units in the last place.
    public static func erf(_ x: Double) -> Double {
        let a = abs(x)
        if a <= 0.5 { return x * centralErf(x * x) }
        if x.isNaN { return x }
        let r = 1 - positiveErfc(a)
        return x < 0 ? -r : r
    }

    /// What the error function lacks to 1; underflows gradually to 0 beyond 26.5.
    ///
    /// - Numerics: error below 3 units in the last place.
    public static func erfc(_ x: Double) -> Double {
        let a = abs(x)
        if a <= 0.5 { return 1 - x * centralErf(x * x) }
        if x.isNaN { return x }
        let r = positiveErfc(a)
        return x < 0 ? 2 - r : r
    }

    /// erf(x) / x of the square of x, up to ¼.
    private static func centralErf(_ y: Double) -> Double {
        var p = 0.0
        for i in stride(from: ErrorFunctionCoefficients.terms - 1, through: 0, by: -1) { p = p * y + ErrorFunctionCoefficients.central[i] }
        return p
    }

    /// erfc of a number above ½ as exp(-x²) times a polynomial in the distance to the middle of x's piece.
    private static func positiveErfc(_ x: Double) -> Double {
        if x > 27.3 { return 0 }
        // The exponent and three bits below it count the pieces.
        let piece = Int(x.bitPattern >> 49) - Int(0.5.bitPattern >> 49)
        let u = x - Double(bitPattern: (x.bitPattern >> 49) << 49 | 1 << 48)
        let first = piece * ErrorFunctionCoefficients.terms
        var p = 0.0
        for i in stride(from: ErrorFunctionCoefficients.terms - 1, through: 0, by: -1) {
            p = p * u + ErrorFunctionCoefficients.scaledComplement[first + i]
        }
        let square = DoubleDouble(product: x, x)
        return exp(-square.high, -square.low) * p
    }
}
