import MaterialsCore

/// Magpie's statistics of element properties over a composition: 22 properties × 6 statistics.
///
///     mean = Σ aᵢ vᵢ / Σ aᵢ        avg_dev = Σ aᵢ |vᵢ − mean| / Σ aᵢ
///
/// - Input:    amounts aᵢ of the elements (any scale) and their properties vᵢ
/// - Output:   132 features, `MagpieData <statistic> <property>`, property by property: minimum, maximum, range, mean, avg_dev (mean
///   absolute deviation), mode (smallest value among the most abundant elements)
/// - Scope:    hydrogen to copernicium; rejects Z ≥ 113. `missing` decides for helium, neon, … that lack a value of a property:
///   `impute` (default: mean over the elements that have one), `nan` (features of that property are NaN, the mode only where it is the
///   mode that is missing) or `reject`
/// - Numerics: sums in ascending atomic number, then one division; elements count as equally abundant within 10⁻⁵ of the largest amount
///   plus 10⁻⁸. Equals matminer 0.10.1 to 10⁻¹⁰; where all values agree avg_dev is 0 up to rounding of the mean
/// - Cost:     about 0.12 µs a composition
/// - Source:   L. Ward, A. Agrawal, A. Choudhary, C. Wolverton, npj Comput. Mater. 2, 16028 (2016), doi:10.1038/npjcompumats.2016.28
public struct MagpieDescriptor: Descriptor {
    /// `magpie`.
    public static let name = "magpie"
    /// The paper and the implementation whose labels and order these are.
    public static let references = [
        Citation(
            "L. Ward, A. Agrawal, A. Choudhary, C. Wolverton, npj Comput. Mater. 2, 16028 (2016)", doi: "10.1038/npjcompumats.2016.28"),
        Citation("L. Ward et al., Comput. Mater. Sci. 152, 60 (2018)", doi: "10.1016/j.commatsci.2018.05.018"),
    ]

    private let kernel: MagpieKernel

    /// Reads `missing`: `impute`, `nan` or `reject`.
    public init(settings: inout Settings) throws {
        kernel = MagpieKernel(missing: try settings.missingElementValue())
        try settings.finish()
    }

    /// 132 labels, property by property.
    public var featureNames: [String] {
        MagpieKernel.properties.flatMap { property in
            ["minimum", "maximum", "range", "mean", "avg_dev", "mode"].map { "MagpieData \($0) \(property.name)" }
        }
    }

    /// Fills 132 columns of every row that is not rejected.
    public func compute(_ batch: CandidateBatch, into features: inout FeatureMatrix, firstColumn: Int) -> [(
        row: Int, defect: CandidateDefect
    )] {
        kernel.compute(batch, into: &features, firstColumn: firstColumn)
    }
}
