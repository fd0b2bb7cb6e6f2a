import COpenBLAS
import MaterialsCore

/// Factors of large symmetric positive definite matrices in the memory of the matrix, without a copy: what a matrix of gigabytes needs.
///
/// Only the lower triangle (row-major) is read and written; what stands above it is left alone.
extension Matrix {
    /// Overwrites a symmetric positive definite matrix A by L of `A = L·Lᵀ` (LAPACK dpotrf).
    /// - Throws: `MatSieveError.input` where it is not positive definite; the triangle is then lost.
    /// - Cost:   rows³ / 3 operations, no memory
    public mutating func factorizeCholesky() throws {
        precondition(rows == columns)
        OpenBLAS.prepare()
        guard rows > 0 else { return }
        // The row-major lower triangle is the column-major upper one: nothing has to be transposed.
        try checkLAPACK(
            LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), Int32(rows), &values, Int32(rows)), "dpotrf",
            "matrix not positive definite")
    }

    /// x of `A·x = b` for each row b of `rightHandSides`, which they overwrite; self is L.
    public func solveCholesky(_ rightHandSides: inout Matrix) {
        precondition(rightHandSides.columns == rows)
        guard rows > 0, rightHandSides.rows > 0 else { return }
        let (n, m) = (Int32(rows), Int32(rightHandSides.rows))
        _ = LAPACKE_dpotrs_work(LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), n, m, values, n, &rightHandSides.values, n)
    }

    /// Overwrites L by the lower triangle of `A⁻¹` (LAPACK dpotri); rows³ · 2/3 operations.
    public mutating func invertFromCholesky() {
        guard rows > 0 else { return }
        _ = LAPACKE_dpotri_work(LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), Int32(rows), &values, Int32(rows))
    }

    /// Overwrites L by `L⁻¹` (LAPACK dtrtri); rows³ / 3 operations.
    public mutating func invertLowerTriangle() {
        guard rows > 0 else { return }
        _ = LAPACKE_dtrtri_work(
            LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), CChar(UInt8(ascii: "N")), Int32(rows), &values, Int32(rows))
    }

    /// Overwrites each row b of `rows` by `L⁻¹·b`, where self is L (BLAS dtrsm).
    public func solveLowerTriangle(_ rightHandSides: inout Matrix) {
        precondition(rightHandSides.columns == rows)
        guard rows > 0, rightHandSides.rows > 0 else { return }
        OpenBLAS.prepare()
        cblas_dtrsm(
            CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, blasint(rightHandSides.rows), blasint(rows), 1, values,
            blasint(rows), &rightHandSides.values, blasint(rows))
    }

    /// `self · other` where self is symmetric and only its lower triangle is read (BLAS dsymm).
    public func symmetricProduct(_ other: Matrix) -> Matrix {
        precondition(rows == columns && columns == other.rows)
        OpenBLAS.prepare()
        var result = Matrix(rows: rows, columns: other.columns)
        guard rows > 0, other.columns > 0 else { return result }
        cblas_dsymm(
            CblasRowMajor, CblasLeft, CblasLower, blasint(rows), blasint(other.columns), 1, values, blasint(rows), other.values,
            blasint(other.columns), 0, &result.values, blasint(other.columns))
        return result
    }

    /// Adds `blockᵀ · block` to the lower triangle (BLAS dsyrk).
    public mutating func addGram(of block: Matrix) {
        precondition(rows == columns && block.columns == rows)
        guard rows > 0, block.rows > 0 else { return }
        OpenBLAS.prepare()
        cblas_dsyrk(
            CblasRowMajor, CblasLower, CblasTrans, blasint(rows), blasint(block.rows), 1, block.values, blasint(rows), 1, &values,
            blasint(rows))
    }
}
