import MaterialsCore

/// Spread of the oxidation states of the atoms, as guessed from the ICSD's frequencies.
///
/// - Output:   4 features: `minimum oxidation state`, maximum, range, std_dev (weighted by atoms); all 0 where no assignment is neutral
/// - Scope:    whole amounts; `undetermined` decides for others: `nan` (default) or `reject`
/// - Source:   A. M. Deml, R. O'Hayre, C. Wolverton, V. Stevanović, Phys. Rev. B 93, 085142 (2016), doi:10.1103/PhysRevB.93.085142;
///   the guess: S. P. Ong et al., Comput. Mater. Sci. 68, 314 (2013), doi:10.1016/j.commatsci.2012.10.028
public struct OxidationStatesDescriptor: CompositionDescriptor {
    /// `oxidation-states`.
    public static let name = "oxidation-states"
    /// The features and the guess.
    public static let references = [
        Citation("A. M. Deml, R. O'Hayre, C. Wolverton, V. Stevanović, Phys. Rev. B 93, 085142 (2016)", doi: "10.1103/PhysRevB.93.085142"),
        Citation("S. P. Ong et al., Comput. Mater. Sci. 68, 314 (2013)", doi: "10.1016/j.commatsci.2012.10.028"),
    ]

    private let undetermined: UndeterminedCharges

    /// Reads `undetermined`: `nan` or `reject`.
    public init(settings: inout Settings) throws {
        undetermined = try settings.undeterminedCharges()
        try settings.finish()
    }

    /// `minimum oxidation state` … `std_dev oxidation state`.
    public var featureNames: [String] { ["minimum", "maximum", "range", "std_dev"].map { "\($0) oxidation state" } }

    /// Fills the statistics of one composition.
    public func describe(_ atomicNumbers: Span<UInt8>, _ amounts: Span<Double>, into features: inout MutableSpan<Double>)
        throws(CandidateDefect)
    {
        try requireElements(atomicNumbers, of: Self.name)
        guard let species = OxidationStateGuess.species(atomicNumbers, amounts) else {
            return try undetermined.fill(&features, "oxidation states need whole amounts of not too many atoms")
        }
        var charges = WeightedValues(capacity: species.count)
        for s in species { charges.append(Double(s.charge), weight: s.amount) }
        (features[0], features[1], features[2]) = (charges.minimum, charges.maximum, charges.range)
        features[3] = charges.standardDeviation
    }
}
