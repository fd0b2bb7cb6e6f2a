import MaterialsCore

/// Coulomb repulsion of the nuclei of a molecule, pair by pair.
///
///     M_ij = Z_i Z_j / |r_i - r_j|        M_ii = Z_i^2.4 / 2
///
/// - Input:    atomic numbers and positions as they stand: no periodic images (for crystals see `sine-matrix`)
/// - Output:   `permutation`: `eigenspectrum` (default; `n_atoms_max` eigenvalues by descending magnitude), `sorted_l2` or `none`
///   (`n_atoms_max`² elements, row by row); filled up with zeros. Units: atomic numbers squared per Å, as in the reference code
/// - Scope:    rejects more than `n_atoms_max` (200) atoms (`too-many-atoms`), atoms closer than 10⁻⁸ Å (`coincident-atoms`)
/// - Numerics: equals DScribe 2.1.2 to 10⁻¹² of the largest value
/// - Cost:     of order n² for the matrix, 2n³ for the eigenvalues
/// - Source:   M. Rupp, A. Tkatchenko, K.-R. Müller, O. A. von Lilienfeld, Phys. Rev. Lett. 108, 058301 (2012),
///   doi:10.1103/PhysRevLett.108.058301
public struct CoulombMatrixDescriptor: StructureDescriptor {
    /// `coulomb-matrix`.
    public static let name = "coulomb-matrix"
    /// The paper, and the code whose layout this is.
    public static let references = [
        Citation(
            "M. Rupp, A. Tkatchenko, K.-R. Müller, O. A. von Lilienfeld, Phys. Rev. Lett. 108, 058301 (2012)",
            doi: "10.1103/PhysRevLett.108.058301"), dscribe,
    ]
    /// Positions count as they stand, so other cells and images give other values.
    public static let invariances: Invariances = [.translation, .rotation, .permutation, .mirror]
    /// Molecules above all.
    public static let supportsOpenAxes = true

    private let layout: AtomMatrixLayout

    /// Reads `permutation` and `n_atoms_max`.
    public init(settings: inout Settings) throws {
        layout = try AtomMatrixLayout(settings: &settings)
        featureNames = layout.labels("coulomb matrix")
        try settings.finish()
    }

    /// Eigenvalues or elements.
    public let featureNames: [String]

    /// Fills one row.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        try layout.describe(crystal, into: &features, matrix: Self.matrix)
    }

    /// The matrix itself, row-major, in the order of the atoms.
    public static func matrix(_ crystal: CrystalStructure) throws(CandidateDefect) -> [Double] {
        let n = crystal.count
        let positions = (0..<n).map { crystal.cartesian($0) }
        var matrix = [Double](repeating: 0, count: n * n)
        for i in 0..<n {
            let z = Double(crystal.atomicNumbers[i])
            matrix[i * n + i] = freeAtomTerm[Int(crystal.atomicNumbers[i])]
            for j in 0..<i {
                let distance = (positions[i] - positions[j]).length
                guard distance > 1e-8 else { throw coincidentAtoms(i, j) }
                let value = z * Double(crystal.atomicNumbers[j]) / distance
                (matrix[i * n + j], matrix[j * n + i]) = (value, value)
            }
        }
        return matrix
    }
}

/// The library whose settings and layouts the descriptors of this folder follow.
let dscribe = Citation("L. Himanen et al., Comput. Phys. Commun. 247, 106949 (2020)", doi: "10.1016/j.cpc.2019.106949")
