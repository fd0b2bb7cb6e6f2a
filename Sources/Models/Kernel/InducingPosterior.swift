import LinearAlgebra
import MaterialsCore

extension KernelPosterior {
    private static let (blockRows, lanes, leftOutRows) = (1_024, 4, 20_000)

    /// The first `inducing` rows stand for all: the collapsed variational bound, streamed over the rows in blocks.
    ///
    ///     ψ = L⁻¹k_m(x),  A = Σ w ψψᵀ = UΛUᵀ,  b = Σ w ψ y
    ///     mean(x) = ψᵀU(Λ + σ²)⁻¹Uᵀb,   variance(x) = k(x, x) - Σ_j λ_j / (λ_j + σ²) · (Uᵀψ)_j²
    ///
    /// With `choosesNoise` σ² maximises the bound of all rows.
    /// - Numerics: sums in four parts, block i in part i mod 4, whatever the threads
    /// - Cost:     2 rows × inducing² operations; 40 inducing² bytes whatever the rows
    /// - Source:   M. K. Titsias, AISTATS 2009, PMLR 5, 567, equations 6, 9 and 10
    init(
        inducing m: Int, _ problem: KernelProblem, _ covariance: Covariance, noise: Double, choosesNoise: Bool, wantsFactor: Bool,
        wantsLeftOut: Bool
    ) throws {
        let kernels = KernelMatrix(covariance, problem.z, count: m, columns: problem.columns)
        let lower = try Self.factorised(kernels, covariance)
        let (a, b) = try Self.streamed(kernels, lower, problem)
        try problem.checkCancelled()
        let eigen = try SymmetricEigen(a)
        let values = eigen.values.map { max($0, 0) }
        let turned = b.product(eigen.vectors)
        let chosen =
            choosesNoise ? Self.noise(about: noise, values, turned, trace: values.reduce(0, +), problem, covariance.variance) : noise
        // Rows of Uᵀ L⁻¹, each by a solve with Lᵀ from the right.
        var inverse = lower
        inverse.invertLowerTriangle()
        for i in 0..<m { for j in i + 1..<max(m, i + 1) { inverse.values[i * m + j] = 0 } }
        let directions = eigen.vectors.transposed.product(inverse)
        var scaled = turned
        for o in 0..<scaled.rows { for j in 0..<m { scaled[o, j] /= values[j] + chosen } }
        weights = scaled.product(directions)
        (factor, isTriangular, leftOut, self.noise) = (nil, false, nil, chosen)
        if wantsLeftOut { leftOut = try Self.leftOut(kernels, directions, values, chosen, weights, problem) }
        if wantsFactor {
            var f = directions
            for j in 0..<m {
                let root = (values[j] / (values[j] + chosen)).squareRoot()
                for i in 0..<m { f.values[j * m + i] *= root }
            }
            factor = f
        }
    }

    private static func factorised(_ kernels: KernelMatrix, _ covariance: Covariance) throws -> Matrix {
        var jitter = 1e-8 * covariance.variance
        while true {
            var k = Matrix(rows: kernels.rows.count, columns: kernels.rows.count)
            kernels.fillLowerTriangle(of: &k, threads: 1)
            for i in 0..<k.rows { k[i, i] += jitter }
            do {
                try k.factorizeCholesky()
                return k
            } catch  where jitter < 1e-2 * covariance.variance { jitter *= 10 }
        }
    }

