import MaterialsCore
import Neighborhoods

/// Sizes of the pores between hard spheres, in Zeo++'s terms.
///
/// - Input:    radii of the atoms (`radii`: `ccdc`, `zeolite` or `none`; `element_radii`), `probe` radius in Å (1.2; Zeo++'s channel radius)
/// - Output:   diameters in Å: largest included sphere (Di), largest free sphere (Df), largest included sphere along the free path (Dif: in
///   any channel that Df passes); most directions in which a probe travels without end, 0–3 (channels of different directions that do not
///   meet are not added up)
/// - Scope:    ordered crystals that repeat along all three axes, at most 4,000 atoms (`too-many-atoms`)
/// - Numerics: exact where all radii are equal (known packings to 10⁻⁹); else Di, Df and Dif are those at vertices and along edges of the
///   radical tessellation, as in Zeo++. The dimensionality is exact for any radii; it may differ from what Df says by the error of Df
/// - Cost:     the tessellation: 0.2 to 1 ms an atom, more the wider the pores; twice that where radii differ
/// - Source:   T. F. Willems, C. H. Rycroft, M. Kazi, J. C. Meza, M. Haranczyk, Microporous Mesoporous Mater. 149, 134 (2012),
///   doi:10.1016/j.micromeso.2011.08.020
public struct PoreSpheresDescriptor: StructureDescriptor {
    /// `pore-spheres`.
    public static let name = "pore-spheres"
    /// The papers.
    public static let references = [
        Citation(
            "T. F. Willems, C. H. Rycroft, M. Kazi, J. C. Meza, M. Haranczyk, Microporous Mesoporous Mater. 149, 134 (2012)",
            doi: "10.1016/j.micromeso.2011.08.020"),
        Citation(
            "M. D. Foster, I. Rivin, M. M. J. Treacy, O. Delgado Friedrichs, Microporous Mesoporous Mater. 90, 32 (2006)",
            doi: "10.1016/j.micromeso.2005.08.025"),
    ]
    /// All.
    public static let invariances = Invariances.all

    /// Atoms that a cell may have.
    static let atomLimit = 4000
    private let radii: PoreRadiiSettings
    private let probe: Double

    /// Reads `radii`, `element_radii` and `probe`.
    public init(settings: inout Settings) throws {
        radii = try PoreRadiiSettings(&settings)
        probe = try settings.number("probe", default: 1.2, in: 0...20)
        try settings.finish()
    }

    /// Four labels.
    public var featureNames: [String] {
        [
            "largest included sphere Di", "largest free sphere Df", "largest included sphere along free path Dif", "channel dimensionality",
        ]
    }

    /// Fills one row.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        let pores = try Self.network(crystal, radii.radii(of: crystal))
        let free = pores.freeSphere()
        features[0] = 2 * pores.largestIncludedSphere()
        features[1] = 2 * free.radius
        features[2] = 2 * free.included
        features[3] = Double(try pores.channelDimensionality(probe: probe, crystal))
    }

    static func network(_ crystal: CrystalStructure, _ radii: [Double]) throws(CandidateDefect) -> PoreNetwork {
        guard crystal.count <= atomLimit else {
            throw CandidateDefect("too-many-atoms", "\(crystal.count) atoms in the cell; pores are sought among at most \(atomLimit)")
        }
        if crystal.count == 0 { throw CandidateDefect("no-atoms", "the structure has no atoms") }
        return try PoreNetwork(crystal, radii: radii)
    }
}
