import CKernels

/// Precision in which kernels between rows are computed.
protocol KernelScalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {
    /// Columns into panels of 32: the rows of a matrix of `columns` × `inner`.
    static func packTransposed(_ rows: UnsafePointer<Self>, _ packed: UnsafeMutablePointer<Self>, _ inner: Int, _ columns: Int)
    /// `matsieve_kernel_pack_rows`.
    static func packRows(
        _ rows: UnsafePointer<Self>, _ count: Int, _ columns: Int, _ tiles: UnsafeMutablePointer<Self>,
        _ halfSquares: UnsafeMutablePointer<Self>)
    /// `matsieve_kernel_values`.
    static func kernelValues(
        _ form: Int32, _ variance: Double, adds: Bool, _ tiles: UnsafePointer<Self>, _ rowHalfSquares: UnsafePointer<Self>, _ rows: Int,
        _ panels: UnsafePointer<Self>, _ halfSquares: UnsafePointer<Self>, _ count: Int, _ columns: Int,
        _ values: UnsafeMutablePointer<Self>, _ stride: Int)
    /// `matsieve_weighted_lanes`.
    static func weightedLanes(
        _ values: UnsafePointer<Self>, _ stride: Int, _ rows: Int, _ count: Int, _ weights: UnsafePointer<Double>,
        _ lanes: UnsafeMutablePointer<Double>)
    /// `matsieve_row_squares`.
    static func rowSquares(
        _ values: UnsafePointer<Self>, _ stride: Int, _ rows: Int, _ factor: UnsafePointer<Self>, _ outputs: Int, _ depth: Int,
        isTriangular: Bool, _ tiles: UnsafeMutablePointer<Self>, _ lanes: UnsafeMutablePointer<Double>,
        _ sums: UnsafeMutablePointer<Double>)
}

extension Float: KernelScalar {
    static func packTransposed(_ rows: UnsafePointer<Float>, _ packed: UnsafeMutablePointer<Float>, _ inner: Int, _ columns: Int) {
        matsieve_sgemm_pack(rows, 1, inner, packed, inner, columns)
    }
    static func packRows(
        _ rows: UnsafePointer<Float>, _ count: Int, _ columns: Int, _ tiles: UnsafeMutablePointer<Float>,
        _ halfSquares: UnsafeMutablePointer<Float>
    ) { matsieve_kernel_pack_rows_float(rows, count, columns, tiles, halfSquares) }
    static func kernelValues(
        _ form: Int32, _ variance: Double, adds: Bool, _ tiles: UnsafePointer<Float>, _ rowHalfSquares: UnsafePointer<Float>, _ rows: Int,
        _ panels: UnsafePointer<Float>, _ halfSquares: UnsafePointer<Float>, _ count: Int, _ columns: Int,
        _ values: UnsafeMutablePointer<Float>, _ stride: Int
    ) {
        matsieve_kernel_values_float(
            form, Float(variance), adds ? 1 : 0, tiles, rowHalfSquares, rows, panels, halfSquares, count, columns, values, stride)
    }
    static func weightedLanes(
        _ values: UnsafePointer<Float>, _ stride: Int, _ rows: Int, _ count: Int, _ weights: UnsafePointer<Double>,
        _ lanes: UnsafeMutablePointer<Double>
    ) { matsieve_weighted_lanes_float(values, stride, rows, count, weights, lanes) }
    static func rowSquares(
        _ values: UnsafePointer<Float>, _ stride: Int, _ rows: Int, _ factor: UnsafePointer<Float>, _ outputs: Int, _ depth: Int,
        isTriangular: Bool, _ tiles: UnsafeMutablePointer<Float>, _ lanes: UnsafeMutablePointer<Double>,
        _ sums: UnsafeMutablePointer<Double>
    ) { matsieve_row_squares_float(values, stride, rows, factor, outputs, depth, isTriangular ? 1 : 0, tiles, lanes, sums) }
}

extension Double: KernelScalar {
    static func packTransposed(_ rows: UnsafePointer<Double>, _ packed: UnsafeMutablePointer<Double>, _ inner: Int, _ columns: Int) {
        matsieve_dgemm_pack(rows, 1, inner, packed, inner, columns)
    }
    static func packRows(
        _ rows: UnsafePointer<Double>, _ count: Int, _ columns: Int, _ tiles: UnsafeMutablePointer<Double>,
        _ halfSquares: UnsafeMutablePointer<Double>
    ) { matsieve_kernel_pack_rows_double(rows, count, columns, tiles, halfSquares) }
    static func kernelValues(
        _ form: Int32, _ variance: Double, adds: Bool, _ tiles: UnsafePointer<Double>, _ rowHalfSquares: UnsafePointer<Double>,
        _ rows: Int, _ panels: UnsafePointer<Double>, _ halfSquares: UnsafePointer<Double>, _ count: Int, _ columns: Int,
        _ values: UnsafeMutablePointer<Double>, _ stride: Int
    ) {
        matsieve_kernel_values_double(
            form, variance, adds ? 1 : 0, tiles, rowHalfSquares, rows, panels, halfSquares, count, columns, values, stride)
    }
    static func weightedLanes(
        _ values: UnsafePointer<Double>, _ stride: Int, _ rows: Int, _ count: Int, _ weights: UnsafePointer<Double>,
        _ lanes: UnsafeMutablePointer<Double>
    ) { matsieve_weighted_lanes_double(values, stride, rows, count, weights, lanes) }
    static func rowSquares(
        _ values: UnsafePointer<Double>, _ stride: Int, _ rows: Int, _ factor: UnsafePointer<Double>, _ outputs: Int, _ depth: Int,
        isTriangular: Bool, _ tiles: UnsafeMutablePointer<Double>, _ lanes: UnsafeMutablePointer<Double>,
        _ sums: UnsafeMutablePointer<Double>
    ) { matsieve_row_squares_double(values, stride, rows, factor, outputs, depth, isTriangular ? 1 : 0, tiles, lanes, sums) }
}
