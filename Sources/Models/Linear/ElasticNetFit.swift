import LinearAlgebra
import MaterialsCore

/// Coefficients of one penalty: one row a score.
struct ElasticNetPoint: Sendable {
    var coefficients: [[Double]]
    var intercepts: [Double]
}

/// The path of fits from a large penalty to a small one, each starting at the last; only columns that may leave 0 are swept.
///
///     min  1/(2n) Σ w_i·(y_i - b - z_i·c)² + α·(ratio·|c|₁ + (1 - ratio)/2·|c|²)     (classes: minus the mean log likelihood)
///
/// - Source: J. Friedman, T. Hastie, R. Tibshirani, J. Stat. Softw. 33, 1 (2010), doi:10.18637/jss.v033.i01; the columns swept:
///   R. Tibshirani et al., J. R. Stat. Soc. B 74, 245 (2012), doi:10.1111/j.1467-9868.2011.01004.x (strong rule, violations mended).
struct ElasticNetFit {
    /// Columns × rows, standardised.
    private let design: Matrix
    private let rowWeights: [Double]
    private let targets: [Double]
    private let classCount: Int
    let encoding: FeatureEncoding
    /// Only for a regression with more rows than columns.
    private let gram: Matrix?
    private let mean: Double

    init(_ data: TrainingData, clip: Double) throws {
        encoding = try FeatureEncoding(data, clip: clip)
        rowWeights = data.targets.indices.map(data.weight)
        (targets, classCount) = (data.targets, data.classCount)
        let z = Matrix(rows: data.features.rows, columns: encoding.columns, values: encoding.apply(data.features))
        design = z.transposed
        mean = zip(targets, rowWeights).reduce(0) { $0 + $1.0 * $1.1 } / Double(targets.count)
        gram = classCount == 0 && z.rows > z.columns && z.columns <= 4_096 ? Self.gram(z, rowWeights) : nil
        OpenBLAS.prepare()
    }

    private static func gram(_ z: Matrix, _ weights: [Double]) -> Matrix {
        var scaled = z
        for i in 0..<z.rows { for j in 0..<z.columns { scaled[i, j] *= weights[i].squareRoot() } }
        var gram = scaled.gram()
        for i in gram.values.indices { gram.values[i] /= Double(z.rows) }
        return gram
    }

    private var scores: Int { classCount > 2 ? classCount : 1 }
    private var rows: Int { targets.count }

    /// Minus the derivatives of the mean loss by all coefficients, where `residuals` are weight times (target - prediction).
    private func pulls(_ residuals: [Double]) -> [Double] { design.product(residuals).map { $0 / Double(rows) } }

    /// The point without features: the mean, or the logarithms of the shares.
    private func start() -> ElasticNetPoint {
        var point = ElasticNetPoint(
            coefficients: [[Double]](repeating: [Double](repeating: 0, count: design.rows), count: scores), intercepts: [mean])
        if classCount == 2 {
            let p = min(max(mean, 1e-6), 1 - 1e-6)
            point.intercepts = [PortableMath.log(p / (1 - p))]
        } else if classCount > 2 {
            var shares = [Double](repeating: 1e-6, count: classCount)
            for i in 0..<rows { shares[Int(targets[i])] += rowWeights[i] / Double(rows) }
            point.intercepts = shares.map(PortableMath.log)
        }
        return point
    }

    /// The least penalty (times the ratio) that leaves all coefficients 0.
    func largestPenalty() -> Double {
        let point = start()
        return (0..<scores).reduce(0) { max($0, pulls(residuals(point, scoreMatrix(point), $1)).reduce(0) { max($0, $1.magnitude) }) }
    }

    /// Fits with each penalty, from the largest down, the last to `atEnd` where given; nil where it was cancelled.
    func path(_ alphas: [Double], ratio: Double, tolerance onWay: Double, atEnd: Double? = nil, isCancelled: () -> Bool)
        -> [ElasticNetPoint]?
    {
        var (point, points): (ElasticNetPoint, [ElasticNetPoint]) = (start(), [])
        var problem = gram.map { GramProblem(gram: $0, pulls: pulls(residuals(point, scoreMatrix(point), 0))) }
        var last = alphas.first ?? 0
        for alpha in alphas {
            if isCancelled() { return nil }
            let penalty = ElasticPenalty(alpha, ratio: ratio)
            let tolerance = points.count + 1 == alphas.count ? atEnd ?? onWay : onWay
            if problem != nil {
                coordinateDescent(
                    &problem!, columns: Array(0..<design.rows), penalty: penalty, tolerance: tolerance * variance, mostSweeps: 10_000)
                point.coefficients = [problem!.coefficients]
            } else if classCount == 0 {
                leastSquares(&point, penalty, threshold: ratio * (2 * alpha - last), tolerance * variance)
            } else {
                likelihood(&point, penalty, tolerance)
            }
            points.append(point)
            last = alpha
        }
        return points
    }

