import MaterialsCore

/// Knowledge gradient: how much a measurement of the row is expected to raise the best expected value.
///
///     KG(x) = E max_i (a_i + b_i Z) - max_i a_i,   a_i = μ(x_i),   b_i = cov(x_i, x) / √(σ²(x) + noise)
///
/// - Output:   in the objective's unit, ≥ 0
/// - Scope:    i runs over the row itself, the 48 candidates of the highest expected value and the 16 best known rows
/// - Numerics: exact for these, by the upper hull of the lines
/// - Cost:     covariances with 64 rows and a sort of 65 lines a row
/// - Source:   P. Frazier, W. Powell, S. Dayanik, INFORMS J. Comput. 21, 599 (2009), algorithms 1 and 2, doi:10.1287/ijoc.1080.0314
public struct KnowledgeGradient: Acquisition {
    /// Name in commands.
    public static let name = "knowledge-gradient"
    /// Short name.
    public static let aliases = ["kg"]
    /// One line.
    public static let summary = "expected rise of the best expected value"
    /// A gain that compares with the most promising candidates.
    public static let traits = AcquisitionTraits(isGain: true, fallsWithKnowledge: false, anchors: 48)

    private static let bestKnown = 16
    private let posterior: any PosteriorModel
    private let anchors: FeatureMatrix
    private let means: [Double]

    /// Has no settings.
    public init(settings: inout Settings, state: SearchState) throws {
        try settings.finish()
        posterior = state.objectives[0].posterior
        let known = posterior.means(at: state.known)
        let best = known.indices.sorted { (-known[$0], $0) < (-known[$1], $1) }.prefix(Self.bestKnown)
        let rows = state.known.selecting(Array(best))
        anchors = FeatureMatrix(
            rows: rows.rows + state.anchors.rows, columns: rows.columns, values: rows.values + state.anchors.values)
        means = posterior.means(at: anchors)
    }

    /// The gradient of each row.
    public func scores(_ batch: AcquisitionBatch) throws -> [Double] {
        let v = batch.values(0)
        let noise = posterior.noiseVariance
        let covariances = try posterior.covariances(of: batch.rows, with: anchors)
        var lines = [(slope: Double, height: Double)](repeating: (0, 0), count: means.count + 1)
        return v.mean.indices.map { r in
            let variance = max(v.variance[r], 0)
            let root = (variance + noise).squareRoot()
            guard root > 0 else { return 0 }
            for j in means.indices { lines[j] = (covariances[r, j] / root, means[j]) }
            lines[means.count] = (variance / root, v.mean[r])
            return UpperHull.expectedRise(&lines)
        }
    }
}

/// E max over lines a + b Z of a standard normal Z.
enum UpperHull {
    /// E max_i (a_i + b_i Z) - max_i a_i; the lines are reordered.
    static func expectedRise(_ lines: inout [(slope: Double, height: Double)]) -> Double {
        lines.sort { ($0.slope, $0.height) < ($1.slope, $1.height) }
        // Lines of the hull, and where each begins to be the highest.
        var hull: [(slope: Double, height: Double, from: Double)] = []
        for line in lines {
            if let last = hull.last, last.slope == line.slope { hull.removeLast() }
            var from = -Double.infinity
            while let last = hull.last {
                from = (last.height - line.height) / (line.slope - last.slope)
                if from > last.from { break }
                hull.removeLast()
                from = -.infinity
            }
            hull.append((line.slope, line.height, from))
        }
        var sum = 0.0
        for i in hull.indices.dropFirst() { sum += (hull[i].slope - hull[i - 1].slope) * NormalDistribution.gain(-abs(hull[i].from)) }
        return sum
    }
}
