import MaterialsCore
import Symmetry

/// How much information it takes to say which orbit each atom of the cell belongs to.
///
///     I = - Σ pᵢ log₂ pᵢ bits/atom,   pᵢ = mᵢ / v
///
/// - Input:    a crystal whose primitive cell has v atoms, mᵢ of them on orbit i. `symprec` (default 0.1 Å), `angle_tolerance` (default 5°)
/// - Output:   2 features: `structural complexity per atom` (bits/atom), `structural complexity per primitive cell` (v times that, bits)
/// - Scope:    positions with several species count as one atom of a kind of its own. Rejects crystals for which the search for symmetry
///   fails (`no-symmetry`)
/// - Numerics: sum over the orbits from the largest to the smallest; matminer 0.10.1 agrees to 10⁻¹² where it finds the same orbits
/// - Cost:     that of `space-group`
/// - Source:   S. V. Krivovichev, Mineral. Mag. 77, 275 (2013), eqs. 1 to 3, doi:10.1180/minmag.2013.077.3.05. Differences: matminer counts
///   the atoms of the cell as given, so its second value grows with the cell, and in a supercell that breaks symmetry by its shape it
///   takes the orbits of the broken symmetry
public struct StructuralComplexityDescriptor: StructureDescriptor {
    /// `structural-complexity`.
    public static let name = "structural-complexity"
    /// The paper.
    public static let references = [Citation("S. V. Krivovichev, Mineral. Mag. 77, 275 (2013)", doi: "10.1180/minmag.2013.077.3.05")]
    /// All.
    public static let invariances: Invariances = .all
    /// Equal mixtures are equal atoms.
    public static let supportsDisorder = true

    private let tolerance: SymmetryTolerance

    /// Reads `symprec` (Å) and `angle_tolerance` (degrees).
    public init(settings: inout Settings) throws {
        tolerance = try settings.symmetryTolerance(defaultDistance: 0.1)
        try settings.finish()
    }

    /// Bits an atom, bits a primitive cell.
    public var featureNames: [String] { ["structural complexity per atom", "structural complexity per primitive cell"] }

    /// Fills the two values.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        let symmetry = try DetectedSymmetry(crystal, tolerance: tolerance)
        var sizes = [Int](repeating: 0, count: symmetry.orbits.count)
        for orbit in symmetry.orbits { sizes[orbit] += 1 }
        var bits = 0.0
        for size in sizes.sorted(by: >) where size > 0 {
            let share = Double(size) / Double(symmetry.orbits.count)
            bits -= share * PortableMath.log2(share)
        }
        features[0] = bits
        features[1] = bits * Double(symmetry.primitiveSiteCount)
    }
}
