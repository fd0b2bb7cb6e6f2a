import CKernels
import MaterialsCore

/// Random Fourier features: rows → cos(ωᵀx) and sin(ωᵀx), whose products over the random ω are a covariance on average.
///
///     k(x, y) ≈ s²/m Σ_j cos(ω_jᵀ(x - y)),   ω_j drawn from the spectrum of k
///
/// - Output:   2 m features in [-1, 1], in blocks of 16 cosines and their 16 sines; places behind the last frequency belong to no
///   feature and must have weight 0
/// - Numerics: single precision, 3·10⁻⁷ and 6·10⁻⁸ of the largest angle in turns; the same bits on every CPU
/// - Source:   A. Rahimi, B. Recht, NIPS 20 (2007), 1177; Matérn spectra: multivariate t of 2ν degrees of freedom, C. E. Rasmussen,
///   C. K. I. Williams, Gaussian Processes for Machine Learning (2006), equation 4.15. Differences: pairs of cosine and sine in place of
///   one cosine with a random phase, which has the smaller variance for the same number of features
struct FourierBasis: Sendable {
    let columns: Int
    /// Frequencies, m.
    let count: Int
    /// In turns: [block][column][16].
    private let frequencies: [Float]

    private static let lanes = Int(MATSIEVE_FOURIER_BLOCK)
    /// Outputs that the kernel sums at a time.
    static let largestOutputs = 8

    /// Draws `count` frequencies of a covariance.
    init(_ term: CovarianceTerm, columns: Int, count: Int, seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let blocks = (count + Self.lanes - 1) / Self.lanes
        var packed = [Float](repeating: 0, count: blocks * columns * Self.lanes)
        for j in 0..<count {
            let normals = random.normals(columns)
            let stretch = Self.stretch(term.form, &random)
            for c in 0..<columns {
                let length = term.lengthScales[term.lengthScales.count == 1 ? 0 : c]
                packed[(j / Self.lanes * columns + c) * Self.lanes + j % Self.lanes] = Float(
                    normals[c] * stretch / (length * 2 * Double.pi))
            }
        }
        (self.columns, self.count, frequencies) = (columns, count, packed)
    }

    /// √(2ν / χ²) of a Matérn covariance; 1 of a Gaussian one.
    private static func stretch(_ form: CovarianceForm, _ random: inout SplitMix64) -> Double {
        let degrees =
            switch form {
            case .rbf, .laplacian: 0
            case .matern12: 1
            case .matern32: 3
            case .matern52: 5
            }
        guard degrees > 0 else { return 1 }
        let chiSquare = random.normals(degrees).reduce(0) { $0 + $1 * $1 }
        return (Double(degrees) / max(chiSquare, 1e-12)).squareRoot()
    }

    private var blocks: Int { (count + Self.lanes - 1) / Self.lanes }
    /// Places of a row of features, those without a feature included.
    var width: Int { blocks * 2 * Self.lanes }

    /// True where a place holds a feature.
    func isFeature(_ place: Int) -> Bool { place / (2 * Self.lanes) * Self.lanes + place % Self.lanes < count }

    static func singlePrecision(_ rows: FeatureMatrix) -> [Float] { rows.values.map { Float(min(max($0, -1e6), 1e6)) } }

    /// rows × width.
    func features(_ rows: [Float], count: Int) -> [Float] {
        precondition(rows.count == count * columns)
        return [Float](unsafeUninitializedCapacity: count * width) { target, initialized in
            matsieve_fourier_features(rows, count, columns, frequencies, blocks, target.baseAddress)
            initialized = count * width
        }
    }

    /// Features as doubles times `amplitude`, with zeros where there is no feature: what posteriors are made of.
    func trainingFeatures(_ rows: FeatureMatrix, amplitude: Double) -> [Double] {
        let raw = features(Self.singlePrecision(rows), count: rows.rows)
        let used = (0..<width).map(isFeature)
        return raw.indices.map { used[$0 % width] ? amplitude * Double(raw[$0]) : 0 }
    }

    /// Σ_j weight_j · feature_j of each row for each of some vectors of weights (of `width` values each): rows × vectors.
    func sums(_ rows: [Float], count: Int, weights: [[Double]]) -> [Double] {
        let outputs = weights.count
        var result = [Double](repeating: 0, count: count * outputs)
        for first in stride(from: 0, to: outputs, by: Self.largestOutputs) {
            let some = weights[first..<min(first + Self.largestOutputs, outputs)]
            let packed = some.flatMap { $0.map { Float($0) } }
            var part = [Double](repeating: 0, count: count * some.count)
            matsieve_fourier_sums(rows, count, columns, frequencies, blocks, packed, some.count, &part)
            if some.count == outputs { return part }
            for r in 0..<count { for o in 0..<some.count { result[r * outputs + first + o] = part[r * some.count + o] } }
        }
        return result
    }
}
