import LinearAlgebra
import MaterialsCore

/// Length scale and penalty of least left-out squared error, `Σ w (weight_i / (K⁻¹)_ii)²`, from a grid.
struct LeftOutSearch {
    let forms: [CovarianceForm]
    let lengthScale: Double?
    let penalty: Double?

    /// Of the typical distance √features (Laplacian: features); terms of a sum stand a factor of three apart.
    private static let scales = [0.125, 0.25, 0.5, 1, 2, 4, 8, 16]
    private static let penalties = [1e-6, 1e-5, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3]

    func run(_ problem: KernelProblem, rows: Int) throws -> (Covariance, Double) {
        if let lengthScale, let penalty { return (covariance(1, problem.columns, lengthScale), penalty) }
        let targets = problem.firstTargets(rows)
        var best: (error: Double, covariance: Covariance, penalty: Double)?
        // Of equal ones the smoother: the longer scale, the larger penalty.
        for scale in lengthScale == nil ? Self.scales.reversed() : [1] {
            let covariance = covariance(scale, problem.columns, lengthScale)
            let kernels = KernelMatrix(covariance, problem.z, count: rows, columns: problem.columns)
            var k = Matrix(rows: rows, columns: rows)
            kernels.fillLowerTriangle(of: &k, threads: problem.threads)
            let (gram, errors) = (k, Values(count: Self.penalties.count))
            let all = penalty.map { [$0] } ?? Self.penalties
            parallelLoop(all.count, threads: problem.threads) { p in
                if !problem.isCancelled() { errors.pointer[p] = Self.error(gram, targets, problem.noiseFactors, all[p]) }
            }
            try problem.checkCancelled()
            for p in all.indices.reversed() where best == nil || errors.pointer[p] < best!.error {
                best = (errors.pointer[p], covariance, all[p])
            }
        }
        return (best!.covariance, best!.penalty)
    }

    private typealias Values = SharedBuffer<Double>

    private func covariance(_ scale: Double, _ columns: Int, _ given: Double?) -> Covariance {
        let d = Double(max(columns, 1))
        var factor = scale
        return Covariance(
            terms: forms.map { form in
                let typical = given ?? (form == .laplacian ? d : d.squareRoot())
                defer { factor /= 3 }
                return CovarianceTerm(form: form, variance: 1 / Double(forms.count), lengthScales: [given ?? typical * factor])
            })
    }

    private static func error(_ k: Matrix, _ targets: Matrix, _ noiseFactors: [Double], _ penalty: Double) -> Double {
        var (k, weights, n) = (k, targets, k.rows)
        for i in 0..<n { k[i, i] += penalty * noiseFactors[i] + MarginalLikelihood.jitter }
        do { try k.factorizeCholesky() } catch { return .infinity }
        k.solveCholesky(&weights)
        k.invertFromCholesky()
        var sum = 0.0
        n = k.rows
        for o in 0..<targets.rows {
            for i in 0..<n {
                let e = weights[o, i] / k[i, i]
                sum += e * e / noiseFactors[i]
            }
        }
        return sum
    }
}

extension SharedBuffer where Element == Double {
    /// Infinite values, to be replaced.
    convenience init(count: Int) { self.init(count: count, repeating: .infinity) }
}
