import MaterialsCore

/// Miedema's formation enthalpies of an alloy as intermetallic compound, amorphous phase and solid solution.
///
/// - Output:   3 features, eV/atom: `Miedema_deltaH_inter`, `Miedema_deltaH_amor`, `Miedema_deltaH_ss_min` (the lowest of fcc, bcc, hcp
///   and no particular lattice)
/// - Scope:    meant for metals; hydrogen to copernicium, rejects Z ≥ 113. `missing` decides for the elements without parameters
///   (oxygen, sulphur, halogens, noble gases, most actinides)
/// - Numerics: equals matminer 0.10.1 to 10⁻¹⁰
/// - Source:   F. R. de Boer et al., Cohesion in Metals (North-Holland, 1988); R. F. Zhang, S. H. Zhang, Z. J. He, J. Jing, S. H. Sheng,
///   Comput. Phys. Commun. 209, 58 (2016), doi:10.1016/j.cpc.2016.08.013
public struct MiedemaDescriptor: CompositionDescriptor {
    /// `miedema`.
    public static let name = "miedema"
    /// The model, its parameters, and its extension to more than two elements.
    public static let references = [
        Citation("F. R. de Boer, R. Boom, W. C. M. Mattens, A. R. Miedema, A. K. Niessen, Cohesion in Metals (North-Holland, 1988)"),
        Citation(
            "R. F. Zhang, S. H. Zhang, Z. J. He, J. Jing, S. H. Sheng, Comput. Phys. Commun. 209, 58 (2016)",
            doi: "10.1016/j.cpc.2016.08.013"),
        Citation(
            "L. J. Gallego, J. A. Somoza, J. A. Alonso, Glass formation in ternary transition metal alloys, J. Phys. Condens. Matter (1990)"
        ),
    ]
    private static let kilojoulePerMoleInEV = 96.4853

    private let model: MiedemaModel

    /// Reads `missing`: `impute`, `nan` or `reject`.
    public init(settings: inout Settings) throws {
        model = MiedemaModel(missing: try settings.missingElementValue())
        try settings.finish()
    }

    /// `Miedema_deltaH_inter`, `Miedema_deltaH_amor`, `Miedema_deltaH_ss_min`.
    public var featureNames: [String] { ["Miedema_deltaH_inter", "Miedema_deltaH_amor", "Miedema_deltaH_ss_min"] }

    /// Fills the enthalpies of one composition.
    public func describe(_ atomicNumbers: Span<UInt8>, _ amounts: Span<Double>, into features: inout MutableSpan<Double>)
        throws(CandidateDefect)
    {
        try requireElements(atomicNumbers, of: Self.name, last: lastTabulatedElement)
        let total = amounts.sum
        var (ordered, amorphous, solution) = (0.0, 0.0, 0.0)
        var (valence, stability, melting) = (0.0, 0.0, 0.0)
        for i in amounts.indices {
            let (a, xa) = (try model.element(atomicNumbers[i]), amounts[i] / total)
            valence += xa * a.valenceElectrons
            stability += xa * a.structuralStability
            melting += xa * a.meltingTemperature
            for j in 0..<i {
                let (b, xb) = (try model.element(atomicNumbers[j]), amounts[j] / total)
                ordered += MiedemaModel.chemical(a, b, xa, xb, order: 8)
                amorphous += MiedemaModel.chemical(a, b, xa, xb, order: 5)
                solution += MiedemaModel.chemical(a, b, xa, xb, order: 0) + MiedemaModel.elastic(a, b, xa, xb)
            }
        }
        let lattice = MiedemaModel.lowestLatticeStability(valenceElectrons: valence) - stability
        features[0] = ordered / Self.kilojoulePerMoleInEV
        features[1] = (amorphous + 3.5 * melting / 1000) / Self.kilojoulePerMoleInEV
        features[2] = (solution + (lattice > 0 ? 0 : lattice)) / Self.kilojoulePerMoleInEV
    }
}
