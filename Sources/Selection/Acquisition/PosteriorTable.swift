import MaterialsCore

/// What a posterior says of rows that stay in memory, kept up to date as measurements come in.
///
///     c(x) = cov(x, x'),   v = var(x') + noise,   mean += c (y - mean(x')) / v,   variance -= c² / v
///
/// - Cost: a measurement takes one covariance a row, where asking the posterior anew takes one a row and measurement
public struct PosteriorTable: Sendable {
    /// Standardised rows.
    public let rows: FeatureMatrix
    /// Mean and variance of each row.
    public private(set) var values: PosteriorValues

    /// Asks a posterior about all rows.
    public init(_ rows: FeatureMatrix, _ posterior: any PosteriorModel) {
        self.rows = rows
        values = posterior.values(at: rows)
    }

    /// Takes in the value of one of the rows; `posterior` does not know it yet.
    public mutating func learn(_ place: Int, value: Double, _ posterior: any PosteriorModel) throws {
        let covariances = try posterior.covariances(of: rows, with: rows.selecting([place]))
        let variance = max(values.variance[place], 0) + posterior.noiseVariance
        guard variance > 0 else { return }
        let change = (value - values.mean[place]) / variance
        for r in 0..<rows.rows {
            let c = covariances.values[r]
            values.mean[r] += c * change
            values.variance[r] = max(values.variance[r] - c * c / variance, 0)
        }
    }
}
