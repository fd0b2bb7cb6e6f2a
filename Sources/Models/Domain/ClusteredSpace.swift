import LinearAlgebra
import MaterialsCore

/// Training rows as clusters in the space of their principal directions.
struct ClusteredSpace: Equatable, Sendable {
    let standardization: FeatureStandardization
    /// Columns × `width`: directions, then zeros.
    let directions: [Double]
    let directionCount: Int
    /// Clusters × directions.
    let centers: [Double]
    /// 1 / r² of each cluster.
    let scales: [Double]
    /// 1 / s² of what the directions leave out; 0 where they leave out nothing.
    let restScale: Double
    private let nearest: NearestCenters

    static let (mostDirections, mostClusters, width) = (16, 64, 16)
    private static let block = 96

    /// Measures rows.
    init(_ features: FeatureMatrix, without: Set<Int>, seed: UInt64) throws {
        standardization = FeatureStandardization(features, without: without)
        let z = Matrix(rows: features.rows, columns: features.columns, values: standardization.apply(features))
        let found = try PrincipalDirections.find(z, most: Self.mostDirections, seed: seed)
        directionCount = found.columns
        directions = Self.padded(found)
        let (wide, rest) = Self.project(z.values, rows: z.rows, directions)
        let points = (0..<z.rows).flatMap { [directionCount] in wide[$0 * Self.width..<$0 * Self.width + directionCount] }
        let clusters = KMeans(points, rows: z.rows, count: max(1, min(Self.mostClusters, z.rows / 20)), seed: seed, iterations: 25)
        (centers, scales) = Self.measure(clusters, points, columns: directionCount)
        let mean = rest.reduce(0, +) / Double(max(rest.count, 1))
        restScale = mean > 1e-9 * Double(max(z.columns, 1)) ? 1 / mean : 0
        nearest = NearestCenters(centers, count: scales.count, columns: directionCount, stride: Self.width)
    }

    init(
        standardization: FeatureStandardization, directions: [Double], directionCount: Int, centers: [Double], scales: [Double],
        restScale: Double
    ) {
        (self.standardization, self.directions, self.directionCount) = (standardization, directions, directionCount)
        (self.centers, self.scales, self.restScale) = (centers, scales, restScale)
        nearest = NearestCenters(centers, count: scales.count, columns: directionCount, stride: Self.width)
    }

    /// Directions as columns, filled up with zeros to `width`.
    private static func padded(_ matrix: Matrix) -> [Double] {
        var result = [Double](repeating: 0, count: matrix.rows * width)
        for i in 0..<matrix.rows { for j in 0..<matrix.columns { result[i * width + j] = matrix[i, j] } }
        return result
    }

    /// Rows × `width` projections, and the square of what they leave out of each row.
    private static func project(_ z: [Double], rows: Int, _ directions: [Double]) -> (points: [Double], rest: [Double]) {
        let inner = directions.count / width
        var points = [Double](repeating: 0, count: rows * width)
        var span = points.mutableSpan
        rowInvariantProduct(z.span, directions.span, into: &span, rows: rows, inner: inner, columns: width)
        let rest = (0..<rows).map { row in
            max(squareSum(z, row * inner..<(row + 1) * inner) - squareSum(points, row * width..<(row + 1) * width), 0)
        }
        return (points, rest)
    }

