import MaterialsCore

/// Difference of Pauling electronegativity between the mean of the anions and each cation.
///
/// - Output:   5 features: `minimum EN difference`, maximum, range, mean, std_dev (over cations, weighted by atoms)
/// - Scope:    compounds with neutral oxidation states, cations and anions; `undetermined` decides for others: `nan` (default) or `reject`
/// - Numerics: equals matminer 0.10.1 to 10⁻¹⁰; std_dev of equal differences is 0 up to rounding
/// - Source:   A. M. Deml, R. O'Hayre, C. Wolverton, V. Stevanović, Phys. Rev. B 93, 085142 (2016), doi:10.1103/PhysRevB.93.085142
public struct ElectronegativityDifferenceDescriptor: CompositionDescriptor {
    /// `electronegativity-difference`.
    public static let name = "electronegativity-difference"
    /// The features and the guess of oxidation states.
    public static let references = OxidationStatesDescriptor.references

    private let undetermined: UndeterminedCharges

    /// Reads `undetermined`: `nan` or `reject`.
    public init(settings: inout Settings) throws {
        undetermined = try settings.undeterminedCharges()
        try settings.finish()
    }

    /// `minimum EN difference` … `std_dev EN difference`.
    public var featureNames: [String] { ["minimum", "maximum", "range", "mean", "std_dev"].map { "\($0) EN difference" } }

    /// Fills the statistics of one composition.
    public func describe(_ atomicNumbers: Span<UInt8>, _ amounts: Span<Double>, into features: inout MutableSpan<Double>)
        throws(CandidateDefect)
    {
        try requireElements(atomicNumbers, of: Self.name)
        guard let ions = IonicSpecies(atomicNumbers, amounts) else { return try undetermined.fill(&features, IonicSpecies.absence) }
        let table = PymatgenTable.electronegativity
        var anions = WeightedValues(capacity: ions.anions.count)
        for s in ions.anions { anions.append(table[Int(s.atomicNumber)], weight: s.amount) }
        let mean = anions.mean
        var differences = WeightedValues(capacity: ions.cations.count)
        for s in ions.cations { differences.append(mean - table[Int(s.atomicNumber)], weight: s.amount) }
        differences.fillFive(&features, from: 0)
    }
}
