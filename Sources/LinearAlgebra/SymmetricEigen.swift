import COpenBLAS
import MaterialsCore

/// `A = V·diag(values)·Vᵀ` of a symmetric matrix (LAPACK dsyevd).
///
/// The sign of a vector is fixed: its component of largest magnitude (the first of equals) is positive.
public struct SymmetricEigen: Sendable {
    /// Ascending.
    public let values: [Double]
    /// Column j belongs to value j.
    public let vectors: Matrix

    /// Decomposes; reads the lower triangle of `matrix` only.
    public init(_ matrix: Matrix) throws {
        precondition(matrix.rows == matrix.columns)
        OpenBLAS.prepare()
        var v = matrix
        var w = [Double](repeating: 0, count: v.rows)
        let n = Int32(v.rows)
        if n > 0 {
            guard matrix.values.allSatisfy(\.isFinite) else {
                throw MatSieveError.input("dsyevd: the matrix has values that are not finite")
            }
            try checkLAPACK(
                LAPACKE_dsyevd(LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "L")), n, &v.values, n, &w), "dsyevd",
                "no convergence")
        }
        for j in 0..<v.columns {
            var largest = 0
            for i in 0..<v.rows where v[i, j].magnitude > v[largest, j].magnitude { largest = i }
            if v[largest, j] < 0 { for i in 0..<v.rows { v[i, j] = -v[i, j] } }
        }
        (values, vectors) = (w, v)
    }
}
