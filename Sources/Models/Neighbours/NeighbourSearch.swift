import LinearAlgebra
import MaterialsCore

/// The nearest of some rows to each of others, exactly: candidates by float products, then distances in double.
///
/// - Numerics: |a|² + |b|² - 2·a·b in float32 is off by at most 2·(inner + 4)·2⁻²⁴·(|a|² + |b|²) here; every row that may be among the
///   nearest by this bound has its distance worked out in double, in column order. Ties go to the lower row.
struct NeighbourSearch: Sendable {
    /// Rows × width.
    let rows: [Double]
    let count: Int
    let width: Int
    private let packed: PackedFloatMatrix
    private let squares: [Float]
    private let largestSquare: Float

    /// A found row.
    struct Neighbour {
        var row: Int
        var squaredDistance: Double
    }

    init(rows: [Double], count: Int, width: Int) {
        (self.rows, self.count, self.width) = (rows, count, width)
        let floats = rows.map { Float($0) }
        packed = PackedFloatMatrix(transposing: floats.span, rows: width, columns: count)
        squares = (0..<count).map { i in floats[i * width..<(i + 1) * width].reduce(0) { $0 + $1 * $1 } }
        largestSquare = squares.max() ?? 0
    }

    /// The nearest `k` rows to each of `queries` (rows × width), the nearest first; `body` gets the query and its neighbours.
    /// - Parameter excluding: the row of the search that each query is, and does not find
    func forEach(
        _ queries: [Double], count queryCount: Int, nearest k: Int, excluding excluded: [Int]? = nil, _ body: (Int, [Neighbour]) -> Void
    ) {
        let block = 64
        var products = [Float](repeating: 0, count: block * count)
        for start in stride(from: 0, to: queryCount, by: block) {
            let n = min(block, queryCount - start)
            let part = queries[start * width..<(start + n) * width].map { Float($0) }
            if n < block { products = [Float](repeating: 0, count: n * count) }
            var span = products.mutableSpan
            rowInvariantProduct(part.span, packed, into: &span, rows: n)
            for i in 0..<n {
                let own = excluded?[start + i]
                let square = part[i * width..<(i + 1) * width].reduce(0) { $0 + $1 * $1 }
                let candidates = candidates(products, i, square, k, own)
                body(start + i, nearest(candidates, queries, start + i, k))
            }
        }
    }

    /// Rows that may be among the nearest `k`, ascending.
    private func candidates(_ products: [Float], _ query: Int, _ square: Float, _ k: Int, _ own: Int?) -> [Int] {
        let slack = 2 * Float(width + 8) * 0x1p-24 * (square + largestSquare)
        let limit = smallest(products, query, k, own) + 2 * slack
        var found: [Int] = []
        products.withUnsafeBufferPointer { p in
            squares.withUnsafeBufferPointer { s in
                for j in 0..<count where s[j] - 2 * p[query * count + j] <= limit && j != own { found.append(j) }
            }
        }
        return found
    }

    /// The `k`-th smallest of |b|² - 2·a·b, which orders the rows as their distances do.
    private func smallest(_ products: [Float], _ query: Int, _ k: Int, _ own: Int?) -> Float {
        // A heap with the largest of the smallest on top.
        var heap: [Float] = []
        heap.reserveCapacity(k)
        products.withUnsafeBufferPointer { p in
            squares.withUnsafeBufferPointer { s in
                for j in 0..<count where j != own {
                    let value = s[j] - 2 * p[query * count + j]
                    if heap.count < k {
                        heap.append(value)
                        if heap.count == k { heap.sort(by: >) }
                    } else if value < heap[0] {
                        Self.replaceTop(&heap, value)
                    }
                }
            }
        }
        return heap.count < k ? .infinity : heap[0]
    }

    private static func replaceTop(_ heap: inout [Float], _ value: Float) {
        var place = 0
        while true {
            var child = 2 * place + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1] > heap[child] { child += 1 }
            guard heap[child] > value else { break }
            heap[place] = heap[child]
            place = child
        }
        heap[place] = value
    }

    private func nearest(_ candidates: [Int], _ queries: [Double], _ query: Int, _ k: Int) -> [Neighbour] {
        var found = candidates.map { row in
            var sum = 0.0
            for j in 0..<width {
                let d = queries[query * width + j] - rows[row * width + j]
                sum += d * d
            }
            return Neighbour(row: row, squaredDistance: sum)
        }
        found.sort { $0.squaredDistance != $1.squaredDistance ? $0.squaredDistance < $1.squaredDistance : $0.row < $1.row }
        return Array(found.prefix(k))
    }
}
