import LinearAlgebra
import MaterialsCore

/// A quadratic function of coefficients, of which one coefficient at a time is changed.
protocol QuadraticProblem {
    /// The coefficients as they are.
    var coefficients: [Double] { get }
    /// Minus the derivative by a coefficient.
    func pull(_ column: Int) -> Double
    /// Second derivative by a coefficient.
    func curvature(_ column: Int) -> Double
    /// Changes a coefficient.
    mutating func move(_ column: Int, by step: Double)
    /// Brings what has no penalty to its best value.
    mutating func settle()
}

/// How hard large coefficients are pressed: λ·ratio·|c| + λ·(1 - ratio)/2·c².
struct ElasticPenalty {
    var absolute: Double
    var quadratic: Double

    init(_ alpha: Double, ratio: Double) { (absolute, quadratic) = (alpha * ratio, alpha * (1 - ratio)) }
}

/// Cyclic coordinate descent over some columns: all of them, then those that are not 0 until nothing moves, and again.
///
/// - Returns: the largest squared step, times the curvature, of the first sweep
/// - Source: J. Friedman, T. Hastie, R. Tibshirani, J. Stat. Softw. 33, 1 (2010), doi:10.18637/jss.v033.i01, eqs. 5 and 10
@discardableResult
func coordinateDescent<Problem: QuadraticProblem>(
    _ problem: inout Problem, columns: [Int], penalty: ElasticPenalty, tolerance: Double, mostSweeps: Int
) -> Double {
    var (sweeps, first) = (0, 0.0)
    while sweeps < mostSweeps {
        let change = sweep(&problem, columns, penalty)
        if sweeps == 0 { first = change }
        sweeps += 1
        if change <= tolerance { break }
        let active = columns.filter { problem.coefficients[$0] != 0 }
        while sweeps < mostSweeps {
            sweeps += 1
            if sweep(&problem, active, penalty) <= tolerance { break }
        }
    }
    return first
}

private func sweep<Problem: QuadraticProblem>(_ problem: inout Problem, _ columns: [Int], _ penalty: ElasticPenalty) -> Double {
    var largest = 0.0
    for column in columns {
        let (old, curvature) = (problem.coefficients[column], problem.curvature(column))
        let target = problem.pull(column) + curvature * old
        let size = target.magnitude - penalty.absolute
        let new = size > 0 ? (target > 0 ? size : -size) / (curvature + penalty.quadratic) : 0
        guard new != old else { continue }
        problem.move(column, by: new - old)
        largest = max(largest, (new - old) * (new - old) * curvature)
    }
    problem.settle()
    return largest
}

/// Least squares by rows: residuals are kept, a step costs as much as there are rows.
struct ResidualProblem: QuadraticProblem {
    /// Columns × rows.
    let design: Matrix
    /// Weight of each row.
    private(set) var rowWeights: [Double]
    /// Weight times residual of each row.
    private(set) var residuals: [Double]
    private(set) var coefficients: [Double]
    private(set) var intercept: Double
    private let fitsIntercept: Bool
    private var curvatures: [Double]
    private var weightSum: Double

    init(_ design: Matrix, rowWeights: [Double], residuals: [Double], coefficients: [Double], intercept: Double, fitsIntercept: Bool) {
        (self.design, self.rowWeights, self.residuals) = (design, rowWeights, residuals)
        (self.coefficients, self.intercept, self.fitsIntercept) = (coefficients, intercept, fitsIntercept)
        curvatures = [Double](repeating: -1, count: design.rows)
        weightSum = rowWeights.reduce(0, +)
    }

    /// Works out the curvature of these columns, which must come before a step along them.
    mutating func prepare(_ columns: [Int]) {
        let n = design.columns
        for column in columns where curvatures[column] < 0 {
            var sum = 0.0
            for i in 0..<n {
                let z = design.values[column * n + i]
                sum += rowWeights[i] * z * z
            }
            curvatures[column] = sum / Double(n)
        }
    }

    func pull(_ column: Int) -> Double {
        let n = design.columns
        return design.values.withUnsafeBufferPointer { z in
            residuals.withUnsafeBufferPointer { blasDot(z.baseAddress! + column * n, $0.baseAddress!, count: n) }
        } / Double(n)
    }

    func curvature(_ column: Int) -> Double { curvatures[column] }

    mutating func move(_ column: Int, by step: Double) {
        let n = design.columns
        coefficients[column] += step
        // Two arrays and no bounds checks in the loop that takes the time.
        design.values.withUnsafeBufferPointer { all in
            let z = all.baseAddress! + column * n
            rowWeights.withUnsafeBufferPointer { w in
                residuals.withUnsafeMutableBufferPointer { r in for i in 0..<n { r[i] -= step * w[i] * z[i] } }
            }
        }
    }

    mutating func settle() {
        guard fitsIntercept else { return }
        let step = residuals.reduce(0, +) / weightSum
        intercept += step
        for i in residuals.indices { residuals[i] -= step * rowWeights[i] }
    }
}

/// Least squares by columns: products of columns are known, a step costs as much as there are columns.
struct GramProblem: QuadraticProblem {
    /// ZᵀZ / rows.
    let gram: Matrix
    private(set) var pulls: [Double]
    private(set) var coefficients: [Double]

    init(gram: Matrix, pulls: [Double], coefficients: [Double]? = nil) {
        (self.gram, self.pulls) = (gram, pulls)
        self.coefficients = coefficients ?? [Double](repeating: 0, count: gram.rows)
    }

    func pull(_ column: Int) -> Double { pulls[column] }
    func curvature(_ column: Int) -> Double { gram.values[column * gram.columns + column] }

    mutating func move(_ column: Int, by step: Double) {
        coefficients[column] += step
        let p = gram.columns
        gram.values.withUnsafeBufferPointer { g in
            pulls.withUnsafeMutableBufferPointer { blasAdd(g.baseAddress! + column * p, times: -step, to: $0.baseAddress!, count: p) }
        }
    }

    mutating func settle() {}
}

/// Weighted least squares of some columns by their products, with the intercept taken out.
struct CentredGram {
    var quadratic: GramProblem
    private let start: [Double]
    private let columnSums: [Double]
    private let residualSum: Double
    private let weightSum: Double

    /// - Parameters:
    ///   - block: columns × rows
    ///   - residuals: weight times residual of each row
    init(_ block: Matrix, weights: [Double], residuals: [Double], coefficients: [Double]) {
        let n = block.columns
        let (sums, total) = (block.product(weights), weights.reduce(0, +))
        let rest = residuals.reduce(0, +)
        var weighted = block
        let roots = weights.map { $0.squareRoot() }
        for j in 0..<block.rows { for i in 0..<n { weighted.values[j * n + i] *= roots[i] } }
        var gram = weighted.gramOfRows()
        var pulls = block.product(residuals)
        for a in 0..<block.rows {
            pulls[a] = (pulls[a] - sums[a] * rest / total) / Double(n)
            for b in 0..<block.rows { gram[a, b] = (gram[a, b] - sums[a] * sums[b] / total) / Double(n) }
        }
        quadratic = GramProblem(gram: gram, pulls: pulls, coefficients: coefficients)
        (start, columnSums, residualSum, weightSum) = (coefficients, sums, rest, total)
    }

    /// How far the intercept goes with the coefficients.
    var interceptStep: Double {
        var sum = residualSum
        for j in start.indices { sum -= columnSums[j] * (quadratic.coefficients[j] - start[j]) }
        return sum / weightSum
    }
}
