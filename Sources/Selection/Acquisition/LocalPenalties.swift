import MaterialsCore

/// Factors that keep a batch apart: the probability that the best value does not lie nearer to an earlier proposal than the row does.
///
///     φ_j(x) = ½ erfc(-z),   z = (L |x - x_j| - M + μ(x_j)) / √(2 σ²(x_j))
///
/// L is the steepest slope of the posterior mean, M the best expected value.
///
/// - Numerics: slopes by differences of 10⁻³ deviations a descriptor, at known rows and up to 256 of the best candidates
/// - Source: J. González, Z. Dai, P. Hennig, N. Lawrence, AISTATS 2016, PMLR 51, 648
struct LocalPenalties: Sendable {
    private let slope: Double
    private let best: Double
    private var centres: [(row: [Double], mean: Double, deviation: Double)] = []

    private static let step = 1e-3
    private static let slopeRows = 256

    /// - Errors: `.usage` with several objectives.
    init(_ state: SearchState, _ pool: CandidatePool) throws {
        guard state.objectives.count == 1 else {
            throw MatSieveError.usage("local-penalisation: is for one objective; use kriging-believer or thompson")
        }
        let rows = pool.rows.selecting(Array(0..<min(Self.slopeRows, pool.rows.rows)))
        let all = FeatureMatrix(rows: rows.rows + state.known.rows, columns: rows.columns, values: rows.values + state.known.values)
        let means = state.objectives[0].posterior.means(at: all)
        var squares = [Double](repeating: 0, count: all.rows)
        for c in 0..<all.columns {
            var moved = all
            for r in 0..<all.rows { moved[r, c] += Self.step }
            for (r, value) in state.objectives[0].posterior.means(at: moved).enumerated() {
                let d = (value - means[r]) / Self.step
                squares[r] += d * d
            }
        }
        slope = max((squares.max() ?? 0).squareRoot(), 1e-7)
        best = means.max() ?? 0
    }

    /// Keeps later scores away from a row.
    mutating func add(_ row: FeatureMatrix, _ state: SearchState) {
        let v = state.objectives[0].values(at: row)
        centres.append((row.values, v.mean[0], v.deviation(0)))
    }

    /// Multiplies scores of rows.
    func apply(to scores: inout [Double], _ rows: FeatureMatrix) {
        for r in scores.indices {
            for centre in centres {
                var square = 0.0
                for (c, x) in centre.row.enumerated() { square += (rows[r, c] - x) * (rows[r, c] - x) }
                let margin = slope * square.squareRoot() - best + centre.mean
                scores[r] *=
                    centre.deviation > 0 ? NormalDistribution.cumulative(margin / centre.deviation) : margin > 0 ? 1 : 0
            }
        }
    }
}