    /// In eight sums, element i in sum i mod 8, so that an addition need not wait for the last.
    private static func squareSum(_ values: [Double], _ range: Range<Int>) -> Double {
        // Bounds checks would keep the loop from running in vectors.
        values.withUnsafeBufferPointer { v in
            var sums = SIMD8<Double>.zero
            var i = range.lowerBound
            while i + 8 <= range.upperBound {
                let lanes = UnsafeRawPointer(v.baseAddress! + i).loadUnaligned(as: SIMD8<Double>.self)
                sums += lanes * lanes
                i += 8
            }
            var total = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]))
            while i < range.upperBound {
                total += v[i] * v[i]
                i += 1
            }
            return total
        }
    }

    /// Centers of the clusters that have members, and 1 / r²; a radius is at least half of the one of all clusters together.
    private static func measure(_ clusters: KMeans, _ points: [Double], columns: Int) -> (centers: [Double], scales: [Double]) {
        var (sums, sizes) = ([Double](repeating: 0, count: clusters.count), [Double](repeating: 0, count: clusters.count))
        for (row, k) in clusters.labels.enumerated() {
            sizes[k] += 1
            for c in 0..<columns {
                let d = points[row * columns + c] - clusters.centers[k * columns + c]
                sums[k] += d * d
            }
        }
        let all = sums.reduce(0, +) / max(sizes.reduce(0, +), 1)
        let filled = sizes.indices.filter { sizes[$0] > 0 }
        let floor = max(0.25 * all, 1e-12)
        return (
            filled.flatMap { clusters.centers[$0 * columns..<($0 + 1) * columns] }, filled.map { 1 / max(sums[$0] / sizes[$0], floor) }
        )
    }

    /// Distance of each row, by blocks that stay in the cache.
    func distances(_ features: FeatureMatrix) -> [Double] {
        var result: [Double] = []
        result.reserveCapacity(features.rows)
        for first in stride(from: 0, to: features.rows, by: Self.block) {
            let rows = min(Self.block, features.rows - first)
            let z = standardization.apply(features, rows: first..<first + rows)
            let (points, rest) = Self.project(z, rows: rows, directions)
            let squares = nearest.scaledSquares(points, rows: rows, scales: scales)
            for row in 0..<rows { result.append((squares[row] + rest[row] * restScale).squareRoot()) }
        }
        return result
    }
}

/// Directions in which rows differ most.
enum PrincipalDirections {
    /// Columns are the directions of largest variance of rows at mean 0, at most `most`, without those that rounding explains.
    ///
    /// Of more than 256 columns and rows, 256 seeded rows stand for all: their products take the place of the columns' products.
    static func find(_ z: Matrix, most: Int, seed: UInt64) throws -> Matrix {
        guard z.rows > 1, z.columns > 0 else { return Matrix(rows: z.columns, columns: 0) }
        if z.columns <= 256 { return leading(try PortableSymmetricEigen(products(z), vectors: true), most) { $0 } }
        var random = SplitMix64(seed: seed ^ 0x70_63_61)
        let chosen = random.permutation(z.rows).prefix(256).sorted()
        let rows = Matrix(
            rows: chosen.count, columns: z.columns, values: chosen.flatMap { z.values[$0 * z.columns..<($0 + 1) * z.columns] })
        return leading(try PortableSymmetricEigen(rows.rowInvariantProduct(rows.transposed), vectors: true), most) {
            rows.transposed.rowInvariantProduct($0)
        }
    }

    /// Zᵀ·Z by the row-invariant kernel: the same bits on every machine.
    private static func products(_ z: Matrix) -> Matrix {
        var product = z.transposed.rowInvariantProduct(z)
        for i in 0..<product.rows { for j in 0..<i { product[i, j] = product[j, i] } }
        return product
    }

    private static func leading(_ eigen: PortableSymmetricEigen, _ most: Int, _ toColumns: (Matrix) -> Matrix) -> Matrix {
        let n = eigen.values.count
        let largest = eigen.values.last ?? 0
        let chosen = (0..<n).reversed().prefix(most).filter { largest > 0 && eigen.values[$0] > 1e-10 * largest }
        var vectors = Matrix(rows: n, columns: chosen.count)
        for (j, source) in chosen.enumerated() { for i in 0..<n { vectors[i, j] = eigen.vectors[i, source] } }
        var result = toColumns(vectors)
        for j in 0..<result.columns {
            let norm = (0..<result.rows).reduce(0) { $0 + result[$1, j] * result[$1, j] }.squareRoot()
            for i in 0..<result.rows { result[i, j] /= norm }
        }
        return result
    }
}
