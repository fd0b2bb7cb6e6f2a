import MaterialsCore

/// Electrostatic energies of pairs of nuclei and all their images, with a uniform neutralising background.
///
///     M_ij = Z_i Z_j (Σ_images erfc(α r)/r + 4π/V Σ_G exp(-G²/4α²)/G² cos G·r_ij - π/(V α²))
///     M_ii = half of it over the images of i itself, less α/√π Z_i²
///
/// - Input:    lattice in Å, atomic numbers, positions. Settings as in the reference code: `accuracy` (1e-5) and `w` (1) choose the
///   cutoffs; or `r_cut` in Å with `g_cut` in 1/Å; and `a`, the inverse width α of the clouds in 1/Å
/// - Output:   as `coulomb-matrix`; atomic numbers squared per Å
/// - Scope:    rejects more than `n_atoms_max` (200) atoms (`too-many-atoms`), atoms on one point (`coincident-atoms`)
/// - Numerics: equals DScribe 2.1.2 to 10⁻¹⁰ of the largest value
/// - Cost:     of order n^2.5
/// - Source:   F. Faber, A. Lindmaa, O. A. von Lilienfeld, R. Armiento, Int. J. Quantum Chem. 115, 1094 (2015), eqs. 20–23,
///   doi:10.1002/qua.24917
public struct EwaldMatrixDescriptor: StructureDescriptor {
    /// `ewald-matrix`.
    public static let name = "ewald-matrix"
    /// The paper, and the code whose layout this is.
    public static let references = SineMatrixDescriptor.references
    /// A matrix of all atoms of a cell: another cell, another matrix.
    public static let invariances: Invariances = [.translation, .rotation, .permutation, .mirror]

    private let layout: AtomMatrixLayout
    private let accuracy, weight: Double
    private let screening: Double?
    private let cutoffs: (real: Double, reciprocal: Double)?

    /// Reads `permutation`, `n_atoms_max`, `accuracy`, `w`, `r_cut`, `g_cut` and `a`.
    public init(settings: inout Settings) throws {
        layout = try AtomMatrixLayout(settings: &settings)
        featureNames = layout.labels("ewald matrix")
        accuracy = try settings.number("accuracy", default: 1e-5, in: 1e-300...0.5)
        weight = try settings.number("w", default: 1, in: 1e-6...1e6)
        screening = try settings.positive("a")
        switch (try settings.positive("r_cut"), try settings.positive("g_cut")) {
        case (nil, nil): cutoffs = nil
        case (let real?, let reciprocal?): cutoffs = (real, reciprocal)
        default: throw Settings.error(settings.line, "\(settings.subject) needs both 'r_cut' and 'g_cut', or neither")
        }
        try settings.finish()
    }

    /// Eigenvalues or elements.
    public let featureNames: [String]

    /// Fills one row.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        try layout.describe(crystal, into: &features, matrix: matrix)
    }

    /// The matrix itself, row-major, in the order of the atoms.
    public func matrix(_ crystal: CrystalStructure) throws(CandidateDefect) -> [Double] {
        try EwaldSum(crystal, reach: reach(crystal)).matrix(crystal.atomicNumbers.map(Double.init))
    }

    private func reach(_ crystal: CrystalStructure) -> EwaldSum.Reach {
        let screening =
            screening
            ?? EwaldSum.Reach.balancedScreening(atoms: crystal.count, volume: crystal.lattice.volume, weight: weight)
        guard let cutoffs else { return EwaldSum.Reach(screening: screening, accuracy: accuracy) }
        return EwaldSum.Reach(screening: screening, realCutoff: cutoffs.real, reciprocalCutoff: cutoffs.reciprocal)
    }
}

extension Settings {
    /// A number above 0, or nil where the key is missing.
    mutating func positive(_ key: String) throws -> Double? {
        guard let n = try number(key) else { return nil }
        guard n > 0, n < .infinity else { throw Self.error(line(of: key), "'\(key)' of \(subject) must be above 0") }
        return n
    }
}
