import MaterialsCore

/// Smooth overlap of atomic positions: the power spectrum of the Gaussian density around each atom.
///
///     ρ_Z(r) = Σ_i w(r_i) exp(−|r − r_i|² / 2σ²)      c_nlm^Z = ∫ g_nl(r) Y_lm(r) ρ_Z(r) dr
///     p_nn'l^ZZ' = π √(8 / (2l + 1)) Σ_m c_nlm^Z c_n'lm^Z'
///
/// Settings: `species` (symbols), `r_cut` (5 Å, or the reach of `weighting`), `n_max` (8), `l_max` (6), `sigma` (1 Å), `average`
/// (`outer`: mean of the sites' spectra; `inner`: spectrum of the sites' mean coefficients), `compression` (`off`, `mu2`, `mu1nu1`,
/// `crossover`), `species_weighting` (a number for each element) and `weighting` (`function`: `poly`, `pow` or `exp`, with `r0`, `c`,
/// `d`, `m`, `threshold`; `w0`: weight of the central atom). Without `species` all elements count alike (compression `mu2`), so that
/// any structure can be described.
///
/// - Input:    a structure, periodic along any axes; atoms up to r_cut + σ√(2 ln 1000) contribute with their tails
/// - Output:   pairs of elements in ascending atomic number, then l, n, n' (n' ≥ n within one element), labelled
///   `soap Na-Cl n1 n'2 l3`. Elements that a structure lacks give 0
/// - Scope:    rejects elements that are not in `species` (`unknown-species`); the settings are refused where the radial functions are
///   linearly dependent in double precision (too many of them for the cutoff)
/// - Numerics: neighbours in the order of the list, the centre first; radial functions to 10⁻¹⁵ relative. Equals DScribe 2.1.2 to 10⁻⁸
///   of the largest value while n_max ≤ 9; beyond, DScribe's own orthonormalisation loses digits (10⁻⁶ at n_max 12), ours does not
/// - Cost:     neighbours × n_max × (l_max + 1)² multiplications a centre: about 10 µs for n_max 8, l_max 6 and 120 neighbours
/// - Source:   A. P. Bartók, R. Kondor, G. Csányi, Phys. Rev. B 87, 184115 (2013), doi:10.1103/PhysRevB.87.184115; basis and labels of
///   L. Himanen et al., Comput. Phys. Commun. 247, 106949 (2020), doi:10.1016/j.cpc.2019.106949
public struct SOAPDescriptor: StructureDescriptor {
    /// `soap`.
    public static let name = "soap"
    /// The idea, the implementation whose values these are, and the compressions.
    public static let references = [
        Citation("A. P. Bartók, R. Kondor, G. Csányi, Phys. Rev. B 87, 184115 (2013)", doi: "10.1103/PhysRevB.87.184115"),
        Citation("L. Himanen et al., Comput. Phys. Commun. 247, 106949 (2020)", doi: "10.1016/j.cpc.2019.106949"),
        Citation("J. P. Darby, J. R. Kermode, G. Csányi, npj Comput. Mater. 8, 166 (2022)", doi: "10.1038/s41524-022-00847-y"),
    ]
    /// All of them.
    public static let invariances = Invariances.all
    /// Any axes.
    public static let supportsOpenAxes = true

    private let settings: SOAPSettings
    private let kernel: SOAPKernel
    private let spectrum: SOAPPowerSpectrum

    /// Reads the settings and prepares the radial functions.
    public init(settings: inout Settings) throws {
        let own = try SOAPSettings(settings: &settings)
        let basis = SOAPBasis(cutoff: own.cutoff, radialCount: own.radialCount, degree: own.degree, width: own.width)
        guard basis.condition < 1e16 else {
            throw Settings.error(
                settings.line(of: "n_max"),
                "\(own.radialCount) radial functions within \(own.cutoff) Å are not independent; lower 'n_max' or raise 'r_cut'")
        }
        self.settings = own
        kernel = SOAPKernel(basis, reach: own.cutoff + own.padding)
        spectrum = SOAPPowerSpectrum(own, kernel: kernel)
    }

    /// `soap Na-Cl n1 n'2 l3` …
    public var featureNames: [String] { spectrum.labels(settings.kinds) }

    /// Fills one row with the average over the atoms.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        var expansion = SOAPExpansion(kernel: kernel, settings: settings)
        try describe(crystal, &expansion, into: &features)
    }

    /// Goes through the rows of the batch in memory that stays.
    public func compute(_ batch: CandidateBatch, into features: inout FeatureMatrix, firstColumn: Int) -> [(
        row: Int, defect: CandidateDefect
    )] {
        var expansion = SOAPExpansion(kernel: kernel, settings: settings)
        var defects: [(row: Int, defect: CandidateDefect)] = []
        for row in 0..<batch.count {
            do throws(CandidateDefect) {
                let crystal = try Self.accepted(batch.structures?[row])
                try features.withRow(row, first: firstColumn, width: spectrum.count) {
                    (out: inout MutableSpan<Double>) throws(CandidateDefect) in try describe(crystal, &expansion, into: &out)
                }
            } catch { defects.append((row, error)) }
        }
        return defects
    }

    private func describe(
        _ crystal: CrystalStructure, _ expansion: inout SOAPExpansion, into features: inout MutableSpan<Double>
    ) throws(CandidateDefect) {
        try expansion.load(crystal)
        features.withUnsafeMutableBufferPointer { row in
            var row = row
            row.update(repeating: 0)
            switch settings.average {
            case .outer: averageSpectra(&expansion, sites: crystal.count, into: &row)
            case .inner: averageCoefficients(&expansion, sites: crystal.count, into: &row)
            }
        }
    }

    /// One row an atom, in their order: the values that the average is taken of.
    /// - Throws: `unknown-species`, `too-many-neighbors`, `disordered`
    public func siteFeatures(of crystal: CrystalStructure) throws(CandidateDefect) -> FeatureMatrix {
        let crystal = try Self.accepted(crystal)
        var expansion = SOAPExpansion(kernel: kernel, settings: settings)
        try expansion.load(crystal)
        var matrix = FeatureMatrix(rows: crystal.count, columns: spectrum.count)
        for site in 0..<crystal.count {
            expansion.expand(site)
            matrix.withRow(site, first: 0, width: matrix.columns) { row in
                row.withUnsafeMutableBufferPointer { row in
                    var row = row
                    spectrum.add(expansion.coefficients, isNear: expansion.isNear, to: &row)
                }
            }
        }
        return matrix
    }

    private func averageSpectra(_ expansion: inout SOAPExpansion, sites: Int, into row: inout UnsafeMutableBufferPointer<Double>) {
        for site in 0..<sites {
            expansion.expand(site)
            spectrum.add(expansion.coefficients, isNear: expansion.isNear, to: &row)
        }
        for i in row.indices { row[i] /= Double(sites) }
    }

    private func averageCoefficients(_ expansion: inout SOAPExpansion, sites: Int, into row: inout UnsafeMutableBufferPointer<Double>) {
        var mean = [Double](repeating: 0, count: expansion.coefficients.count)
        for site in 0..<sites {
            expansion.expand(site)
            for i in mean.indices { mean[i] += expansion.coefficients[i] }
        }
        for i in mean.indices { mean[i] /= Double(sites) }
        spectrum.add(mean, isNear: [Bool](repeating: true, count: settings.kinds.count), to: &row)
    }
}
