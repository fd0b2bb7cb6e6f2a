import COpenBLAS

/// A row-major matrix of floats in memory that someone else owns.
public struct FloatBlock {
    /// Its first value.
    public let start: UnsafeMutablePointer<Float>
    /// Count of rows.
    public let rows: Int
    /// Count of columns.
    public let columns: Int

    /// Names `rows × columns` values.
    public init(_ start: UnsafeMutablePointer<Float>, rows: Int, columns: Int) {
        (self.start, self.rows, self.columns) = (start, rows, columns)
    }
}

/// `result = op(a) · op(b)` by OpenBLAS's sgemm, where `op` may transpose. For fitting only: a row's bits depend on the others.
///
/// Takes pointers, as a training step multiplies parts of long buffers thousands of times a second.
public func blasProduct(
    _ a: FloatBlock, transposed aT: Bool = false, _ b: FloatBlock, otherTransposed bT: Bool = false, into result: FloatBlock
) {
    let inner = aT ? a.rows : a.columns
    precondition(inner == (bT ? b.columns : b.rows))
    precondition(result.rows == (aT ? a.columns : a.rows) && result.columns == (bT ? b.rows : b.columns))
    guard result.rows > 0, result.columns > 0 else { return }
    OpenBLAS.prepare()
    cblas_sgemm(
        CblasRowMajor, aT ? CblasTrans : CblasNoTrans, bT ? CblasTrans : CblasNoTrans, blasint(result.rows), blasint(result.columns),
        blasint(inner), 1, a.start, blasint(a.columns), b.start, blasint(b.columns), 0, result.start, blasint(result.columns))
}
