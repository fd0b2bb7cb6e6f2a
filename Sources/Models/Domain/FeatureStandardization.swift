import MaterialsCore

/// Columns at mean 0 and standard deviation 1 of the rows it was made from, for distances between materials.
///
/// Missing values become 0, infinite and far ones ±1,000; columns that do not vary, or whose squares overflow, are left out.
struct FeatureStandardization: Equatable, Sendable {
    /// Columns of the feature matrix.
    let sourceColumns: Int
    /// Columns that vary, ascending.
    let kept: [Int]
    /// Mean of each kept column.
    let means: [Double]
    /// 1 / standard deviation of each kept column.
    let factors: [Double]

    static let limit = 1_000.0

    init(sourceColumns: Int, kept: [Int], means: [Double], factors: [Double]) {
        (self.sourceColumns, self.kept, self.means, self.factors) = (sourceColumns, kept, means, factors)
    }

    /// Measures the columns, but for those in `without`; values that are not finite are left out.
    init(_ features: FeatureMatrix, without: Set<Int> = []) {
        let width = features.columns
        var (counts, means) = ([Double](repeating: 0, count: width), [Double](repeating: 0, count: width))
        var squares = means
        Self.visit(features) { column, value in
            counts[column] += 1
            means[column] += value
        }
        for c in 0..<width { means[c] /= max(counts[c], 1) }
        Self.visit(features) { column, value in squares[column] += (value - means[column]) * (value - means[column]) }
        let deviations = (0..<width).map { (squares[$0] / max(counts[$0], 1)).squareRoot() }
        // A deviation that rounding of the mean explains is none.
        let kept = (0..<width).filter {
            !without.contains($0) && deviations[$0].isFinite && deviations[$0] > max(means[$0].magnitude * 1e-13, 1e-150)
        }
        self.init(sourceColumns: width, kept: kept, means: kept.map { means[$0] }, factors: kept.map { 1 / deviations[$0] })
    }

    private static func visit(_ features: FeatureMatrix, _ body: (Int, Double) -> Void) {
        for row in 0..<features.rows {
            let start = row * features.columns
            for column in 0..<features.columns where features.values[start + column].isFinite {
                body(column, features.values[start + column])
            }
        }
    }

    /// Rows × kept columns.
    func apply(_ features: FeatureMatrix) -> [Double] {
        var result = [Double](repeating: 0, count: features.rows * kept.count)
        var span = result.mutableSpan
        apply(features.values.span, rows: 0..<features.rows, into: &span)
        return result
    }

    /// Writes rows × kept columns of some rows.
    func apply(_ values: Span<Double>, rows: Range<Int>, into result: inout MutableSpan<Double>) {
        precondition(values.count >= rows.upperBound * sourceColumns && result.count >= rows.count * kept.count)
        let (kept, means, factors) = (kept.span, means.span, factors.span)
        for (i, row) in rows.enumerated() {
            let (source, target) = (row * sourceColumns, i * kept.count)
            for j in 0..<kept.count {
                let z = (values[source + kept[j]] - means[j]) * factors[j]
                // Comparisons with NaN are false.
                let low = z > -Self.limit ? z : -Self.limit
                let high = low < Self.limit ? low : Self.limit
                result[target + j] = z == z ? high : 0
            }
        }
    }
}
