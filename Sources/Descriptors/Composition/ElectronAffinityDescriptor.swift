import MaterialsCore

/// Electron affinity of the anions times their charge, the mean over the anions.
///
/// - Output:   1 feature, `avg anion electron affinity`, J/mol (negative, as the charges are)
/// - Scope:    compounds with neutral oxidation states, cations and anions; `undetermined` decides for others: `nan` (default) or `reject`.
///   An element without an affinity takes the mean of the others
/// - Source:   A. M. Deml, R. O'Hayre, C. Wolverton, V. Stevanović, Phys. Rev. B 93, 085142 (2016), doi:10.1103/PhysRevB.93.085142
public struct ElectronAffinityDescriptor: CompositionDescriptor {
    /// `electron-affinity`.
    public static let name = "electron-affinity"
    /// The feature and the guess of oxidation states.
    public static let references = OxidationStatesDescriptor.references

    private let affinity: [Double]
    private let undetermined: UndeterminedCharges

    /// Reads `undetermined`: `nan` or `reject`.
    public init(settings: inout Settings) throws {
        undetermined = try settings.undeterminedCharges()
        try settings.finish()
        affinity = imputingMean(DemlTable.electronAffinity)
    }

    /// `avg anion electron affinity`.
    public var featureNames: [String] { ["avg anion electron affinity"] }

    /// Fills the mean of one composition.
    public func describe(_ atomicNumbers: Span<UInt8>, _ amounts: Span<Double>, into features: inout MutableSpan<Double>)
        throws(CandidateDefect)
    {
        try requireElements(atomicNumbers, of: Self.name)
        guard let ions = IonicSpecies(atomicNumbers, amounts) else { return try undetermined.fill(&features, IonicSpecies.absence) }
        var values = WeightedValues(capacity: ions.anions.count)
        for s in ions.anions { values.append(affinity[Int(s.atomicNumber)] * Double(s.charge), weight: s.amount) }
        features[0] = values.mean
    }
}
