import MaterialsCore

/// Objective-free novelty: the row farthest from all that is measured or proposed.
///
///     score = min_j |x - x_j| in standardised descriptors; while nothing is known, -|x|: the most central row
///
/// - Source: T. F. Gonzalez, Theor. Comput. Sci. 38, 293 (1985), doi:10.1016/0304-3975(85)90224-5; R. W. Kennard, L. A. Stone,
///   Technometrics 11, 137 (1969), doi:10.1080/00401706.1969.10490666
public struct Novelty: Acquisition {
    /// Name in commands.
    public static let name = "novelty"
    /// Short names.
    public static let aliases = ["farthest", "space-filling"]
    /// One line.
    public static let summary = "farthest from all measured descriptors; needs no objective"
    /// Needs no model.
    public static let traits = AcquisitionTraits(objectives: 0...6, needsModel: false)

    private let known: FeatureMatrix

    /// Has no settings.
    public init(settings: inout Settings, state: SearchState) throws {
        try settings.finish()
        known = state.known
    }

    /// The distance of each row.
    public func scores(_ batch: AcquisitionBatch) -> [Double] {
        let (rows, columns) = (batch.rows.values.span, batch.rows.columns)
        let others = known.values.span
        return (0..<batch.rows.rows).map { r in
            var least = known.rows == 0 ? 0 : Double.infinity
            if known.rows == 0 { for c in 0..<columns { least += rows[r * columns + c] * rows[r * columns + c] } }
            for j in 0..<known.rows {
                var sum = 0.0
                for c in 0..<columns {
                    let d = rows[r * columns + c] - others[j * columns + c]
                    sum += d * d
                }
                least = min(least, sum)
            }
            return known.rows == 0 ? -least.squareRoot() : least.squareRoot()
        }
    }
}
