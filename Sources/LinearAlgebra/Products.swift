import CKernels
import COpenBLAS

/// `a · b` with sums in ascending order of the inner index, without contraction.
///
/// A row of the result has the bits of the naive loop, whatever the CPU, the number of rows and the row's place among them:
/// what predictions are made of.
///
/// - Parameters:
///   - a: rows × inner, row-major
///   - b: inner × columns, row-major
///   - result: rows × columns, row-major
public func rowInvariantProduct(
    _ a: Span<Double>, _ b: Span<Double>, into result: inout MutableSpan<Double>, rows: Int, inner: Int, columns: Int
) {
    precondition(a.count == rows * inner && b.count == inner * columns && result.count == rows * columns)
    guard rows > 0, columns > 0 else { return }
    // The kernel is C.
    a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
            result.withUnsafeMutableBufferPointer { c in
                matsieve_gemm(a.baseAddress, b.baseAddress, c.baseAddress, rows, inner, columns)
            }
        }
    }
}

extension Matrix {
    /// `self · other` by the row-invariant kernel.
    public func rowInvariantProduct(_ other: Matrix) -> Matrix {
        precondition(columns == other.rows)
        var result = Matrix(rows: rows, columns: other.columns)
        var span = result.values.mutableSpan
        LinearAlgebra.rowInvariantProduct(
            values.span, other.values.span, into: &span, rows: rows, inner: columns, columns: other.columns)
        return result
    }

    /// `self · other` by OpenBLAS: fast, but a row's bits depend on the other rows. For fitting only.
    public func product(_ other: Matrix) -> Matrix {
        precondition(columns == other.rows)
        OpenBLAS.prepare()
        var result = Matrix(rows: rows, columns: other.columns)
        guard rows > 0, columns > 0, other.columns > 0 else { return result }
        cblas_dgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(rows), blasint(other.columns), blasint(columns), 1, values,
            blasint(columns), other.values, blasint(other.columns), 0, &result.values, blasint(other.columns))
        return result
    }

    /// `self · selfᵀ`, by OpenBLAS; both triangles are filled.
    public func gramOfRows() -> Matrix {
        OpenBLAS.prepare()
        var result = Matrix(rows: rows, columns: rows)
        guard rows > 0, columns > 0 else { return result }
        cblas_dsyrk(
            CblasRowMajor, CblasUpper, CblasNoTrans, blasint(rows), blasint(columns), 1, values, blasint(columns), 0, &result.values,
            blasint(rows))
        for i in 0..<rows { for j in 0..<i { result[i, j] = result[j, i] } }
        return result
    }

    /// `selfᵀ · self`, by OpenBLAS; both triangles are filled.
    public func gram() -> Matrix {
        OpenBLAS.prepare()
        var result = Matrix(rows: columns, columns: columns)
        guard rows > 0, columns > 0 else { return result }
        cblas_dsyrk(
            CblasRowMajor, CblasUpper, CblasTrans, blasint(columns), blasint(rows), 1, values, blasint(columns), 0,
            &result.values, blasint(columns))
        for i in 0..<columns { for j in 0..<i { result[i, j] = result[j, i] } }
        return result
    }

    /// `selfᵀ · vector`, by OpenBLAS.
    public func transposedProduct(_ vector: [Double]) -> [Double] {
        precondition(vector.count == rows)
        OpenBLAS.prepare()
        var result = [Double](repeating: 0, count: columns)
        guard rows > 0, columns > 0 else { return result }
        cblas_dgemv(
            CblasRowMajor, CblasTrans, blasint(rows), blasint(columns), 1, values, blasint(columns), vector, 1, 0, &result, 1)
        return result
    }

    /// `self · vector`, by OpenBLAS.
    public func product(_ vector: [Double]) -> [Double] {
        precondition(vector.count == columns)
        OpenBLAS.prepare()
        var result = [Double](repeating: 0, count: rows)
        guard rows > 0, columns > 0 else { return result }
        cblas_dgemv(
            CblasRowMajor, CblasNoTrans, blasint(rows), blasint(columns), 1, values, blasint(columns), vector, 1, 0, &result, 1)
        return result
    }
}
