import COpenBLAS
import MaterialsCore

/// `A = U·diag(values)·Vᵀ`, thin (LAPACK dgesdd).
public struct SingularValues: Sendable {
    /// Descending, `min(rows, columns)` of them.
    public let values: [Double]
    /// rows × count, orthonormal columns.
    public let left: Matrix
    /// count × columns, orthonormal rows.
    public let rightTransposed: Matrix

    /// Decomposes.
    /// - Cost: rows × columns² (or the other way round) and two copies of the matrix.
    public init(_ matrix: Matrix) throws {
        OpenBLAS.prepare()
        let count = min(matrix.rows, matrix.columns)
        var s = [Double](repeating: 0, count: count)
        var u = Matrix(rows: matrix.rows, columns: count)
        var vt = Matrix(rows: count, columns: matrix.columns)
        if count > 0 {
            guard matrix.values.allSatisfy(\.isFinite) else {
                throw MatSieveError.input("dgesdd: the matrix has values that are not finite")
            }
            var a = matrix.values
            // Row-major A is column-major Aᵀ = V·S·Uᵀ: with the factors exchanged nothing has to be transposed.
            let (m, n, k) = (Int32(matrix.columns), Int32(matrix.rows), Int32(count))
            try checkLAPACK(
                LAPACKE_dgesdd(LAPACK_COL_MAJOR, CChar(UInt8(ascii: "S")), m, n, &a, m, &s, &vt.values, m, &u.values, k), "dgesdd",
                "no convergence")
        }
        (values, left, rightTransposed) = (s, u, vt)
    }
}