    /// Of the targets, which tolerances count in.
    private var variance: Double {
        zip(targets, rowWeights).reduce(0) { $0 + $1.1 * ($1.0 - mean) * ($1.0 - mean) } / Double(rows)
    }

    private func leastSquares(_ point: inout ElasticNetPoint, _ penalty: ElasticPenalty, threshold: Double, _ tolerance: Double) {
        var problem = ResidualProblem(
            design, rowWeights: rowWeights, residuals: residuals(point, scoreMatrix(point), 0), coefficients: point.coefficients[0],
            intercept: mean, fitsIntercept: false)
        solve(&problem, pulls(problem.residuals), penalty, threshold, tolerance)
        point.coefficients[0] = problem.coefficients
    }

    /// Sweeps the columns that the strong rule leaves, and again with those that it left out wrongly.
    private func solve(
        _ problem: inout ResidualProblem, _ pulls: [Double], _ penalty: ElasticPenalty, _ threshold: Double, _ tolerance: Double
    ) {
        var isSwept = pulls.indices.map { pulls[$0].magnitude >= threshold || problem.coefficients[$0] != 0 }
        while true {
            let columns = isSwept.indices.filter { isSwept[$0] }
            problem.prepare(columns)
            coordinateDescent(&problem, columns: columns, penalty: penalty, tolerance: tolerance, mostSweeps: 10_000)
            let now = self.pulls(problem.residuals)
            let missed = now.indices.filter { !isSwept[$0] && now[$0].magnitude > penalty.absolute }
            if missed.isEmpty { return }
            for column in missed { isSwept[column] = true }
        }
    }

    /// Newton steps class by class, over the columns that are not 0 or pull harder than the penalty holds, halved while they
    /// would raise the loss.
    private func likelihood(_ point: inout ElasticNetPoint, _ penalty: ElasticPenalty, _ tolerance: Double) {
        var f = scoreMatrix(point)
        var value = objective(point, f, penalty)
        var swept = [[Bool]](repeating: [Bool](repeating: false, count: design.rows), count: scores)
        for _ in 0..<500 {
            let (before, sweptBefore, valueBefore) = (point, swept, value)
            // Rounding may raise the loss a little where it is flat.
            let slack = 1e-13 * (1 + value.magnitude)
            for s in 0..<scores {
                let residuals = residuals(point, f, s)
                for (column, pull) in pulls(residuals).enumerated() {
                    if pull.magnitude > penalty.absolute || point.coefficients[s][column] != 0 { swept[s][column] = true }
                }
                let columns = swept[s].indices.filter { swept[s][$0] }
                var (next, nextScores) = newton(point, f, s, columns, residuals, penalty, tolerance)
                var nextValue = objective(next, nextScores, penalty)
                var length = 1.0
                while !(nextValue <= value + slack), length > 1e-3 {
                    length /= 2
                    (next, nextScores) = (halfway(point, next), halfway(f, nextScores))
                    nextValue = objective(next, nextScores, penalty)
                }
                guard nextValue <= value + slack else { continue }
                (point, f, value) = (next, nextScores, nextValue)
            }
            // On the way a gain that no choice could see is enough; at the end only steps tell how close the optimum is.
            let isGainSmall = tolerance >= 1e-10 && valueBefore - value <= tolerance * (1 + value)
            if swept == sweptBefore, isGainSmall || largestStep(before, point) <= tolerance { return }
        }
    }

    private func halfway(_ a: ElasticNetPoint, _ b: ElasticNetPoint) -> ElasticNetPoint {
        ElasticNetPoint(
            coefficients: zip(a.coefficients, b.coefficients).map { zip($0, $1).map { ($0 + $1) / 2 } },
            intercepts: zip(a.intercepts, b.intercepts).map { ($0 + $1) / 2 })
    }

    private func halfway(_ a: Matrix, _ b: Matrix) -> Matrix {
        Matrix(rows: a.rows, columns: a.columns, values: zip(a.values, b.values).map { ($0 + $1) / 2 })
    }

