import MaterialsCore

/// Whether a neutral compound can form from the common oxidation states, and the ionic character of its bonds.
///
///     ionic character of a pair = 1 − exp(−(Xᵢ − Xⱼ)² / 4), Pauling electronegativities X
///
/// - Output:   3 features: `compound possible` (1 or 0), `max ionic char`, `avg ionic char` (pairs weighted by xᵢ xⱼ); an element has 1, 0, 0
/// - Scope:    hydrogen to copernicium; rejects Z ≥ 113. `missing` decides for elements without an electronegativity. With
///   `single_states: false` (default) atoms of one element may differ in charge (Fe₃O₄) and the amounts must be whole; `compound possible`
///   is NaN where they are not or the search is too large. With `single_states: true` each element has one state and amounts may be decimal
/// - Numerics: equals matminer 0.10.1 to 10⁻¹²; the composition counts as written: K₄Mn₄O₈ may be possible where KMnO₂ is not
/// - Cost:     bounded by `OxidationSums.mostCells` entries, or 2²⁰ choices of single states
/// - Source:   L. Ward, A. Agrawal, A. Choudhary, C. Wolverton, npj Comput. Mater. 2, 16028 (2016), doi:10.1038/npjcompumats.2016.28
public struct IonPropertyDescriptor: CompositionDescriptor {
    /// `ion-property`.
    public static let name = "ion-property"
    /// The features and the oxidation states.
    public static let references = [
        Citation(
            "L. Ward, A. Agrawal, A. Choudhary, C. Wolverton, npj Comput. Mater. 2, 16028 (2016)", doi: "10.1038/npjcompumats.2016.28"),
        Citation("S. P. Ong et al., Comput. Mater. Sci. 68, 314 (2013)", doi: "10.1016/j.commatsci.2012.10.028"),
    ]

    private let electronegativity: ElementProperty
    private let hasSingleStates: Bool

    /// Reads `missing` (`impute`, `nan`, `reject`) and `single_states` (true or false).
    public init(settings: inout Settings) throws {
        electronegativity = ElementProperty(
            "electronegativity", PymatgenTable.electronegativity, missing: try settings.missingElementValue())
        hasSingleStates = try settings.boolean("single_states", default: false)
        try settings.finish()
    }

    /// `compound possible`, `max ionic char`, `avg ionic char`.
    public var featureNames: [String] { ["compound possible", "max ionic char", "avg ionic char"] }

    /// Fills the features of one composition.
    public func describe(_ atomicNumbers: Span<UInt8>, _ amounts: Span<Double>, into features: inout MutableSpan<Double>)
        throws(CandidateDefect)
    {
        try requireElements(atomicNumbers, of: Self.name, last: lastTabulatedElement)
        if amounts.count == 1 {
            (features[0], features[1], features[2]) = (1, 0, 0)
            return
        }
        let isPossible = hasSingleStates ? isNeutralWithSingleStates(atomicNumbers, amounts) : isNeutral(atomicNumbers, amounts)
        features[0] = isPossible.map { $0 ? 1 : 0 } ?? .nan
        let fractions = atomFractions(amounts)
        let values = try electronegativity.weighted(atomicNumbers, fractions.span)
        (features[1], features[2]) = Self.ionicCharacter(values)
    }

    private static func ionicCharacter(_ values: WeightedValues) -> (largest: Double, average: Double) {
        if values.mean.isNaN { return (.nan, .nan) }
        var (largest, average) = (0.0, 0.0)
        for j in values.values.indices {
            for i in 0..<j {
                let difference = values.values[i] - values.values[j]
                let character = 1 - PortableMath.exp(-0.25 * (difference * difference))
                largest = max(largest, character)
                average += values.weights[i] * values.weights[j] * character
            }
        }
        return (largest, average)
    }

    private func isNeutral(_ atomicNumbers: Span<UInt8>, _ amounts: Span<Double>) -> Bool? {
        var states: [[Int]] = []
        for i in atomicNumbers.indices {
            let common = OxidationStateTable.common[Int(atomicNumbers[i])]
            states.append(common.isEmpty ? OxidationStateTable.likely[Int(atomicNumbers[i])] : common)
        }
        return OxidationStateGuess.isNeutralPossible(states, amounts)
    }

    private func isNeutralWithSingleStates(_ atomicNumbers: Span<UInt8>, _ amounts: Span<Double>) -> Bool? {
        var charges: [[Double]] = []
        var choices = 1
        for i in atomicNumbers.indices {
            charges.append(OxidationStateTable.common[Int(atomicNumbers[i])].map { Double($0) * amounts[i] })
            choices *= charges[i].count
            if choices > 1 << 20 { return nil }
        }
        return Self.reachesZero(charges[...], 0)
    }

    private static func reachesZero(_ charges: ArraySlice<[Double]>, _ sum: Double) -> Bool {
        guard let first = charges.first else { return abs(sum) <= 1e-8 }
        return first.contains { reachesZero(charges.dropFirst(), sum + $0) }
    }
}
