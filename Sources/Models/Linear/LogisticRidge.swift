import LinearAlgebra
import MaterialsCore

/// Logistic regression with a quadratic penalty on the weights, by Newton's method (iteratively reweighted least squares).
///
///     min  Σ v_i · log(1 + exp(-m_i)) + α/2 · |w|²,   m_i = ±(z_i·w + b)
///
/// Works in the scores `Z·V` of the singular vectors, which leave the penalty as it is and need no more than `rows` unknowns.
/// Several classes share them: each is told from the rest.
/// - Source: S. le Cessie, J. C. van Houwelingen, Appl. Stat. 41, 191 (1992), doi:10.2307/2347628
struct LogisticRidge {
    /// Rows × (rank + 1): scores and a column of ones for the intercept.
    private let design: Matrix
    private let rowWeights: [Double]
    /// One list of 0 and 1 a problem.
    private let targets: [[Double]]
    private let rightTransposed: Matrix
    /// Largest singular value squared.
    private let scale: Double

    /// A fitted point: coefficients of the scores, the intercept last.
    struct Point {
        var coefficients: [Double]
        var loss: Double
        /// Effective number of parameters.
        var freedom: Double
    }

    init(_ standardised: Matrix, targets: [[Double]], rowWeights: [Double]) throws {
        (self.targets, self.rowWeights) = (targets, rowWeights)
        let svd = try SingularValues(standardised)
        let rank = svd.values.prefix { $0 > (svd.values.first ?? 0) * 1e-12 }.count
        rightTransposed = Matrix(
            rows: rank, columns: standardised.columns, values: Array(svd.rightTransposed.values.prefix(rank * standardised.columns)))
        var design = Matrix(rows: standardised.rows, columns: rank + 1)
        for i in 0..<design.rows {
            for j in 0..<rank { design[i, j] = svd.left[i, j] * svd.values[j] }
            design[i, rank] = 1
        }
        self.design = design
        scale = (svd.values.first ?? 1) * (svd.values.first ?? 1)
    }

    /// Weights of the standardised features, and the intercept.
    func unpacked(_ point: Point) -> (weights: [Double], intercept: Double) {
        (rightTransposed.transposedProduct(Array(point.coefficients.dropLast())), point.coefficients.last!)
    }

    /// The penalty of least deviance + 2 · effective parameters, from the largest down, each fit starting at the last.
    func bestFit(isCancelled: () -> Bool) throws -> (alpha: Double, points: [Point]) {
        var best: (criterion: Double, alpha: Double, points: [Point])?
        var start: [Point]?
        let penalties = 16
        for i in 0..<penalties {
            if isCancelled() { throw MatSieveError.stopped("ridge: stopped during the choice of the penalty; start the fit again") }
            let alpha = scale * PortableMath.exp(-PortableMath.log(10) * Double(i) / 2)
            let points = try fit(alpha: alpha, start: start)
            let criterion = points.reduce(0) { $0 + 2 * $1.loss + 2 * $1.freedom }
            if criterion < best?.criterion ?? .infinity { best = (criterion, alpha, points) }
            start = points
        }
        guard let best else { throw MatSieveError.input("ridge: the logistic fit has no finite optimum; check the features") }
        return (best.alpha, best.points)
    }

    /// All problems with one penalty.
    func fit(alpha: Double, start: [Point]? = nil) throws -> [Point] {
        try targets.indices.map { try fit(targets[$0], alpha: alpha, start: start?[$0]) }
    }

    /// Newton steps, halved while the penalised loss grows.
    private func fit(_ targets: [Double], alpha: Double, start: Point?) throws -> Point {
        var c = start?.coefficients ?? [Double](repeating: 0, count: design.columns)
        var value = penalisedLoss(c, targets, alpha)
        for _ in 0..<100 {
            let (gradient, factor) = try system(c, targets, alpha)
            let step = try factor.solve(gradient)
            let decrement = zip(gradient, step).reduce(0) { $0 + $1.0 * $1.1 }
            if decrement <= 1e-14 * (1 + value) { break }
            var length = 1.0
            var next = c
            var nextValue = Double.infinity
            while length > 1e-10 {
                next = zip(c, step).map { $0 - length * $1 }
                nextValue = penalisedLoss(next, targets, alpha)
                if nextValue <= value { break }
                length /= 2
            }
            guard nextValue < value else { break }
            (c, value) = (next, nextValue)
        }
        let inverse = try system(c, targets, alpha).factor.solve(.identity(c.count))
        let penalised = (0..<c.count - 1).reduce(0) { $0 + inverse[$1, $1] }
        return Point(coefficients: c, loss: value - penalty(c, alpha), freedom: Double(c.count) - alpha * penalised)
    }

    private func penalty(_ c: [Double], _ alpha: Double) -> Double { alpha / 2 * c.dropLast().reduce(0) { $0 + $1 * $1 } }

    private func penalisedLoss(_ c: [Double], _ targets: [Double], _ alpha: Double) -> Double {
        let scores = design.product(c)
        var loss = 0.0
        for i in scores.indices {
            loss += rowWeights[i] * ClassProbabilities.logisticLoss(margin: targets[i] == 1 ? scores[i] : -scores[i])
        }
        return loss + penalty(c, alpha)
    }

    /// Gradient and factorised Hessian of the penalised loss.
    private func system(_ c: [Double], _ targets: [Double], _ alpha: Double) throws -> (gradient: [Double], factor: Cholesky) {
        let probabilities = design.product(c).map(ClassProbabilities.logistic)
        var gradient = design.transposedProduct(targets.indices.map { rowWeights[$0] * (probabilities[$0] - targets[$0]) })
        var weighted = design
        for i in 0..<design.rows {
            // Not 0 where a row is certain, so that the intercept stays defined.
            let root = (rowWeights[i] * max(probabilities[i] * (1 - probabilities[i]), 1e-12)).squareRoot()
            for j in 0..<design.columns { weighted[i, j] *= root }
        }
        var hessian = weighted.gram()
        for j in 0..<c.count - 1 {
            gradient[j] += alpha * c[j]
            hessian[j, j] += alpha
        }
        return (gradient, try Cholesky(hessian))
    }
}
