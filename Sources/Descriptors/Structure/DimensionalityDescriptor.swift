import MaterialsCore

/// Along how many directions the network of bonds goes on: molecules, chains, sheets, frameworks.
///
/// - Input:    an ordered structure. Atoms are bonded up to the sum of their radii plus `tolerance` (default 0.45 Å); `radii`: `covalent`
///   (default) or `jmol`
/// - Output:   8 features: `dimensionality` (of the highest-dimensional piece, 0…3), `lowest dimensionality`,
///   `fraction of atoms 0D` … `3D`, `molecules per atom` (0D pieces), `3D networks` (separate frameworks in the whole crystal: 2 or more
///   where they interpenetrate)
/// - Scope:    axes that do not repeat carry no bonds. An element without a radius is `no-element-value` (covalent: beyond Cm)
/// - Numerics: whole numbers and their ratios; pymatgen 2026.10.24 finds the same pieces with the same rule for bonds
/// - Cost:     a neighbour list of about 5 Å
/// - Source:   P. M. Larsen, M. Pandey, M. Strange, K. W. Jacobsen, Phys. Rev. Materials 3, 034003 (2019),
///   doi:10.1103/PhysRevMaterials.3.034003; radii: B. Cordero et al., Dalton Trans. 2832 (2008), doi:10.1039/b801115j; tolerance: Jmol.
///   Differences: matminer finds bonds with CrystalNN (Voronoi weights) by default; pymatgen's JmolNN is `radii: jmol`
public struct DimensionalityDescriptor: StructureDescriptor {
    /// `dimensionality`.
    public static let name = "dimensionality"
    /// The method and the radii.
    public static let references = [
        Citation(
            "P. M. Larsen, M. Pandey, M. Strange, K. W. Jacobsen, Phys. Rev. Materials 3, 034003 (2019)",
            doi: "10.1103/PhysRevMaterials.3.034003"),
        Citation("B. Cordero et al., Dalton Trans. 2832 (2008)", doi: "10.1039/b801115j"),
    ]
    /// All.
    public static let invariances: Invariances = .all
    /// Molecules, polymers and slabs too.
    public static let supportsOpenAxes = true

    private let radii: BondedNetwork.Radii
    private let tolerance: Double

    /// Reads `radii` and `tolerance` (Å).
    public init(settings: inout Settings) throws {
        radii = try settings.choice("radii", default: .covalent)
        tolerance = try settings.number("tolerance", default: 0.45, in: -1...3)
        try settings.finish()
    }

    /// 8 labels.
    public var featureNames: [String] {
        ["dimensionality", "lowest dimensionality"] + (0...3).map { "fraction of atoms \($0)D" } + ["molecules per atom", "3D networks"]
    }

    /// Fills the values.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        _ = try crystal.requireVolume()
        let components = try BondedNetwork(crystal, radii: radii, tolerance: tolerance).components
        let dimensions = components.map(\.dimension)
        features[0] = Double(dimensions.max() ?? 0)
        features[1] = Double(dimensions.min() ?? 0)
        for dimension in 0...3 {
            let atoms = components.reduce(0) { $0 + ($1.dimension == dimension ? $1.entries.count : 0) }
            features[2 + dimension] = Double(atoms) / Double(crystal.count)
        }
        features[6] = Double(dimensions.count { $0 == 0 }) / Double(crystal.count)
        features[7] = Double(components.reduce(0) { $0 + ($1.dimension == 3 ? $1.copies : 0) })
    }
}
