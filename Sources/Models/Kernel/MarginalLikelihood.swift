import CKernels
import LinearAlgebra
import MaterialsCore

/// Negative logarithm of the posterior of a covariance's parameters given targets, with its gradient.
///
///     -log p = Σ_c (½ y_cᵀα_c) + C (Σ log L_ii + n/2 log 2π) + ½ Σ ((θ - m) / s)²,   α_c = K⁻¹y_c,   K = LLᵀ = k(X, X) + σ² diag(1/w)
///     d log p / dθ = ½ tr((Σ_c α_cα_cᵀ - C K⁻¹) dK/dθ) - (θ - m) / s²
///
/// θ are the logarithms of each term's variance and length scales, then of the variance σ² of noise.
///
/// - Numerics: double; the order of sums is that of the BLAS
/// - Cost:     rows³ operations, and 2 rows² × features a term; two matrices of rows²
/// - Source:   C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning (2006), equations 2.30 and 5.9,
///   doi:10.7551/mitpress/3206.001.0001. Differences: several targets that share a covariance; log-normal priors
struct MarginalLikelihood {
    /// Rows × columns, standardised.
    let z: SharedBuffer<Double>
    let rows: Int
    let columns: Int
    /// One row an output.
    let targets: Matrix
    /// 1 / weight of each row.
    let noiseFactors: [Double]
    let forms: [CovarianceForm]
    /// Which of a term's length scales each feature has; all the same where there is one.
    let scaleOf: [Int]
    var threads = 1

    /// A normal distribution of a logarithm.
    struct Prior { var mean, deviation: Double }

    /// Length scales of a term.
    var scalesPerTerm: Int { (scaleOf.max() ?? 0) + 1 }

    /// Added to the diagonal for the sake of the factorisation, as a part of the variance.
    static let jitter = 1e-10

    /// Parameters as a covariance and a variance of noise.
    func unpacked(_ point: [Double]) -> (covariance: Covariance, noise: Double) {
        let size = 1 + scalesPerTerm
        let terms = forms.indices.map { t in
            CovarianceTerm(
                form: forms[t], variance: PortableMath.exp(point[t * size]),
                lengthScales: scalesPerTerm == 1
                    ? [PortableMath.exp(point[t * size + 1])] : scaleOf.map { PortableMath.exp(point[t * size + 1 + $0]) })
        }
        return (Covariance(terms: terms), PortableMath.exp(point[forms.count * size]))
    }

    /// The value at a point; infinite where the matrix cannot be factorised.
    func evaluate(_ point: [Double], priors: [Prior]?, gradient: inout [Double]) -> Double {
        guard point.allSatisfy({ $0.magnitude < 30 }) else { return .infinity }
        let (covariance, noise) = unpacked(point)
        let kernels = KernelMatrix(covariance, z, count: rows, columns: columns)
        var k = Matrix(rows: rows, columns: rows)
        kernels.fillLowerTriangle(of: &k, threads: threads)
        for i in 0..<rows { k[i, i] += noise * noiseFactors[i] + Self.jitter * covariance.variance }
        do { try k.factorizeCholesky() } catch { return .infinity }
        var alpha = targets
        k.solveCholesky(&alpha)
        let fit = zip(targets.values, alpha.values).reduce(0) { $0 + $1.0 * $1.1 } / 2
        let outputs = Double(targets.rows)
        let logarithms = (0..<rows).reduce(0.0) { $0 + PortableMath.log(k[$1, $1]) }
        let value = fit + outputs * (logarithms + Double(rows) * 0.9189385332046727)
        k.invertFromCholesky()
        fillGradient(kernels, noise, inverse: &k, alpha, into: &gradient)
        guard let priors else { return value }
        return zip(point, priors).enumerated().reduce(value) { sum, p in
            let distance = (p.element.0 - p.element.1.mean) / p.element.1.deviation
            gradient[p.offset] += distance / p.element.1.deviation
            return sum + distance * distance / 2
        }
    }

