import CKernels

/// The right-hand side of row-invariant products in single precision, packed once for many products.
///
/// - Cost: as many values as the matrix, its columns filled up to a multiple of 32
public struct PackedFloatMatrix: Sendable {
    /// Count of rows: the inner index of a product.
    public let rows: Int
    /// Count of columns.
    public let columns: Int
    /// Panels of 32 columns, each rows × 32.
    public let panels: [Float]

    /// Packs a row-major matrix.
    public init(_ values: Span<Float>, rows: Int, columns: Int) {
        self.init(values, rows, columns, rowStride: columns, columnStride: 1)
    }

    /// Packs the transpose of a row-major matrix of `columns` × `rows`: its rows, such as training rows, become the columns.
    public init(transposing values: Span<Float>, rows: Int, columns: Int) {
        self.init(values, rows, columns, rowStride: 1, columnStride: rows)
    }

    private init(_ values: Span<Float>, _ rows: Int, _ columns: Int, rowStride: Int, columnStride: Int) {
        precondition(values.count == rows * columns)
        (self.rows, self.columns) = (rows, columns)
        var packed = [Float](repeating: 0, count: matsieve_packed_count(rows, columns))
        // The kernel is C.
        values.withUnsafeBufferPointer { b in
            if let start = b.baseAddress { matsieve_sgemm_pack(start, rowStride, columnStride, &packed, rows, columns) }
        }
        panels = packed
    }
}

/// The right-hand side of row-invariant products in double precision, packed once for many products.
///
/// - Cost: as many values as the matrix, its columns filled up to a multiple of 32
public struct PackedMatrix: Sendable {
    /// Count of rows: the inner index of a product.
    public let rows: Int
    /// Count of columns.
    public let columns: Int
    /// Panels of 32 columns, each rows × 32.
    public let panels: [Double]

    /// Packs a row-major matrix.
    public init(_ values: Span<Double>, rows: Int, columns: Int) {
        self.init(values, rows, columns, rowStride: columns, columnStride: 1)
    }

    /// Packs the transpose of a row-major matrix of `columns` × `rows`: its rows, such as training rows, become the columns.
    public init(transposing values: Span<Double>, rows: Int, columns: Int) {
        self.init(values, rows, columns, rowStride: 1, columnStride: rows)
    }

    private init(_ values: Span<Double>, _ rows: Int, _ columns: Int, rowStride: Int, columnStride: Int) {
        precondition(values.count == rows * columns)
        (self.rows, self.columns) = (rows, columns)
        var packed = [Double](repeating: 0, count: matsieve_packed_count(rows, columns))
        // The kernel is C.
        values.withUnsafeBufferPointer { b in
            if let start = b.baseAddress { matsieve_dgemm_pack(start, rowStride, columnStride, &packed, rows, columns) }
        }
        panels = packed
    }
}

/// `a · b` in single precision with sums in ascending order of the inner index, without contraction.
///
/// A row of the result has the bits of the naive loop, whatever the CPU, the number of rows and the row's place among them.
///
/// - Parameters:
///   - a: rows × `b.rows`, row-major
///   - result: rows × `b.columns`, row-major
public func rowInvariantProduct(_ a: Span<Float>, _ b: PackedFloatMatrix, into result: inout MutableSpan<Float>, rows: Int) {
    precondition(a.count == rows * b.rows && result.count == rows * b.columns)
    guard rows > 0, b.columns > 0 else { return }
    // The kernel is C.
    a.withUnsafeBufferPointer { left in
        result.withUnsafeMutableBufferPointer { c in
            b.panels.withUnsafeBufferPointer { panels in
                matsieve_sgemm(left.baseAddress, b.rows, panels.baseAddress, c.baseAddress, b.columns, rows, b.rows, b.columns)
            }
        }
    }
}

/// The same in double precision: for large products about 1.5 times as fast as the one that packs nothing.
public func rowInvariantProduct(_ a: Span<Double>, _ b: PackedMatrix, into result: inout MutableSpan<Double>, rows: Int) {
    precondition(a.count == rows * b.rows && result.count == rows * b.columns)
    guard rows > 0, b.columns > 0 else { return }
    // The kernel is C.
    a.withUnsafeBufferPointer { left in
        result.withUnsafeMutableBufferPointer { c in
            b.panels.withUnsafeBufferPointer { panels in
                matsieve_dgemm(left.baseAddress, b.rows, panels.baseAddress, c.baseAddress, b.columns, rows, b.rows, b.columns)
            }
        }
    }
}