    /// A (both triangles) and b (outputs × inducing).
    private static func streamed(_ kernels: KernelMatrix, _ lower: Matrix, _ problem: KernelProblem) throws -> (Matrix, Matrix) {
        let (m, outputs) = (kernels.rows.count, problem.targets.rows)
        let blocks = (problem.rows + blockRows - 1) / blockRows
        let parts = SharedParts(count: lanes) { (gram: Matrix(rows: m, columns: m), sum: Matrix(rows: outputs, columns: m)) }
        parallelLoop(lanes, threads: problem.threads) { lane in
            for block in stride(from: lane, to: blocks, by: lanes) where !problem.isCancelled() {
                let first = block * blockRows
                let count = min(blockRows, problem.rows - first)
                var psi = kernels.covariances(of: problem.z.pointer + first * problem.columns, count: count)
                lower.solveLowerTriangle(&psi)
                var y = Matrix(rows: outputs, columns: count)
                for i in 0..<count {
                    let root = (1 / problem.noiseFactors[first + i]).squareRoot()
                    for j in 0..<m { psi.values[i * m + j] *= root }
                    for o in 0..<outputs { y[o, i] = root * problem.targets[o, first + i] }
                }
                parts[lane].gram.addGram(of: psi)
                let sum = y.product(psi)
                for i in sum.values.indices { parts[lane].sum.values[i] += sum.values[i] }
            }
        }
        try problem.checkCancelled()
        var (a, b) = (parts[0].gram, parts[0].sum)
        for lane in 1..<lanes {
            for i in a.values.indices { a.values[i] += parts[lane].gram.values[i] }
            for i in b.values.indices { b.values[i] += parts[lane].sum.values[i] }
        }
        for i in 0..<m { for j in 0..<i { a.values[j * m + i] = a.values[i * m + j] } }
        return (a, b)
    }

    /// σ² of the largest bound; what does not depend on it is left out.
    private static func noise(
        about guess: Double, _ values: [Double], _ turned: Matrix, trace: Double, _ problem: KernelProblem, _ variance: Double
    ) -> Double {
        let (n, outputs) = (Double(problem.rows), Double(problem.targets.rows))
        var (total, squares) = (0.0, 0.0)
        for i in 0..<problem.rows {
            let w = 1 / problem.noiseFactors[i]
            total += w * variance
            for o in 0..<problem.targets.rows { squares += w * problem.targets[o, i] * problem.targets[o, i] }
        }
        let rest = max(total - trace, 0)
        return logarithmicSearch(in: max(guess * 1e-2, 1e-8)...max(guess * 1e2, 1e-6), points: 41) { noise in
            var (logarithms, explained) = (n * PortableMath.log(noise), 0.0)
            for (j, v) in values.enumerated() {
                logarithms += PortableMath.log(1 + v / noise)
                for o in 0..<turned.rows { explained += turned[o, j] * turned[o, j] / (v + noise) }
            }
            return outputs * (logarithms + rest / noise) + (squares - explained) / noise
        }
    }

    /// Predictions of the first rows without each of them: `(mean - h y) / (1 - h)`, h the row's leverage.
    private static func leftOut(
        _ kernels: KernelMatrix, _ directions: Matrix, _ values: [Double], _ noise: Double, _ weights: Matrix, _ problem: KernelProblem
    ) throws -> Matrix {
        let (m, count) = (kernels.rows.count, min(problem.rows, leftOutRows))
        var result = Matrix(rows: problem.targets.rows, columns: count)
        let turn = directions.transposed
        for first in stride(from: 0, to: count, by: blockRows) {
            try problem.checkCancelled()
            let rows = min(blockRows, count - first)
            let k = kernels.covariances(of: problem.z.pointer + first * problem.columns, count: rows)
            let means = k.product(weights.transposed)
            let psi = k.product(turn)
            for i in 0..<rows {
                var leverage = 0.0
                for j in 0..<m { leverage += psi[i, j] * psi[i, j] / (values[j] + noise) }
                leverage = min(leverage / problem.noiseFactors[first + i], 1 - 1e-9)
                for o in 0..<result.rows {
                    result[o, first + i] = (means[i, o] - leverage * problem.targets[o, first + i]) / (1 - leverage)
                }
            }
        }
        return result
    }
}

/// Values that parallel bodies change, each only its own.
final class SharedParts<Element>: @unchecked Sendable {
    private let pointer: UnsafeMutablePointer<Element>
    private let count: Int

    init(count: Int, _ make: () -> Element) {
        pointer = .allocate(capacity: count)
        for i in 0..<count { (pointer + i).initialize(to: make()) }
        self.count = count
    }

    subscript(i: Int) -> Element {
        unsafeAddress { UnsafePointer(pointer + i) }
        unsafeMutableAddress { pointer + i }
    }

    deinit {
        pointer.deinitialize(count: count)
        pointer.deallocate()
    }
}