    /// Square of the largest change of a coefficient, times the largest curvature.
    private func largestStep(_ a: ElasticNetPoint, _ b: ElasticNetPoint) -> Double {
        var largest = 0.0
        for s in 0..<scores {
            for (u, v) in zip(a.coefficients[s], b.coefficients[s]) where u != v { largest = max(largest, (u - v) * (u - v) / 4) }
        }
        return largest
    }

    private func newton(
        _ point: ElasticNetPoint, _ f: Matrix, _ s: Int, _ columns: [Int], _ residuals: [Double], _ penalty: ElasticPenalty,
        _ tolerance: Double
    ) -> (ElasticNetPoint, Matrix) {
        let weights = (0..<rows).map { i in
            let p = probability(f, i, s)
            return rowWeights[i] * max(p * (1 - p), 1e-5)
        }
        var next = point
        if 2 * columns.count < rows {
            let block = Matrix(rows: columns.count, columns: rows, values: columns.flatMap { design.values[$0 * rows..<($0 + 1) * rows] })
            var problem = CentredGram(
                block, weights: weights, residuals: residuals, coefficients: columns.map { point.coefficients[s][$0] })
            coordinateDescent(
                &problem.quadratic, columns: Array(columns.indices), penalty: penalty, tolerance: tolerance, mostSweeps: 10_000)
            for (k, column) in columns.enumerated() { next.coefficients[s][column] = problem.quadratic.coefficients[k] }
            next.intercepts[s] += problem.interceptStep
        } else {
            var problem = ResidualProblem(
                design, rowWeights: weights, residuals: residuals, coefficients: point.coefficients[s], intercept: point.intercepts[s],
                fitsIntercept: true)
            problem.prepare(columns)
            problem.settle()
            coordinateDescent(&problem, columns: columns, penalty: penalty, tolerance: tolerance, mostSweeps: 10_000)
            (next.coefficients[s], next.intercepts[s]) = (problem.coefficients, problem.intercept)
        }
        var scores = f
        var change = [Double](repeating: next.intercepts[s] - point.intercepts[s], count: rows)
        for column in columns where next.coefficients[s][column] != point.coefficients[s][column] {
            let step = next.coefficients[s][column] - point.coefficients[s][column]
            design.values.withUnsafeBufferPointer { z in
                change.withUnsafeMutableBufferPointer {
                    blasAdd(z.baseAddress! + column * rows, times: step, to: $0.baseAddress!, count: rows)
                }
            }
        }
        for i in 0..<rows { scores[i, s] += change[i] }
        return (next, scores)
    }

    /// Rows × scores.
    private func scoreMatrix(_ point: ElasticNetPoint) -> Matrix {
        var f = Matrix(rows: rows, columns: scores)
        for s in 0..<scores {
            let own = design.transposedProduct(point.coefficients[s])
            for i in 0..<rows { f[i, s] = point.intercepts[s] + own[i] }
        }
        return f
    }

    private func probability(_ f: Matrix, _ row: Int, _ score: Int) -> Double {
        if classCount == 2 { return ClassProbabilities.logistic(f[row, 0]) }
        var highest = f[row, 0]
        for c in 1..<scores { highest = max(highest, f[row, c]) }
        let sum = (0..<scores).reduce(0) { $0 + PortableMath.exp(f[row, $1] - highest) }
        return PortableMath.exp(f[row, score] - highest) / sum
    }

    private func residuals(_ point: ElasticNetPoint, _ f: Matrix, _ s: Int) -> [Double] {
        (0..<rows).map { i in
            if classCount == 0 { return rowWeights[i] * (targets[i] - f[i, 0]) }
            let isOwn = classCount == 2 ? targets[i] : (targets[i] == Double(s) ? 1 : 0)
            return rowWeights[i] * (isOwn - probability(f, i, s))
        }
    }

    private func objective(_ point: ElasticNetPoint, _ f: Matrix, _ penalty: ElasticPenalty) -> Double {
        var sum = 0.0
        for i in 0..<rows {
            if classCount == 2 {
                sum += rowWeights[i] * ClassProbabilities.logisticLoss(margin: targets[i] == 1 ? f[i, 0] : -f[i, 0])
            } else {
                sum -= rowWeights[i] * PortableMath.log(max(probability(f, i, Int(targets[i])), 1e-300))
            }
        }
        var pressure = 0.0
        for c in point.coefficients {
            for v in c where v != 0 { pressure += penalty.absolute * v.magnitude + penalty.quadratic / 2 * v * v }
        }
        return sum / Double(rows) + pressure
    }
}
