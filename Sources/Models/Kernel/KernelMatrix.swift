import LinearAlgebra

/// Covariances of training rows with each other and with others, in double, for fits.
struct KernelMatrix: Sendable {
    let rows: KernelRows<Double>
    let z: SharedBuffer<Double>
    let covariance: Covariance

    /// Of standardised rows (count × columns).
    init(_ covariance: Covariance, _ z: SharedBuffer<Double>, count: Int, columns: Int) {
        (self.covariance, self.z) = (covariance, z)
        rows = KernelRows(covariance, rows: z.pointer, count: count, columns: columns)
    }

    private static let chunk = 512

    /// Which numbers of a pair of rows.
    enum Quantity {
        case covariance
        case slope(term: Int)
    }

    /// Fills the lower triangle (diagonal included) of a matrix of all rows; the upper one keeps what it holds.
    func fillLowerTriangle(of matrix: inout Matrix, _ quantity: Quantity = .covariance, threads: Int) {
        precondition(matrix.rows == rows.count && matrix.columns == rows.count)
        let n = rows.count
        matrix.values.withUnsafeMutableBufferPointer { target in
            let target = UncheckedPointer(target.baseAddress)
            let blocks = (n + kernelBlockRows - 1) / kernelBlockRows
            parallelLoop(blocks, threads: threads) { b in
                // Long rows first, so that threads end together.
                let first = (blocks - 1 - b) * kernelBlockRows
                let count = min(kernelBlockRows, n - first)
                fill(first, count, quantity) { row, column, values, span in
                    let length = min(span, first + row + 1 - column)
                    if length > 0 { (target.pointer! + (first + row) * n + column).update(from: values, count: length) }
                }
            }
        }
    }

    private func fill(
        _ first: Int, _ count: Int, _ quantity: Quantity,
        _ take: (_ row: Int, _ column: Int, _ values: UnsafePointer<Double>, _ span: Int) -> Void
    ) {
        let work = KernelRows<Double>.Workspace(columns: rows.columns, terms: rows.terms.count)
        let values = SharedBuffer<Double>(count: kernelBlockRows * Self.chunk, repeating: 0)
        rows.load(z.pointer + first * rows.columns, count, work)
        for column in stride(from: 0, to: first + count, by: Self.chunk) {
            let span = min(Self.chunk, rows.width - column)
            switch quantity {
            case .covariance: rows.values(work, rows: count, first: column, span: span, into: values.pointer, stride: Self.chunk)
            case .slope(let t): rows.slopes(t, work, rows: count, first: column, span: span, into: values.pointer, stride: Self.chunk)
            }
            for row in 0..<count { take(row, column, values.pointer + row * Self.chunk, span) }
        }
    }

    /// Covariances of other standardised rows (`count` of them) with all of these: count × rows.
    func covariances(of others: UnsafePointer<Double>, count: Int) -> Matrix {
        var result = Matrix(rows: count, columns: rows.count)
        let work = KernelRows<Double>.Workspace(columns: rows.columns, terms: rows.terms.count)
        let values = SharedBuffer<Double>(count: kernelBlockRows * rows.width, repeating: 0)
        for first in stride(from: 0, to: count, by: kernelBlockRows) {
            let block = min(kernelBlockRows, count - first)
            rows.load(others + first * rows.columns, block, work)
            rows.values(work, rows: block, first: 0, span: rows.width, into: values.pointer, stride: rows.width)
            result.values.withUnsafeMutableBufferPointer { target in
                for r in 0..<block {
                    (target.baseAddress! + (first + r) * rows.count).update(from: values.pointer + r * rows.width, count: rows.count)
                }
            }
        }
        return result
    }
}

/// A pointer that parallel bodies write disjoint parts through.
struct UncheckedPointer: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<Double>?
    init(_ pointer: UnsafeMutablePointer<Double>?) { self.pointer = pointer }
}
