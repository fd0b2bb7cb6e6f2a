import MaterialsCore

/// Columns at mean 0 and standard deviation 1 of the rows it was made from, for distances between materials.
///
/// Missing values become 0, infinite and far ones ±1,000; so do columns that do not vary, or whose squares overflow: all 0.
struct FeatureStandardization: Equatable, Sendable {
    /// Mean of each column.
    let means: [Double]
    /// 1 / standard deviation of each column; 0 where it is left out.
    let factors: [Double]

    static let limit = 1_000.0

    init(means: [Double], factors: [Double]) { (self.means, self.factors) = (means, factors) }

    /// Columns of the feature matrix.
    var columns: Int { means.count }

    /// Measures the columns, but for those in `without`; values that are not finite are left out.
    init(_ features: FeatureMatrix, without: Set<Int> = []) {
        let width = features.columns
        var (counts, means) = ([Double](repeating: 0, count: width), [Double](repeating: 0, count: width))
        var squares = means
        Self.visit(features) { column, value in
            counts[column] += 1
            means[column] += value
        }
        for c in 0..<width { means[c] = (means[c] / max(counts[c], 1)).finiteOrZero }
        Self.visit(features) { column, value in squares[column] += (value - means[column]) * (value - means[column]) }
        factors = (0..<width).map { c in
            let deviation = (squares[c] / max(counts[c], 1)).squareRoot()
            // A deviation that rounding of the mean explains is none.
            let varies = deviation.isFinite && deviation > max(means[c].magnitude * 1e-13, 1e-150)
            return varies && !without.contains(c) ? 1 / deviation : 0
        }
        self.means = means
    }

    private static func visit(_ features: FeatureMatrix, _ body: (Int, Double) -> Void) {
        for row in 0..<features.rows {
            let start = row * features.columns
            for column in 0..<features.columns where features.values[start + column].isFinite {
                body(column, features.values[start + column])
            }
        }
    }

    /// Rows × columns.
    func apply(_ features: FeatureMatrix) -> [Double] { apply(features, rows: 0..<features.rows) }

    /// Some rows × columns.
    func apply(_ features: FeatureMatrix, rows: Range<Int>) -> [Double] {
        precondition(features.columns == columns && rows.upperBound <= features.rows)
        let (width, first) = (columns, rows.lowerBound)
        // Bounds checks would keep the loop from running in vectors.
        return [Double](unsafeUninitializedCapacity: rows.count * width) { result, count in
            features.values.withUnsafeBufferPointer { values in
                means.withUnsafeBufferPointer { means in
                    factors.withUnsafeBufferPointer { factors in
                        for row in rows {
                            let (source, target) = (row * width, (row - first) * width)
                            for c in 0..<width { result[target + c] = Self.standardized(values[source + c], means[c], factors[c]) }
                        }
                    }
                }
            }
            count = rows.count * width
        }
    }

    @inline(__always)
    private static func standardized(_ value: Double, _ mean: Double, _ factor: Double) -> Double {
        let z = (value - mean) * factor
        let above = z > -limit ? z : -limit
        let inside = above < limit ? above : limit
        // NaN is not equal to itself; an infinity times the factor of a column that is left out is NaN too.
        return z == z ? inside : 0
    }
}

extension Double {
    fileprivate var finiteOrZero: Double { isFinite ? self : 0 }
}
