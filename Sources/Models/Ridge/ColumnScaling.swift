import MaterialsCore

/// Brings columns to mean 0 and standard deviation 1 of the training rows; missing values become the mean, constant columns go.
struct ColumnScaling: Equatable, Sendable {
    /// Columns of the feature matrix.
    let sourceColumns: Int
    /// Columns that vary, ascending.
    let kept: [Int]
    /// Mean of each kept column.
    let means: [Double]
    /// 1 / standard deviation (divided by the count) of each kept column.
    let factors: [Double]

    init(sourceColumns: Int, kept: [Int], means: [Double], factors: [Double]) {
        (self.sourceColumns, self.kept, self.means, self.factors) = (sourceColumns, kept, means, factors)
    }

    /// Measures the columns; values that are not finite are left out.
    /// - Throws: `MatSieveError.input` where a column's squares overflow.
    init(_ data: TrainingData) throws {
        var (kept, means, factors): ([Int], [Double], [Double]) = ([], [], [])
        for column in 0..<data.features.columns {
            let values = data.features.column(column).filter(\.isFinite)
            guard !values.isEmpty else { continue }
            let mean = values.reduce(0, +) / Double(values.count)
            let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
            guard deviation.isFinite else {
                throw MatSieveError.input(
                    "values of '\(data.featureNames[column])' are too large to be squared; rescale or leave it out")
            }
            // A deviation that rounding of the mean explains is none.
            guard deviation > mean.magnitude * 1e-13, deviation > 1e-150 else { continue }
            kept.append(column)
            means.append(mean)
            factors.append(1 / deviation)
        }
        self.init(sourceColumns: data.features.columns, kept: kept, means: means, factors: factors)
    }

    /// Rows × kept columns.
    func apply(_ features: FeatureMatrix) -> [Double] {
        precondition(features.columns == sourceColumns)
        var result = [Double](repeating: 0, count: features.rows * kept.count)
        for row in 0..<features.rows {
            let (source, target) = (row * sourceColumns, row * kept.count)
            for j in kept.indices {
                let value = features.values[source + kept[j]]
                result[target + j] = value.isFinite ? (value - means[j]) * factors[j] : 0
            }
        }
        return result
    }
}
