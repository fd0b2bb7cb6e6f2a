import LinearAlgebra
import MaterialsCore

/// Weights of training rows, and what explains variances: the part that exact and inducing fits share.
struct KernelPosterior {
    /// Outputs × rows.
    var weights: Matrix
    /// F of `KernelExpansion`; the first rows.
    var factor: Matrix?
    var isTriangular: Bool
    /// Prediction of each row without that row, outputs × rows, where asked for; with inducing points of the first rows only.
    var leftOut: Matrix?
    /// Variance of noise that was used.
    var noise: Double
}

/// Training rows, standardised and in random order, with their targets.
struct KernelProblem {
    let z: SharedBuffer<Double>
    let rows: Int
    let columns: Int
    /// One row an output.
    let targets: Matrix
    /// 1 / weight.
    let noiseFactors: [Double]
    let threads: Int
    let isCancelled: @Sendable () -> Bool
    let model: String

    func checkCancelled() throws {
        if isCancelled() { throw MatSieveError.stopped("\(model): stopped during the fit; start it again") }
    }
}

extension KernelPosterior {
    /// All rows: weights `(k(X, X) + σ² diag(1/w))⁻¹ y` by a Cholesky factorisation in the one matrix that there is.
    ///
    /// Left-out predictions are `y - weight / (K⁻¹)_ii`.
    /// - Cost:   rows³ / 3 operations (the same again for left-out predictions), 8 rows² bytes
    /// - Source: C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning (2006), algorithm 2.1, equation 5.12
    init(
        exactly problem: KernelProblem, _ covariance: Covariance, noise: Double, factorRows: Int, wantsLeftOut: Bool
    ) throws {
        let n = problem.rows
        let kernels = KernelMatrix(covariance, problem.z, count: n, columns: problem.columns)
        var k = Matrix(rows: n, columns: n)
        var jitter = MarginalLikelihood.jitter * covariance.variance
        while true {
            try problem.checkCancelled()
            kernels.fillLowerTriangle(of: &k, threads: problem.threads)
            for i in 0..<n { k[i, i] += noise * problem.noiseFactors[i] + jitter }
            try problem.checkCancelled()
            do {
                try k.factorizeCholesky()
                break
            } catch  where jitter < 1e-3 * covariance.variance { jitter *= 100 }
        }
        weights = problem.targets
        k.solveCholesky(&weights)
        (isTriangular, self.noise, factor, leftOut) = (true, noise, nil, nil)
        if factorRows > 0 { factor = Self.invertedCorner(k, min(factorRows, n)) }
        guard wantsLeftOut else { return }
        try problem.checkCancelled()
        k.invertLowerTriangle()
        var diagonal = [Double](repeating: 0, count: n)
        for i in 0..<n { for j in 0...i { diagonal[j] += k.values[i * n + j] * k.values[i * n + j] } }
        var left = problem.targets
        for o in 0..<left.rows { for i in 0..<n { left[o, i] -= weights[o, i] / diagonal[i] } }
        leftOut = left
    }

    /// L⁻¹ of the first rows: L's corner is the factor of the corner.
    private static func invertedCorner(_ lower: Matrix, _ size: Int) -> Matrix {
        var corner = Matrix(rows: size, columns: size)
        for i in 0..<size { for j in 0...i { corner.values[i * size + j] = lower.values[i * lower.columns + j] } }
        corner.invertLowerTriangle()
        return corner
    }
}
