import MaterialsCore

/// Whether a melt mixes into a solid solution: mixing entropy against enthalpy, and mismatch of atomic size.
///
///     Ω = T̄ₘ |S| / |H|    S = R Σ xᵢ ln xᵢ    H = 4 Σ_{i<j} xᵢ xⱼ Hᵢⱼ    δ = √( Σ xᵢ (1 − rᵢ / r̄)² )
///
/// - Output:   2 features, `Yang omega` (dimensionless; |H| at least 10⁻⁶ kJ/mol), `Yang delta` (dimensionless); both 0 for an element
/// - Scope:    hydrogen to copernicium; rejects Z ≥ 113. `missing` decides for elements without a radius, melting temperature or
///   mixing enthalpy (oxygen, the halogens and others: it is meant for alloys)
/// - Numerics: equals matminer 0.10.1 to 10⁻¹⁰; δ of elements with one radius is 0 up to rounding
/// - Source:   X. Yang, Y. Zhang, Mater. Chem. Phys. 132, 233 (2012), doi:10.1016/j.matchemphys.2011.11.021
public struct YangSolidSolutionDescriptor: CompositionDescriptor {
    /// `yang-solid-solution`.
    public static let name = "yang-solid-solution"
    /// The original paper and the table of mixing enthalpies.
    public static let references = [
        Citation("X. Yang, Y. Zhang, Mater. Chem. Phys. 132, 233 (2012)", doi: "10.1016/j.matchemphys.2011.11.021"),
        Citation("A. Takeuchi, A. Inoue, Mater. Trans. 46, 2817 (2005)", doi: "10.2320/matertrans.46.2817"),
    ]

    private let terms: SolidSolutionTerms

    /// Reads `missing`: `impute`, `nan` or `reject`.
    public init(settings: inout Settings) throws {
        terms = SolidSolutionTerms(missing: try settings.missingElementValue())
        try settings.finish()
    }

    /// `Yang omega`, `Yang delta`.
    public var featureNames: [String] { ["Yang omega", "Yang delta"] }

    /// Fills Ω and δ of one composition.
    public func describe(_ atomicNumbers: Span<UInt8>, _ amounts: Span<Double>, into features: inout MutableSpan<Double>)
        throws(CandidateDefect)
    {
        try requireElements(atomicNumbers, of: Self.name, last: lastTabulatedElement)
        let fractions = atomFractions(amounts)
        features[0] = try terms.omega(atomicNumbers, fractions.span)
        features[1] = try terms.radii(atomicNumbers, fractions.span).relativeDeviation
    }
}

/// The terms that Yang's and Wen's features share; all take atom fractions.
struct SolidSolutionTerms: Sendable {
    let mixingEnthalpy: MixingEnthalpy
    private let radius: ElementProperty
    private let meltingTemperature: ElementProperty

    init(missing: MissingElementValue) {
        mixingEnthalpy = MixingEnthalpy(missing: missing)
        radius = ElementProperty("metallic radius", MagpieTable.miracleRadius, missing: missing)
        meltingTemperature = ElementProperty("melting temperature", MagpieTable.meltingTemperature, missing: missing)
    }

    /// Ω; 0 for one element.
    func omega(_ atomicNumbers: Span<UInt8>, _ fractions: Span<Double>) throws(CandidateDefect) -> Double {
        if fractions.count == 1 { return 0 }
        let temperature = try meltingTemperature.weighted(atomicNumbers, fractions).mean
        return try abs(temperature * configurationEntropy(fractions) / mixingEnthalpy.ofAlloy(atomicNumbers, fractions))
    }

    /// Metallic radii, pm.
    func radii(_ atomicNumbers: Span<UInt8>, _ fractions: Span<Double>) throws(CandidateDefect) -> WeightedValues {
        try radius.weighted(atomicNumbers, fractions)
    }
}

/// R Σ xᵢ ln xᵢ (negative) with R = 8.314 J/(mol K), kJ/(mol K).
func configurationEntropy(_ fractions: Span<Double>) -> Double {
    var sum = 0.0
    for i in fractions.indices { sum += fractions[i] * PortableMath.log(fractions[i]) }
    return sum * 8.314 / 1000
}

/// Amounts divided by their sum.
func atomFractions(_ amounts: Span<Double>) -> [Double] {
    let total = amounts.sum
    var fractions: [Double] = []
    fractions.reserveCapacity(amounts.count)
    for i in amounts.indices { fractions.append(amounts[i] / total) }
    return fractions
}

extension ElementProperty {
    /// The values of a composition's elements with the given weights.
    func weighted(_ atomicNumbers: Span<UInt8>, _ weights: Span<Double>) throws(CandidateDefect) -> WeightedValues {
        var result = WeightedValues(capacity: weights.count)
        for i in weights.indices { result.append(try value(atomicNumbers[i]), weight: weights[i]) }
        return result
    }
}
