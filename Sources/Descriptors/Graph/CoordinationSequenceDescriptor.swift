import MaterialsCore

/// How fast the net of bonded atoms grows: atoms that are 1, 2, …, k bonds away, averaged over the atoms.
///
///     N_k = number of atoms whose shortest path has k bonds        TD = 1 + N_1 + … + N_shells
///
/// - Input:    a structure, and a rule that joins atoms (see `GraphRule`): `bonds`, `tolerance`, `cutoff`, `neighbors`, `bridges`
/// - Output:   `coordination sequence 1` … `shells` (default 10), `topological density`, and the spread of TD over the atoms
///   (`topological density deviation`, mean absolute). With 10 shells TD is the TD10 of crystal chemistry
/// - Scope:    ordered structures of any periodicity; the errors of `CrystalGraphBuilder` and `NetSearch`
/// - Numerics: whole numbers, added up in the order of the atoms; one division
/// - Cost:     about 60 ns per bond within reach of each atom: 0.3 ms for the two atoms of diamond
/// - Source:   G. O. Brunner, F. Laves, Wiss. Z. Tech. Univ. Dresden 20, 387 (1971); M. O'Keeffe, Z. Kristallogr. 196, 21 (1991),
///   doi:10.1524/zkri.1991.196.1-4.21
public struct CoordinationSequenceDescriptor: StructureDescriptor {
    /// `coordination-sequence`.
    public static let name = "coordination-sequence"
    /// Where it is defined.
    public static let references = [
        Citation("G. O. Brunner, F. Laves, Wiss. Z. Tech. Univ. Dresden 20, 387 (1971)"),
        Citation("M. O'Keeffe, Z. Kristallogr. 196, 21 (1991)", doi: "10.1524/zkri.1991.196.1-4.21"),
    ]
    /// All.
    public static let invariances: Invariances = .all
    /// Molecules and layers too.
    public static let supportsOpenAxes = true

    private let builder: CrystalGraphBuilder
    private let shells: Int

    /// Reads `shells` (1 to 30) and the rule of the bonds.
    public init(settings: inout Settings) throws {
        shells = try settings.integer("shells", default: 10, in: 1...30)
        builder = CrystalGraphBuilder(try settings.graphRule())
        try settings.finish()
    }

    /// A label a shell, then the density and its spread.
    public var featureNames: [String] {
        (1...shells).map { "coordination sequence \($0)" } + ["topological density", "topological density deviation"]
    }

    /// Fills one row.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        var search = try NetSearch(try builder.net(crystal))
        let atoms = search.graph.nodeCount
        for k in features.indices { features[k] = 0 }
        var densities: [Double] = []
        for i in 0..<atoms {
            try search.explore(from: i, depth: shells)
            for k in 1...shells { features[k - 1] += Double(search.shellCount(k)) }
            densities.append(Double(search.nodes.count))
        }
        for k in 0..<shells { features[k] /= Double(atoms) }
        // Sums of whole numbers do not depend on the order, and a supercell has the same quotient.
        let mean = densities.reduce(0, +) / Double(atoms)
        features[shells] = mean
        features[shells + 1] = densities.reduce(0) { $0 + abs($1 - mean) } / Double(atoms)
    }
}
