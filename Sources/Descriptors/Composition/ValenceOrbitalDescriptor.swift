import MaterialsCore

/// Valence electrons by orbital: the mean an atom, and the share of all valence electrons.
///
/// - Output:   8 features: `avg s valence electrons`, p, d, f, then `frac s valence electrons`, p, d, f
/// - Scope:    hydrogen to copernicium; rejects Z ≥ 113
/// - Source:   L. Ward, A. Agrawal, A. Choudhary, C. Wolverton, npj Comput. Mater. 2, 16028 (2016), doi:10.1038/npjcompumats.2016.28;
///   A. M. Deml et al., Phys. Rev. B 93, 085142 (2016), doi:10.1103/PhysRevB.93.085142
public struct ValenceOrbitalDescriptor: CompositionDescriptor {
    /// `valence-orbital`.
    public static let name = "valence-orbital"
    /// The papers that use them.
    public static let references = [
        Citation(
            "L. Ward, A. Agrawal, A. Choudhary, C. Wolverton, npj Comput. Mater. 2, 16028 (2016)", doi: "10.1038/npjcompumats.2016.28"),
        Citation("A. M. Deml, R. O'Hayre, C. Wolverton, V. Stevanović, Phys. Rev. B 93, 085142 (2016)", doi: "10.1103/PhysRevB.93.085142"),
    ]

    /// Has no settings.
    public init(settings: inout Settings) throws { try settings.finish() }

    /// `avg s valence electrons` … `frac f valence electrons`.
    public var featureNames: [String] { ValenceElectrons.labels }

    /// Fills the averages and shares of one composition.
    public func describe(_ atomicNumbers: Span<UInt8>, _ amounts: Span<Double>, into features: inout MutableSpan<Double>)
        throws(CandidateDefect)
    {
        try requireElements(atomicNumbers, of: Self.name, last: lastTabulatedElement)
        ValenceElectrons.fill(&features, from: 0, atomicNumbers, amounts)
    }
}

/// Mean valence electrons an atom by orbital, then their shares.
enum ValenceElectrons {
    static let labels = ["avg", "frac"].flatMap { kind in ["s", "p", "d", "f"].map { "\(kind) \($0) valence electrons" } }
    private static let tables = [MagpieTable.sValence, MagpieTable.pValence, MagpieTable.dValence, MagpieTable.fValence]

    /// Fills eight features.
    static func fill(_ features: inout MutableSpan<Double>, from first: Int, _ atomicNumbers: Span<UInt8>, _ amounts: Span<Double>) {
        let all = mean(MagpieTable.valence, atomicNumbers, amounts)
        for (orbital, table) in tables.enumerated() {
            let average = mean(table, atomicNumbers, amounts)
            features[first + orbital] = average
            features[first + orbital + 4] = average / all
        }
    }

    private static func mean(_ table: [Double], _ atomicNumbers: Span<UInt8>, _ amounts: Span<Double>) -> Double {
        var sum = 0.0
        for i in amounts.indices { sum += amounts[i] * table[Int(atomicNumbers[i])] }
        return sum / amounts.sum
    }
}
