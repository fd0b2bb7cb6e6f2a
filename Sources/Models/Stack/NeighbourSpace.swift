import LinearAlgebra
import MaterialsCore

/// A space in which near materials have near targets: standardised columns weighed by what they tell of the target, projected on
/// the directions in which the training rows vary most.
///
///     x ↦ (Σ_j z_j · √I(x_j; y) · v_jd)_d,   I the mutual information, v the leading eigenvectors of the weighed covariance
///
/// - Numerics: row-invariant products in double, coordinates in single precision
struct NeighbourSpace: Sendable {
    private static let mostDimensions = 24
    private static let mostRows = 20_000
    private static let bound = 6.0
    let scaling: ColumnScaling
    /// Kept columns × dimensions.
    let directions: Matrix

    var dimensions: Int { directions.columns }

    init(scaling: ColumnScaling, directions: Matrix) { (self.scaling, self.directions) = (scaling, directions) }

    init(_ data: TrainingData, seed: UInt64) throws {
        scaling = try ColumnScaling(data).bounded(by: Self.bound)
        let relevance = FeatureRelevance(data, seed: seed).information
        let columns = scaling.kept.count
        // Codes of categories are no distances.
        let weights = scaling.kept.map { data.categoricalColumns.contains($0) ? 0 : relevance[$0].squareRoot() }
        var random = SplitMix64(seed: seed ^ 0x6e_65_61_72)
        let sample = random.permutation(data.targets.count).prefix(Self.mostRows).sorted()
        var z = Matrix(rows: sample.count, columns: columns, values: scaling.apply(data.features.selecting(sample)))
        for row in 0..<z.rows { for j in 0..<columns { z[row, j] *= weights[j] } }
        let vectors = try PortableSymmetricEigen(z.gram(), vectors: true).vectors
        let count = min(Self.mostDimensions, columns)
        var directions = Matrix(rows: columns, columns: count)
        for j in 0..<columns { for d in 0..<count { directions[j, d] = weights[j] * vectors[j, columns - 1 - d] } }
        self.directions = directions
    }

    /// Rows × dimensions.
    func coordinates(_ features: FeatureMatrix) -> [Float] {
        let z = Matrix(rows: features.rows, columns: scaling.kept.count, values: scaling.apply(features))
        return z.rowInvariantProduct(directions).values.map { Float($0) }
    }
}
