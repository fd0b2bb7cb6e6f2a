import COpenBLAS
import MaterialsCore

/// `A = L·Lᵀ` of a symmetric positive definite matrix (LAPACK dpotrf).
public struct Cholesky: Sendable {
    /// L; the upper triangle is zero.
    public let lower: Matrix

    /// Factorises; reads the lower triangle of `matrix` only.
    /// - Throws: `MatSieveError.input` where the matrix is not positive definite.
    public init(_ matrix: Matrix) throws {
        precondition(matrix.rows == matrix.columns)
        OpenBLAS.prepare()
        var l = matrix
        let n = Int32(l.rows)
        if n > 0 {
            try checkLAPACK(
                LAPACKE_dpotrf(LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "L")), n, &l.values, n), "dpotrf", "matrix not positive definite")
        }
        for i in 0..<l.rows { for j in i + 1..<max(l.rows, i + 1) { l[i, j] = 0 } }
        lower = l
    }

    /// x of `A·x = rightHandSide` (LAPACK dpotrs).
    public func solve(_ rightHandSide: [Double]) throws -> [Double] {
        try solve(Matrix(rows: rightHandSide.count, columns: 1, values: rightHandSide)).values
    }

    /// X of `A·X = rightHandSides`, one column each.
    public func solve(_ rightHandSides: Matrix) throws -> Matrix {
        precondition(rightHandSides.rows == lower.rows)
        var x = rightHandSides
        guard x.rows > 0, x.columns > 0 else { return x }
        let (n, m) = (Int32(lower.rows), Int32(x.columns))
        try checkLAPACK(
            LAPACKE_dpotrs(LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "L")), n, m, lower.values, n, &x.values, m), "dpotrs", "bad argument")
        return x
    }

    /// The diagonal of L; the determinant is the product of its squares.
    public var diagonal: [Double] { (0..<lower.rows).map { lower[$0, $0] } }
}
