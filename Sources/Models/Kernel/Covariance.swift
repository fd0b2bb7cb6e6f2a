import CKernels
import MaterialsCore

/// Shape of a covariance function of the distance of two rows.
///
///     r² = Σ ((x - y) / ℓ)²
///     rbf  exp(-r²/2)    matern12  exp(-r)    matern32  (1 + √3 r) exp(-√3 r)    matern52  (1 + √5 r + 5r²/3) exp(-√5 r)
///     laplacian  exp(-Σ |x - y| / ℓ)
///
/// - Source: C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning (2006), equations 4.9, 4.17, 4.18,
///   doi:10.7551/mitpress/3206.001.0001
enum CovarianceForm: String, CaseIterable, Sendable {
    case rbf, matern12, matern32, matern52, laplacian

    /// √(2ν): what a scaled difference is multiplied by, so that the exponent is the distance itself.
    var factor: Double {
        switch self {
        case .rbf, .matern12, .laplacian: 1
        case .matern32: 1.7320508075688772
        case .matern52: 2.23606797749979
        }
    }

    /// Of the C kernels.
    var code: Int32 {
        switch self {
        case .rbf: Int32(MATSIEVE_RBF)
        case .matern12: Int32(MATSIEVE_MATERN12)
        case .matern32: Int32(MATSIEVE_MATERN32)
        case .matern52: Int32(MATSIEVE_MATERN52)
        case .laplacian: Int32(MATSIEVE_LAPLACIAN)
        }
    }

    /// Of the slope: what multiplies the squares (of the Laplacian the magnitudes) of scaled differences in dk / d log ℓ.
    var slopeCode: Int32 {
        switch self {
        case .rbf: Int32(MATSIEVE_RBF)
        case .matern12: Int32(MATSIEVE_MATERN12_SLOPE)
        case .matern32: Int32(MATSIEVE_MATERN32_SLOPE)
        case .matern52: Int32(MATSIEVE_MATERN52_SLOPE)
        case .laplacian: Int32(MATSIEVE_LAPLACIAN)
        }
    }
}

/// One summand of a covariance: a shape, its variance and its length scales.
struct CovarianceTerm: Equatable, Sendable {
    var form: CovarianceForm
    /// Covariance of a row with itself.
    var variance: Double
    /// One for all features, or one each.
    var lengthScales: [Double]

    /// What feature `column` is multiplied by before distances are taken.
    func scale(_ column: Int) -> Double { form.factor / lengthScales[lengthScales.count == 1 ? 0 : column] }
}

/// A covariance function: a sum of terms. Variance of noise stands beside it.
struct Covariance: Equatable, Sendable {
    var terms: [CovarianceTerm]

    /// Covariance of a row with itself.
    var variance: Double { terms.reduce(0) { $0 + $1.variance } }

    /// Covariance of two rows.
    func value(_ x: Span<Double>, _ y: Span<Double>) -> Double {
        var sum = 0.0
        for term in terms { sum += term.variance * Self.shape(term, x, y).value }
        return sum
    }

    /// Derivatives of the covariance of two rows: of each term by the logarithm of its variance, then of its length scales.
    func gradient(_ x: Span<Double>, _ y: Span<Double>) -> [Double] {
        var result: [Double] = []
        for term in terms {
            let (value, slope) = Self.shape(term, x, y)
            result.append(term.variance * value)
            var parts = [Double](repeating: 0, count: term.lengthScales.count)
            for c in 0..<x.count {
                let d = (x[c] - y[c]) * term.scale(c)
                parts[parts.count == 1 ? 0 : c] += term.variance * slope * (term.form == .laplacian ? d.magnitude : d * d)
            }
            result += parts
        }
        return result
    }

    /// Value and slope of one term without its variance.
    private static func shape(_ term: CovarianceTerm, _ x: Span<Double>, _ y: Span<Double>) -> (value: Double, slope: Double) {
        var (square, magnitude) = (0.0, 0.0)
        for c in 0..<x.count {
            let d = (x[c] - y[c]) * term.scale(c)
            square += d * d
            magnitude += d.magnitude
        }
        let s = square.squareRoot()
        switch term.form {
        case .rbf:
            let k = PortableMath.exp(-square / 2)
            return (k, k)
        case .matern12:
            let k = PortableMath.exp(-s)
            return (k, s > 0 ? k / s : 0)
        case .matern32:
            let e = PortableMath.exp(-s)
            return ((1 + s) * e, e)
        case .matern52:
            let e = PortableMath.exp(-s)
            return ((1 + s + square / 3) * e, (1 + s) * e / 3)
        case .laplacian:
            let k = PortableMath.exp(-magnitude)
            return (k, k)
        }
    }
}
