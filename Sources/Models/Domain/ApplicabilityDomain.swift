import LinearAlgebra
import MaterialsCore

/// Where a model has learned: how far a material lies from the training rows in feature space.
///
///     z = (x - mean) / deviation,   p = V·z,   d² = min over clusters c of |p - m_c|² / r_c² + (|z|² - |p|²) / s²
///
/// V are the (at most 16) principal directions of the training rows, m_c their (at most 64) k-means centers, r_c the root mean
/// square distance of the members of cluster c, s that of the rows from the directions. A distance is given in units of the 99 %
/// quantile of training rows that were left out of all this (five seeded parts): above 1 a material is outside.
///
/// - Input:    any features. Missing ones count as the mean, infinite ones as far away; category codes are left out.
/// - Output:   distance, 1 at the edge of the domain. 0 for all where fewer than 20 rows, or no column that varies, were learned.
/// - Numerics: the same bits for a row whatever the batch and the CPU. Fitted by fixed sums on at most 50,000 rows.
/// - Cost:     2 · columns · 16 + 2 · 16 · 64 operations a row: well below 1 µs for 132 columns on one core
/// - Source:   k-means: D. Arthur, S. Vassilvitskii, SODA 2007; the idea of distances to training data in descriptor space:
///   T. I. Netzeva et al., ATLA 33, 155 (2005), doi:10.1177/026119290503300209
public struct ApplicabilityDomain: Equatable, Sendable {
    /// Columns of the feature matrix.
    public var featureCount: Int { space.standardization.columns }
    /// Share of left-out training rows that lie inside.
    public static let quantile = 0.99

    let space: ClusteredSpace
    /// Distance of the edge; infinity where nothing is judged.
    let threshold: Double

    init(space: ClusteredSpace, threshold: Double) { (self.space, self.threshold) = (space, threshold) }

    /// Learns where the rows lie.
    /// - Parameters:
    ///   - features: of the training rows
    ///   - categoricalColumns: left out
    ///   - seed: of the sample, the clusters and the parts
    /// - Throws: `MatSieveError.stopped` when cancelled.
    public static func fit(
        _ features: FeatureMatrix, categoricalColumns: Set<Int> = [], seed: UInt64, isCancelled: () -> Bool = { false }
    ) throws -> ApplicabilityDomain {
        var random = SplitMix64(seed: seed ^ 0x64_6f_6d_61)
        let order = random.permutation(features.rows).prefix(50_000)
        let sample = features.selecting(order.sorted())
        let space = try ClusteredSpace(sample, without: categoricalColumns, seed: seed)
        guard sample.rows >= 20, space.directionCount > 0 else { return ApplicabilityDomain(space: space, threshold: .infinity) }
        var distances: [Double] = []
        let place = random.permutation(sample.rows)
        for part in 0..<5 {
            if isCancelled() { throw MatSieveError.stopped("applicability domain: stopped; start the training again") }
            let learned = sample.selecting((0..<sample.rows).filter { place[$0] % 5 != part })
            let judged = sample.selecting((0..<sample.rows).filter { place[$0] % 5 == part })
            distances += try ClusteredSpace(learned, without: categoricalColumns, seed: seed).distances(judged)
        }
        distances.sort()
        let rank = Int((Self.quantile * Double(distances.count)).rounded(.up))
        let edge = distances[max(rank, 1) - 1]
        return ApplicabilityDomain(space: space, threshold: edge > 0 ? edge : .leastNormalMagnitude)
    }

    /// Distance of each row; up to 1 it is inside.
    public func distances(_ features: FeatureMatrix) -> [Double] {
        precondition(features.columns == featureCount)
        guard threshold.isFinite else { return [Double](repeating: 0, count: features.rows) }
        return space.distances(features).map { $0 / threshold }
    }

    /// Sets the flag of each row that lies outside to 0.
    public func judge(_ features: FeatureMatrix, inDomain: inout [Double]) {
        for (row, distance) in distances(features).enumerated() where distance > 1 { inDomain[row] = 0 }
    }
}
