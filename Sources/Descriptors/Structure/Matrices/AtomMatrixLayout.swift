import LinearAlgebra
import MaterialsCore

/// What becomes of the order of the atoms in a matrix of pairs of atoms.
public enum AtomMatrixPermutation: String, CaseIterable, Sendable {
    /// Eigenvalues, by descending magnitude.
    case eigenspectrum
    /// Rows and columns by descending norm of the row.
    case sortedL2 = "sorted_l2"
    /// As in the source.
    case none
}

/// How a matrix of pairs of atoms becomes a row of features: permutation, then zeros up to a number of atoms.
///
/// - Numerics: eigenvalues of equal magnitude: the larger first; rows of equal norm in the order of the atoms
public struct AtomMatrixLayout: Sendable {
    /// What becomes of the order of the atoms.
    public let permutation: AtomMatrixPermutation
    /// Atoms that a structure may have.
    public let atomLimit: Int

    /// Reads `permutation` (`eigenspectrum`, `sorted_l2`, `none`) and `n_atoms_max` (default 200).
    init(settings: inout Settings) throws {
        permutation = try settings.choice("permutation", default: .eigenspectrum)
        atomLimit = try settings.integer("n_atoms_max", default: 200, in: 1...2000)
    }

    /// Number of features.
    var width: Int { permutation == .eigenspectrum ? atomLimit : atomLimit * atomLimit }

    /// Labels: `<matrix> eigenvalue 1` …, or `<matrix> 1-1`, `<matrix> 1-2` …, row by row.
    func labels(_ matrix: String) -> [String] {
        if permutation == .eigenspectrum { return (1...atomLimit).map { "\(matrix) eigenvalue \($0)" } }
        return (1...atomLimit).flatMap { row in (1...atomLimit).map { "\(matrix) \(row)-\($0)" } }
    }

    /// Fills one row with the matrix of a structure that there is room for.
    func describe(
        _ crystal: CrystalStructure, into features: inout MutableSpan<Double>,
        matrix: (CrystalStructure) throws(CandidateDefect) -> [Double]
    ) throws(CandidateDefect) {
        try check(crystal)
        var values = try matrix(crystal)
        try fill(&values, atoms: crystal.count, into: &features)
    }

    /// Refuses structures with more atoms than there is room for.
    func check(_ crystal: CrystalStructure) throws(CandidateDefect) {
        if crystal.count > atomLimit {
            throw CandidateDefect("too-many-atoms", "\(crystal.count) atoms, more than n_atoms_max = \(atomLimit)")
        }
    }

    /// Lays a symmetric matrix (`atoms` × `atoms`, row-major) out.
    func fill(_ matrix: inout [Double], atoms: Int, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        for i in 0..<features.count { features[i] = 0 }
        if permutation == .eigenspectrum { return try fillEigenvalues(&matrix, atoms, &features) }
        var order = Array(0..<atoms)
        if permutation == .sortedL2 {
            let norms = (0..<atoms).map { i in matrix[i * atoms..<(i + 1) * atoms].reduce(0) { $0 + $1 * $1 }.squareRoot() }
            order.sort { norms[$0] > norms[$1] || norms[$0] == norms[$1] && $0 < $1 }
        }
        for (row, i) in order.enumerated() {
            for (column, j) in order.enumerated() { features[row * atomLimit + column] = matrix[i * atoms + j] }
        }
    }

    private func fillEigenvalues(_ matrix: inout [Double], _ atoms: Int, _ features: inout MutableSpan<Double>) throws(CandidateDefect) {
        var workspace = EigenWorkspace(size: atoms)
        var span = matrix.mutableSpan
        guard let values = workspace.eigenvalues(&span, size: atoms) else {
            throw CandidateDefect("no-eigenvalues", "the eigenvalues of the matrix of \(atoms) atoms were not found")
        }
        // Ascending: the largest magnitude is always at one of the ends.
        var (low, high) = (0, atoms - 1)
        for i in 0..<atoms {
            if values[high] >= -values[low] {
                features[i] = values[high]
                high -= 1
            } else {
                features[i] = values[low]
                low += 1
            }
        }
    }
}

/// `Z^2.4 / 2`, the energy of a free atom as the matrices approximate it; by atomic number.
let freeAtomTerm: [Double] = (0...118).map { 0.5 * PortableMath.pow(Double($0), 2.4) }

/// The defect of two atoms on one point, where a matrix would be infinite.
func coincidentAtoms(_ i: Int, _ j: Int) -> CandidateDefect {
    CandidateDefect("coincident-atoms", "atoms \(min(i, j) + 1) and \(max(i, j) + 1) are on one point")
}
