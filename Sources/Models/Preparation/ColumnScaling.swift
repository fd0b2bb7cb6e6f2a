import MaterialsCore

/// Brings columns to mean 0 and standard deviation 1 of the training rows; missing values become the mean, constant columns go.
///
/// Rows count by their weights. A value outside [min - clip·range, max + clip·range] of the training rows is taken for the nearer
/// end: where a column hardly varied in training, a new row can lie millions of deviations away, and a linear model would follow.
struct ColumnScaling: Equatable, Sendable {
    /// Columns of the feature matrix.
    let sourceColumns: Int
    /// Columns that vary, ascending.
    let kept: [Int]
    /// Mean of each kept column.
    let means: [Double]
    /// 1 / standard deviation (divided by the count) of each kept column.
    let factors: [Double]
    /// Least standardised value of each kept column.
    let lows: [Double]
    /// Largest standardised value of each kept column.
    let highs: [Double]
    /// True where the square root of the column is taken first.
    let isRoot: [Bool]

    init(
        sourceColumns: Int, kept: [Int], means: [Double], factors: [Double], lows: [Double], highs: [Double], isRoot: [Bool]? = nil
    ) {
        (self.sourceColumns, self.kept, self.means, self.factors) = (sourceColumns, kept, means, factors)
        (self.lows, self.highs, self.isRoot) = (lows, highs, isRoot ?? [Bool](repeating: false, count: kept.count))
    }

    /// Measures the columns; values that are not finite are left out.
    /// - Throws: `MatSieveError.input` where a column's squares overflow.
    ///
    /// With `rootsOfFractions`, columns within 0…1 that are mostly 0, as fractions of elements are, become 4·√x instead: on one scale
    /// however rare the element is (Hellinger's distance).
    init(_ data: TrainingData, clip: Double = 1, rootsOfFractions: Bool = false) throws {
        var (kept, means, factors, lows, highs): ([Int], [Double], [Double], [Double], [Double]) = ([], [], [], [], [])
        var isRoot: [Bool] = []
        for column in 0..<data.features.columns {
            let c = ColumnMoments(data, column: column)
            guard c.isAnyFinite else { continue }
            guard c.deviation.isFinite else {
                throw MatSieveError.input(
                    "values of '\(data.featureNames[column])' are too large to be squared; rescale or leave it out")
            }
            // A deviation that rounding of the mean explains is none.
            guard c.deviation > c.mean.magnitude * 1e-13, c.deviation > 1e-150 else { continue }
            kept.append(column)
            isRoot.append(rootsOfFractions && c.low >= 0 && c.high <= 1 && data.features.isMostlyZero(column))
            if isRoot.last! {
                means.append(0)
                factors.append(4)
                lows.append(0)
                highs.append(4)
                continue
            }
            means.append(c.mean)
            factors.append(1 / c.deviation)
            let slack = clip * (c.high - c.low)
            lows.append((c.low - slack - c.mean) / c.deviation)
            highs.append((c.high + slack - c.mean) / c.deviation)
        }
        self.init(
            sourceColumns: data.features.columns, kept: kept, means: means, factors: factors, lows: lows, highs: highs, isRoot: isRoot)
    }

    /// The same columns, with all standardised values within ± `bound` too.
    func bounded(by bound: Double) -> ColumnScaling {
        ColumnScaling(
            sourceColumns: sourceColumns, kept: kept, means: means, factors: factors, lows: lows.map { max($0, -bound) },
            highs: highs.map { min($0, bound) }, isRoot: isRoot)
    }

    /// Only some of the kept columns, by their place among them.
    func selecting(_ places: [Int]) -> ColumnScaling {
        ColumnScaling(
            sourceColumns: sourceColumns, kept: places.map { kept[$0] }, means: places.map { means[$0] },
            factors: places.map { factors[$0] }, lows: places.map { lows[$0] }, highs: places.map { highs[$0] },
            isRoot: places.map { isRoot[$0] })
    }

    /// Rows × kept columns.
    func apply(_ features: FeatureMatrix, clipped: Bool = true) -> [Double] {
        precondition(features.columns == sourceColumns)
        var result = [Double](repeating: 0, count: features.rows * kept.count)
        for row in 0..<features.rows {
            let (source, target) = (row * sourceColumns, row * kept.count)
            for j in kept.indices {
                let value = features.values[source + kept[j]]
                guard value.isFinite else { continue }
                let z = ((isRoot[j] ? max(value, 0).squareRoot() : value) - means[j]) * factors[j]
                result[target + j] = clipped ? min(max(z, lows[j]), highs[j]) : z
            }
        }
        return result
    }
}

extension FeatureMatrix {
    /// Whether more than half of a column's rows are 0.
    fileprivate func isMostlyZero(_ column: Int) -> Bool { (0..<rows).count { self[$0, column] == 0 } * 2 > rows }
}

/// Weighted mean, deviation and ends of the finite values of a column.
private struct ColumnMoments {
    var isAnyFinite = false
    var (mean, deviation) = (0.0, 0.0)
    var (low, high) = (Double.infinity, -Double.infinity)

    init(_ data: TrainingData, column: Int) {
        let (values, columns) = (data.features.values, data.features.columns)
        var (sum, count) = (0.0, 0.0)
        for row in 0..<data.features.rows {
            let v = values[row * columns + column]
            guard v.isFinite else { continue }
            isAnyFinite = true
            sum += v * data.weight(row)
            count += data.weight(row)
            (low, high) = (min(low, v), max(high, v))
        }
        guard isAnyFinite else { return }
        mean = sum / count
        var squares = 0.0
        for row in 0..<data.features.rows {
            let v = values[row * columns + column]
            if v.isFinite { squares += (v - mean) * (v - mean) * data.weight(row) }
        }
        deviation = (squares / count).squareRoot()
    }
}
