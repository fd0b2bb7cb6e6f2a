import MaterialsCore

/// The centre of the band gap on the vacuum scale: the geometric mean of Mulliken electronegativities.
///
///     Π [ (Iᵢ + Aᵢ) / 2 ]^xᵢ        I first ionisation energy, A electron affinity, eV (96.48 kJ/mol each)
///
/// - Output:   1 feature, `band center`, eV
/// - Scope:    hydrogen to copernicium; rejects Z ≥ 113. `missing` decides for actinides and others without I or A
/// - Numerics: equals matminer 0.10.1 to 10⁻¹²
/// - Source:   M. A. Butler, D. S. Ginley, J. Electrochem. Soc. 125, 228 (1978), doi:10.1149/1.2131419
public struct BandCenterDescriptor: CompositionDescriptor {
    /// `band-center`.
    public static let name = "band-center"
    /// The original paper.
    public static let references = [
        Citation("M. A. Butler, D. S. Ginley, J. Electrochem. Soc. 125, 228 (1978)", doi: "10.1149/1.2131419")
    ]

    private let ionizationEnergy: ElementProperty
    private let electronAffinity: ElementProperty

    /// Reads `missing`: `impute`, `nan` or `reject`.
    public init(settings: inout Settings) throws {
        let missing = try settings.missingElementValue()
        try settings.finish()
        ionizationEnergy = ElementProperty("first ionisation energy", DemlTable.firstIonizationEnergy, missing: missing)
        electronAffinity = ElementProperty("electron affinity", MagpieTable.electronAffinity, missing: missing)
    }

    /// `band center`.
    public var featureNames: [String] { ["band center"] }

    /// Fills the band centre of one composition.
    public func describe(_ atomicNumbers: Span<UInt8>, _ amounts: Span<Double>, into features: inout MutableSpan<Double>)
        throws(CandidateDefect)
    {
        try requireElements(atomicNumbers, of: Self.name, last: lastTabulatedElement)
        let total = amounts.sum
        var product = 1.0
        for i in amounts.indices {
            let ionization = try ionizationEnergy.value(atomicNumbers[i]) / 1000
            let affinity = try electronAffinity.value(atomicNumbers[i])
            product *= PortableMath.pow(0.5 * (ionization + affinity) / 96.48, amounts[i] / total)
        }
        features[0] = product
    }
}
