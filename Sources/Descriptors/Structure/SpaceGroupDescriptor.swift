import MaterialsCore
import Symmetry

/// Space group, crystal system, and how the atoms sit on Wyckoff positions.
///
/// - Input:    a crystal. `symprec` (default 0.01 Å): how far atoms may be from where symmetry wants them; `angle_tolerance` (default 5°)
/// - Output:   21 features: `spacegroup_num` (1…230), `crystal_system_int` (1 cubic, 2 hexagonal, 3 trigonal, 4 tetragonal,
///   5 orthorhombic, 6 monoclinic, 7 triclinic), `is_centrosymmetric`, `point_group_order`, `lattice_points` (of the conventional cell: 1
///   to 4), `n_symmetry_ops conventional cell` (their product), `crystal_system <name>` (seven, 1 for the crystal's), `wyckoff orbits`
///   (occupied ones), `wyckoff letters` (different ones), multiplicity in the conventional cell: `minimum`, `maximum`, `mean` over the
///   orbits, `fraction in general position` (atoms), `sites primitive cell`, `sites conventional cell`
/// - Scope:    positions with several species count as one atom of a kind of its own. Rejects crystals for which the search fails
///   (`no-symmetry`): atoms on top of each other, a cell without volume; and more than 5,000 positions
///   (`too-many-atoms`)
/// - Numerics: whole numbers and their ratios, independent of the order of atoms. spglib 2.8 finds the same on 197 crystals, on
///   crystals constructed for each of the 230 groups, and on 295 examples but one, where its answer depends on the order of atoms
/// - Cost:     about 5 ms for 10 atoms, growing with the square to the cube of their number
/// - Source:   A. Togo, K. Shinohara, I. Tanaka, Sci. Technol. Adv. Mater. Methods 4, 2384822 (2024),
///   doi:10.1080/27660400.2024.2384822; the first three as matminer's GlobalSymmetryFeatures. Differences: matminer's `n_symmetry_ops`
///   depends on the cell: it is `point_group_order` times the lattice points of the cell as given
public struct SpaceGroupDescriptor: StructureDescriptor {
    /// `space-group`.
    public static let name = "space-group"
    /// The library that finds the symmetry, and the implementation whose labels the first three are.
    public static let references = [
        Citation(
            "A. Togo, K. Shinohara, I. Tanaka, Sci. Technol. Adv. Mater. Methods 4, 2384822 (2024)", doi: "10.1080/27660400.2024.2384822"),
        Citation("L. Ward et al., Comput. Mater. Sci. 152, 60 (2018)", doi: "10.1016/j.commatsci.2018.05.018"),
    ]
    /// Not of a mirror, which takes a chiral space group to its partner.
    public static let invariances: Invariances = [.translation, .rotation, .permutation, .cell]
    /// Equal mixtures are equal atoms.
    public static let supportsDisorder = true

    private let tolerance: SymmetryTolerance

    /// Reads `symprec` (Å) and `angle_tolerance` (degrees).
    public init(settings: inout Settings) throws {
        tolerance = try settings.symmetryTolerance(defaultDistance: 0.01)
        try settings.finish()
    }

    /// 21 labels.
    public var featureNames: [String] {
        ["spacegroup_num", "crystal_system_int", "is_centrosymmetric", "point_group_order", "lattice_points"]
            + ["n_symmetry_ops conventional cell"] + CrystalSystem.allCases.map { "crystal_system \($0)" }
            + ["wyckoff orbits", "wyckoff letters", "minimum multiplicity", "maximum multiplicity", "mean multiplicity"]
            + ["fraction in general position", "sites primitive cell", "sites conventional cell"]
    }

    /// Fills the values.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        let symmetry = try DetectedSymmetry(crystal, tolerance: tolerance)
        let operations = symmetry.pointGroupOrder * symmetry.latticePoints
        let group = [
            symmetry.spaceGroup.number, symmetry.crystalSystem.rawValue, symmetry.isCentrosymmetric ? 1 : 0, symmetry.pointGroupOrder,
            symmetry.latticePoints, operations,
        ]
        for (column, value) in group.enumerated() { features[column] = Double(value) }
        for (index, system) in CrystalSystem.allCases.enumerated() {
            features[group.count + index] = system == symmetry.crystalSystem ? 1 : 0
        }
        var column = group.count + CrystalSystem.allCases.count
        for value in Self.wyckoff(symmetry, operations: operations) {
            features[column] = value
            column += 1
        }
        features[column] = Double(symmetry.primitiveSiteCount)
        features[column + 1] = Double(symmetry.standardSiteCount)
    }

    private static func wyckoff(_ symmetry: DetectedSymmetry, operations: Int) -> [Double] {
        let heads = symmetry.orbits.indices.filter { symmetry.orbits[$0] == $0 }
        let multiplicities = heads.map { symmetry.multiplicities[$0] }
        let general = symmetry.multiplicities.count { $0 == operations }
        return [
            Double(heads.count), Double(Set(heads.map { symmetry.wyckoffLetters[$0] }).count), Double(multiplicities.min() ?? 0),
            Double(multiplicities.max() ?? 0), Double(multiplicities.reduce(0, +)) / Double(max(1, heads.count)),
            Double(general) / Double(symmetry.orbits.count),
        ]
    }
}

extension Settings {
    /// Reads `symprec` (Å) and `angle_tolerance` (degrees, default 5).
    mutating func symmetryTolerance(defaultDistance: Double) throws -> SymmetryTolerance {
        SymmetryTolerance(
            distanceAngstrom: try number("symprec", default: defaultDistance, in: 1e-8...1),
            angleDegrees: try number("angle_tolerance", default: 5, in: 1e-3...30))
    }
}
