import LinearAlgebra

/// Squared distances from points to centers by a matrix product: |p|² - 2·p·m + |m|².
///
/// - Numerics: each distance has the same bits whatever the other points; exact to rounding of |p|²
struct NearestCenters: Equatable, Sendable {
    private let count: Int
    /// Values of a point.
    private let stride: Int
    private let width: Int
    /// Stride × width: -2 × the centers, transposed, filled up to whole lanes.
    private let matrix: [Double]
    /// Square of each center; infinity for filler.
    private let squares: [Double]

    private static let block = 512

    /// - Parameters:
    ///   - centers: count × columns
    ///   - stride: values of a point, those past `columns` zeros; nil where there are none
    init(_ centers: [Double], count: Int, columns: Int, stride: Int? = nil) {
        (self.count, self.stride) = (count, stride ?? columns)
        width = (count + 7) / 8 * 8
        var matrix = [Double](repeating: 0, count: self.stride * width)
        var squares = [Double](repeating: .infinity, count: width)
        for k in 0..<count {
            squares[k] = 0
            for c in 0..<columns {
                let v = centers[k * columns + c]
                matrix[c * width + k] = -2 * v
                squares[k] += v * v
            }
        }
        (self.matrix, self.squares) = (matrix, squares)
    }

    /// Nearest center of each point, the first of equally near ones.
    func labels(_ points: [Double], rows: Int) -> [Int] {
        var labels = [Int](repeating: 0, count: rows)
        visit(points, rows: rows) { row, products in
            var best = 0
            for k in 1..<max(count, 1) where products[k] + squares[k] < products[best] + squares[best] { best = k }
            labels[row] = best
        }
        return labels
    }

    /// Least of squared distance × scale over the centers, for each point; infinity without centers.
    func scaledSquares(_ points: [Double], rows: Int, scales: [Double]) -> [Double] {
        var result = [Double](repeating: .infinity, count: rows)
        visit(points, rows: rows) { row, products in
            var square = 0.0
            for c in 0..<stride { square += points[row * stride + c] * points[row * stride + c] }
            var least = Double.infinity
            for k in 0..<count {
                let scaled = ((square + products[k]) + squares[k]) * scales[k]
                least = scaled < least ? scaled : least
            }
            result[row] = least > 0 ? least : 0
        }
        return result
    }

    /// Lends the products of each point with all centers.
    @inline(__always)
    private func visit(_ points: [Double], rows: Int, _ body: (Int, Span<Double>) -> Void) {
        for first in Swift.stride(from: 0, to: rows, by: Self.block) {
            let size = min(Self.block, rows - first)
            var products = [Double](repeating: 0, count: size * width)
            var span = products.mutableSpan
            rowInvariantProduct(
                points.span.extracting(first * stride..<(first + size) * stride), matrix.span, into: &span, rows: size, inner: stride,
                columns: width)
            for row in 0..<size { body(first + row, products.span.extracting(row * width..<row * width + count)) }
        }
    }
}
