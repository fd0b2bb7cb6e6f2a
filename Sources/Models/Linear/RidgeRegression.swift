import LinearAlgebra
import MaterialsCore

/// Ridge regression in the singular vectors of the standardised features, for any penalty at once.
///
///     w(α) = V · diag(s / (s² + α)) · Uᵀ(y - ȳ)
///
/// Weighted rows are rows that are multiplied by the roots of their weights; the weighted means of features and target are 0.
/// - Source: A. E. Hoerl, R. W. Kennard, Technometrics 12, 55 (1970), doi:10.1080/00401706.1970.10488634
struct RidgeRegression {
    let rows: Int
    let targetMean: Double
    /// Singular values above the rank's tolerance.
    let singularValues: [Double]
    /// Their right vectors: count × features.
    let rightTransposed: Matrix
    /// Uᵀ(y - ȳ).
    private let projections: [Double]
    /// Squares of y - ȳ outside the span of U.
    private let outside: Double

    /// - Parameter rowWeights: with a mean of 1; nil where all rows count the same.
    init(_ standardised: Matrix, targets: [Double], rowWeights: [Double]? = nil) throws {
        rows = standardised.rows
        let roots = rowWeights?.map { $0.squareRoot() }
        let mean = (rowWeights.map { zip(targets, $0).reduce(0) { $0 + $1.0 * $1.1 } } ?? targets.reduce(0, +)) / Double(targets.count)
        targetMean = mean
        let centred = targets.indices.map { (targets[$0] - mean) * (roots?[$0] ?? 1) }
        let svd = try SingularValues(roots.map { Self.scalingRows(of: standardised, by: $0) } ?? standardised)
        // Directions that only rounding spans.
        let tolerance = (svd.values.first ?? 0) * 1e-12
        let rank = svd.values.prefix { $0 > tolerance }.count
        singularValues = Array(svd.values.prefix(rank))
        rightTransposed = Matrix(
            rows: rank, columns: standardised.columns, values: Array(svd.rightTransposed.values.prefix(rank * standardised.columns)))
        let all = svd.left.transposedProduct(centred)
        projections = Array(all.prefix(rank))
        let kept = projections + [Double](repeating: 0, count: all.count - rank)
        let fitted = svd.left.product(kept)
        outside = zip(centred, fitted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }

    private static func scalingRows(of matrix: Matrix, by factors: [Double]) -> Matrix {
        var result = matrix
        for i in 0..<matrix.rows { for j in 0..<matrix.columns { result[i, j] *= factors[i] } }
        return result
    }

    /// Sum of squared residuals of the training rows.
    func residualSquares(_ alpha: Double) -> Double {
        var sum = outside
        for (s, d) in zip(singularValues, projections) {
            let r = alpha / (s * s + alpha) * d
            sum += r * r
        }
        return sum
    }

    /// Rows less the effective number of parameters (the intercept is one).
    func residualFreedom(_ alpha: Double) -> Double {
        singularValues.reduce(Double(rows - 1 - singularValues.count)) { $0 + alpha / ($1 * $1 + alpha) }
    }

    /// n · RSS / (n - df)².
    /// - Source: G. H. Golub, M. Heath, G. Wahba, Technometrics 21, 215 (1979), doi:10.1080/00401706.1979.10489751
    func generalisedCrossValidation(_ alpha: Double) -> Double {
        let freedom = residualFreedom(alpha)
        return Double(rows) * residualSquares(alpha) / (freedom * freedom)
    }

    /// The penalty of least generalised cross-validation.
    func bestAlpha() -> Double {
        guard let largest = singularValues.first else { return 1 }
        return logarithmicSearch(in: largest * largest * 1e-10...largest * largest * 1e2, points: 49, generalisedCrossValidation)
    }

    /// Weights of the standardised features.
    func weights(_ alpha: Double) -> [Double] {
        let scaled = zip(singularValues, projections).map { s, d in s * d / (s * s + alpha) }
        return rightTransposed.transposedProduct(scaled)
    }

    /// RSS / (n - df): variance of a single target about the mean.
    func noiseVariance(_ alpha: Double) -> Double {
        let freedom = residualFreedom(alpha)
        return freedom > 1e-9 ? residualSquares(alpha) / freedom : .nan
    }
}
