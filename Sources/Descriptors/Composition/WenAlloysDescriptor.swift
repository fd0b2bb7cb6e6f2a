import MaterialsCore

/// The alloy features of Wen et al.: size, entropy, electronegativity, valence, cohesion and shear modulus with their mismatches.
///
/// - Output:   23 features under matminer's labels, `Yang delta` … `Shear modulus strength model`; radii pm, entropy kJ/(mol K),
///   weights u, mixing enthalpy kJ/mol (its magnitude, at least 10⁻⁶), cohesive energy eV/atom, moduli GPa
/// - Scope:    meant for metals; hydrogen to copernicium, rejects Z ≥ 113. `missing` decides for elements without a value
/// - Numerics: equals matminer 0.10.1 to 10⁻¹⁰, deltas and strength to 10⁻¹⁴ absolute, being 0 up to rounding where values agree
/// - Source:   C. Wen, Y. Zhang, C. Wang, D. Xue, Y. Bai, S. Antonov, L. Dai, T. Lookman, Y. Su, Acta Mater. 170, 109 (2019),
///   doi:10.1016/j.actamat.2019.03.010. Differences: matminer's two text columns (weight and atomic fraction) are left out; where all
///   radii agree to 10⁻¹² the lambda entropy is 0, not entropy divided by rounding noise
public struct WenAlloysDescriptor: CompositionDescriptor {
    /// `wen-alloys`.
    public static let name = "wen-alloys"
    /// The original paper.
    public static let references = [
        Citation(
            "C. Wen, Y. Zhang, C. Wang, D. Xue, Y. Bai, S. Antonov, L. Dai, T. Lookman, Y. Su, Acta Mater. 170, 109 (2019)",
            doi: "10.1016/j.actamat.2019.03.010")
    ]
    private static let unfilled = [
        (2.0, MagpieTable.sUnfilled), (6, MagpieTable.pUnfilled), (10, MagpieTable.dUnfilled), (14, MagpieTable.fUnfilled),
    ]

    private let terms: SolidSolutionTerms
    private let electronegativity: ElementProperty
    private let valenceElectrons: ElementProperty
    private let shearModulus: ElementProperty
    private let cohesiveEnergy: ElementProperty

    /// Reads `missing`: `impute`, `nan` or `reject`.
    public init(settings: inout Settings) throws {
        let missing = try settings.missingElementValue()
        try settings.finish()
        terms = SolidSolutionTerms(missing: missing)
        electronegativity = ElementProperty("Miedema electronegativity", MiedemaTable.electronegativity, missing: missing)
        valenceElectrons = ElementProperty("Miedema valence", MiedemaTable.valenceElectrons, missing: missing)
        shearModulus = ElementProperty("shear modulus", MiedemaTable.shearModulus, missing: missing)
        cohesiveEnergy = ElementProperty("cohesive energy", AlloyTable.cohesiveEnergy, missing: missing)
    }

    /// 23 labels.
    public var featureNames: [String] {
        [
            "Yang delta", "Yang omega", "APE mean", "Radii local mismatch", "Radii gamma", "Configuration entropy", "Atomic weight mean",
            "Total weight", "Lambda entropy", "Electronegativity delta", "Electronegativity local mismatch", "VEC mean", "Mixing enthalpy",
            "Mean cohesive energy", "Interant electrons", "Interant s electrons", "Interant p electrons", "Interant d electrons",
            "Interant f electrons", "Shear modulus mean", "Shear modulus delta", "Shear modulus local mismatch",
            "Shear modulus strength model",
        ]
    }

    /// Fills the features of one composition.
    public func describe(_ atomicNumbers: Span<UInt8>, _ amounts: Span<Double>, into features: inout MutableSpan<Double>)
        throws(CandidateDefect)
    {
        try requireElements(atomicNumbers, of: Self.name, last: lastTabulatedElement)
        let fractions = atomFractions(amounts)
        try fillSizeAndEntropy(atomicNumbers, fractions.span, &features)
        fillWeights(atomicNumbers, amounts, &features)
        let negativity = try electronegativity.weighted(atomicNumbers, fractions.span)
        (features[9], features[10]) = (negativity.relativeDeviation, negativity.localMismatch)
        features[11] = try valenceElectrons.weighted(atomicNumbers, fractions.span).mean
        features[12] = try terms.mixingEnthalpy.ofAlloy(atomicNumbers, fractions.span)
        features[13] = try cohesiveEnergy.weighted(atomicNumbers, fractions.span).mean
        fillValence(atomicNumbers, &features)
        let shear = try shearModulus.weighted(atomicNumbers, fractions.span)
        (features[19], features[20], features[21]) = (shear.mean, shear.relativeDeviation, shear.localMismatch)
        features[22] = Self.strength(shear)
    }

    private func fillSizeAndEntropy(
        _ atomicNumbers: Span<UInt8>, _ fractions: Span<Double>, _ features: inout MutableSpan<Double>
    ) throws(CandidateDefect) {
        let radii = try terms.radii(atomicNumbers, fractions)
        let (delta, entropy) = (radii.relativeDeviation, configurationEntropy(fractions))
        features[0] = delta
        features[1] = try terms.omega(atomicNumbers, fractions)
        features[2] = radii.mean.isNaN ? .nan : PackingEfficiency.simultaneous(radii).mean
        features[3] = radii.localMismatch
        features[4] = Self.gap(radii.mean, radii.minimum) / Self.gap(radii.mean, radii.maximum)
        features[5] = entropy
        features[8] = delta < 1e-12 ? 0 : entropy / (delta * delta)
    }

    /// Share of the surroundings that an atom of radius `r` leaves open among atoms of the mean radius.
    private static func gap(_ mean: Double, _ r: Double) -> Double {
        1 - ((mean * r + r * r) / ((mean + r) * (mean + r))).squareRoot()
    }

    private func fillWeights(_ atomicNumbers: Span<UInt8>, _ amounts: Span<Double>, _ features: inout MutableSpan<Double>) {
        var (magpie, mass) = (0.0, 0.0)
        for i in amounts.indices {
            magpie += amounts[i] * MagpieTable.atomicWeight[Int(atomicNumbers[i])]
            mass += amounts[i] * PymatgenTable.atomicMass[Int(atomicNumbers[i])]
        }
        (features[6], features[7]) = (magpie / amounts.sum, mass)
    }

    /// Electrons in the open shells of the distinct elements, not weighted.
    private func fillValence(_ atomicNumbers: Span<UInt8>, _ features: inout MutableSpan<Double>) {
        var all = 0.0
        for (orbital, (capacity, table)) in Self.unfilled.enumerated() {
            var electrons = 0.0
            for i in atomicNumbers.indices where table[Int(atomicNumbers[i])] != 0 { electrons += capacity - table[Int(atomicNumbers[i])] }
            features[15 + orbital] = electrons
            all += electrons
        }
        features[14] = all
    }

    /// Strengthening by the mismatch of shear moduli.
    private static func strength(_ shear: WeightedValues) -> Double {
        if shear.values.count == 1 { return 0 }
        let mean = shear.mean
        var sum = 0.0
        for (modulus, fraction) in zip(shear.values, shear.weights) {
            let term = 2 * fraction * (modulus - mean) / (modulus + mean)
            sum += term / (1 + 0.5 * abs(term))
        }
        return sum
    }
}