    /// Turns the inverse into C K⁻¹ - Σ αα and sums it against the derivatives.
    private func fillGradient(
        _ kernels: KernelMatrix, _ noise: Double, inverse g: inout Matrix, _ alpha: Matrix, into gradient: inout [Double]
    ) {
        let outputs = Double(alpha.rows)
        for i in 0..<rows { for j in 0...i { g.values[i * rows + j] *= outputs } }
        for o in 0..<alpha.rows {
            let a = SharedBuffer(Array(alpha.values[o * rows..<(o + 1) * rows]), padding: 0)
            g.values.withUnsafeMutableBufferPointer { g in
                for i in 0..<rows {
                    let (row, factor) = (g.baseAddress! + i * rows, a.pointer[i])
                    for j in 0...i { row[j] -= factor * a.pointer[j] }
                }
            }
        }
        var ofNoise = 0.0
        for i in 0..<rows { ofNoise += g[i, i] * noiseFactors[i] }
        gradient[gradient.count - 1] = ofNoise * noise / 2
        var s = Matrix(rows: rows, columns: rows)
        for (t, term) in kernels.covariance.terms.enumerated() {
            let single = KernelMatrix(Covariance(terms: [term]), z, count: rows, columns: columns)
            single.fillLowerTriangle(of: &s, threads: threads)
            let start = t * (1 + scalesPerTerm)
            gradient[start] = Self.symmetricSum(g, s) / 2
            if term.form.slopeCode != term.form.code { single.fillLowerTriangle(of: &s, .slope(term: 0), threads: threads) }
            Self.multiply(&s, by: g)
            let slopes = term.form == .laplacian ? magnitudes(s, term) : squares(s, term)
            if scalesPerTerm == 1 {
                gradient[start + 1] = slopes.reduce(0, +)
            } else {
                for s in 0..<scalesPerTerm { gradient[start + 1 + s] = 0 }
                for c in 0..<columns { gradient[start + 1 + scaleOf[c]] += slopes[c] }
            }
        }
    }

    /// Σ_ij a_ij b_ij from the lower triangles.
    private static func symmetricSum(_ a: Matrix, _ b: Matrix) -> Double {
        var sum = 0.0
        let (a, b, n) = (a.values.span, b.values.span, a.rows)
        for i in 0..<n {
            var row = 0.0
            for j in 0..<i { row += a[i * n + j] * b[i * n + j] }
            sum += 2 * row + a[i * n + i] * b[i * n + i]
        }
        return sum
    }

    private static func multiply(_ a: inout Matrix, by b: Matrix) {
        let n = a.rows
        var values = a.values.mutableSpan
        let factors = b.values.span
        for i in 0..<n { for j in i * n...i * n + i { values[j] *= factors[j] } }
    }

    /// ½ Σ_ij w_ij (x_i - x_j)² of each scaled feature.
    private func squares(_ w: Matrix, _ term: CovarianceTerm) -> [Double] {
        var x = Matrix(rows: rows, columns: columns + 1)
        for i in 0..<rows {
            for c in 0..<columns { x[i, c] = z.pointer[i * columns + c] * term.scale(c) }
            x[i, columns] = 1
        }
        let p = w.symmetricProduct(x)
        var result = [Double](repeating: 0, count: columns)
        for i in 0..<rows {
            let sum = p[i, columns]
            for c in 0..<columns {
                let v = x[i, c]
                result[c] += v * (sum * v - p[i, c])
            }
        }
        return result
    }

    /// ½ Σ_ij w_ij |x_i - x_j| of each scaled feature.
    private func magnitudes(_ w: Matrix, _ term: CovarianceTerm) -> [Double] {
        let sums = SharedBuffer<Double>(count: columns, repeating: 0)
        w.values.withUnsafeBufferPointer { weights in
            for i in 0..<rows {
                matsieve_add_weighted_magnitudes(
                    z.pointer + i * columns, z.pointer, weights.baseAddress! + i * rows, i, columns, sums.pointer)
            }
        }
        return (0..<columns).map { sums.pointer[$0] * term.scale($0) }
    }
}
