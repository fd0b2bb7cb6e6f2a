import CKernels
import MaterialsCore

/// The tables of the expansion's inner loops, which are C.
struct SOAPKernel: Sendable {
    let degree: Int
    let radialCount: Int
    /// Radial functions filled up to a multiple of 4.
    let width: Int
    private let columns: Int
    private let spacing: Double
    private let rows: Int
    private let exponents: [Double]
    private let table: [Double]
    private let raise: [Double]
    private let lower: [Double]
    private let contraction: [Double]

    /// Coefficients of a centre and a kind of atoms, filler included.
    var coefficientCount: Int { (degree + 1) * (degree + 1) * width }

    /// Tables for squared distances up to `reach²`.
    init(_ basis: SOAPBasis, reach: Double) {
        let (degree, radial) = (basis.degree, basis.radialCount)
        (self.degree, radialCount, width) = (degree, radial, (radial + 3) / 4 * 4)
        columns = ((degree + 1) * width + 7) / 8 * 8
        var exponents = [Double](repeating: 0, count: columns)
        var contraction = [Double](repeating: 0, count: (degree + 1) * width * width)
        for l in 0...degree {
            for k in 0..<radial {
                exponents[l * width + k] = basis.exponents[l * radial + k]
                for n in 0..<radial {
                    contraction[(l * width + k) * width + n] = basis.contraction[(l * radial + n) * radial + k]
                }
            }
        }
        // Neighbours as far as `reach` may lie an ulp beyond it.
        (spacing, rows) = Self.grid(steepest: exponents.min() ?? 0, square: reach * reach * 1.0001)
        table = Self.table(exponents, rows: rows, spacing: spacing)
        (raise, lower) = Self.recurrence(degree)
        (self.exponents, self.contraction) = (exponents, contraction)
    }

    /// A power of two whose half times the steepest exponent is at most 1/16, and the grid points needed.
    private static func grid(steepest: Double, square: Double) -> (spacing: Double, rows: Int) {
        var spacing = 64.0
        while spacing * -steepest > 0.125 { spacing /= 2 }
        return (spacing, Int((square / spacing).rounded(.up)) + 2)
    }

    private static func table(_ exponents: [Double], rows: Int, spacing: Double) -> [Double] {
        var values: [Double] = []
        values.reserveCapacity(rows * exponents.count)
        for row in 0..<rows {
            let square = Double(row) * spacing
            for a in exponents { values.append(a == 0 ? 0 : PortableMath.exp(a * square)) }
        }
        return values
    }

    /// Factors of the fully normalised harmonics: R_lm = raise·z·R_(l−1)m − lower·r²·R_(l−2)m; on the diagonal the first of each m.
    private static func recurrence(_ degree: Int) -> (raise: [Double], lower: [Double]) {
        let stride = degree + 1
        var raise = [Double](repeating: 0, count: stride * stride)
        var lower = raise
        var diagonal = (1 / (4 * Double.pi)).squareRoot()
        for m in 0...degree {
            if m > 0 { diagonal *= ((m == 1 ? 2.0 : 1.0) * Double(2 * m + 1) / Double(2 * m)).squareRoot() }
            raise[m * stride + m] = diagonal
            for l in m + 1..<max(stride, m + 1) {
                let up = (Double(4 * l * l - 1) / Double(l * l - m * m)).squareRoot()
                raise[l * stride + m] = up
                lower[l * stride + m] = up * (Double((l - 1) * (l - 1) - m * m) / Double(4 * (l - 1) * (l - 1) - 1)).squareRoot()
            }
        }
        return (raise, lower)
    }

    /// Lends the tables to the C loops.
    func withBasis<Result>(_ body: (UnsafePointer<matsieve_soap_basis>) -> Result) -> Result {
        exponents.withUnsafeBufferPointer { exponents in
            table.withUnsafeBufferPointer { table in
                raise.withUnsafeBufferPointer { raise in
                    lower.withUnsafeBufferPointer { lower in
                        contraction.withUnsafeBufferPointer { contraction in
                            var basis = matsieve_soap_basis(
                                degree: degree, width: width, columns: columns, exponent: exponents.baseAddress,
                                table: table.baseAddress, spacing: spacing, inverse_spacing: 1 / spacing, raise: raise.baseAddress,
                                lower: lower.baseAddress, contraction: contraction.baseAddress)
                            return body(&basis)
                        }
                    }
                }
            }
        }
    }
}
