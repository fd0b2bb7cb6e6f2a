import MaterialsCore

/// Atom-centred symmetry functions of Behler, averaged over the atoms.
///
///     fc(r) = ½ (cos(π r / r_cut) + 1)
///     G1 = Σ_j fc(r_ij)      G2 = Σ_j exp(−η (r_ij − Rs)²) fc(r_ij)      G3 = Σ_j cos(κ r_ij) fc(r_ij)
///     G4 = 2^(1−ζ) Σ_j<k (1 + λ cos θ_jik)^ζ exp(−η (r_ij² + r_ik² + r_jk²)) fc(r_ij) fc(r_ik) fc(r_jk)
///     G5 = 2^(1−ζ) Σ_j<k (1 + λ cos θ_jik)^ζ exp(−η (r_ij² + r_ik²)) fc(r_ij) fc(r_ik)
///
/// Settings: `species` (symbols; without them all elements count alike), `r_cut` (6 Å), `g2_params` (list of [η, Rs]), `g3_params`
/// (list of κ), `g4_params` and `g5_params` (lists of [η, ζ, λ], λ from −1 to 1), `statistics` over the atoms (`mean`; also `std` of the
/// atoms as a population, `min`, `max`). Where none of the lists is given: G2 with η 2 and Rs 1 … 5 Å, G4 with η 0.01, ζ 1 and 4, λ ±1.
///
/// - Input:    a structure, periodic along any axes
/// - Output:   by element in ascending atomic number G1, G2, G3; then by pair of elements G4, G5; each once a statistic. The element
///   of the centre is not told apart. Labels: `acsf Na G2 eta=2 Rs=1 mean`, `acsf Cl-Na G4 eta=0.01 zeta=1 lambda=-1 mean`
/// - Scope:    rejects elements that are not in `species` (`unknown-species`) and two atoms on one position (`coincident-atoms`)
/// - Numerics: sums run in eight lanes, neighbours in the order of the list. Each atom's values equal DScribe 2.1.2 to 10⁻¹² of the
///   largest. Difference: 1 + λ cos θ rounded below 0 counts as 0, where DScribe gives NaN for a broken ζ
/// - Cost:     grows as the square of the neighbours: about 10 µs a centre with 40 and the default functions
/// - Source:   J. Behler, J. Chem. Phys. 134, 074106 (2011), doi:10.1063/1.3553717
public struct ACSFDescriptor: StructureDescriptor {
    /// `acsf`.
    public static let name = "acsf"
    /// The functions, and the implementation whose order these have.
    public static let references = [
        Citation("J. Behler, J. Chem. Phys. 134, 074106 (2011)", doi: "10.1063/1.3553717"),
        Citation("L. Himanen et al., Comput. Phys. Commun. 247, 106949 (2020)", doi: "10.1016/j.cpc.2019.106949"),
    ]
    /// All of them.
    public static let invariances = Invariances.all
    /// Any axes.
    public static let supportsOpenAxes = true

    private let settings: ACSFSettings
    private let kernel: ACSFKernel
    /// Labels of an atom's values, in DScribe's order.
    public let siteFeatureNames: [String]

    /// Reads the settings.
    public init(settings: inout Settings) throws {
        let own = try ACSFSettings(settings: &settings)
        self.settings = own
        kernel = ACSFKernel(own)
        siteFeatureNames = Self.labels(own)
    }

    /// `acsf Na G2 eta=2 Rs=1 mean` …
    public var featureNames: [String] { siteFeatureNames.flatMap { name in settings.statistics.map { "\(name) \($0.rawValue)" } } }

    private static func labels(_ settings: ACSFSettings) -> [String] {
        let species = settings.species
        let pairs = (0..<species.count).flatMap { kind in
            let names =
                ["G1"] + settings.shells.map { "G2 eta=\(numberText($0.eta)) Rs=\(numberText($0.shift))" }
                + settings.waves.map { "G3 kappa=\(numberText($0))" }
            return names.map { "acsf \(species.label(kind)) \($0)" }
        }
        let shapes = [("G4", settings.closed), ("G5", settings.open)].flatMap { name, triples in
            triples.map { "\(name) eta=\(numberText($0.eta)) zeta=\(numberText($0.zeta)) lambda=\(numberText($0.lambda))" }
        }
        let triples = (0..<species.count).flatMap { first in
            (0...first).flatMap { second in shapes.map { "acsf \(species.label(second))-\(species.label(first)) \($0)" } }
        }
        return pairs + triples
    }

    /// Fills one row with the statistics over the atoms.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        var sites = ACSFSites(kernel: kernel, settings: settings)
        try describe(crystal, &sites, into: &features)
    }

    /// Goes through the rows of the batch in memory that stays.
    public func compute(_ batch: CandidateBatch, into features: inout FeatureMatrix, firstColumn: Int) -> [(
        row: Int, defect: CandidateDefect
    )] {
        var sites = ACSFSites(kernel: kernel, settings: settings)
        let width = siteFeatureNames.count * settings.statistics.count
        var defects: [(row: Int, defect: CandidateDefect)] = []
        for row in 0..<batch.count {
            do throws(CandidateDefect) {
                let crystal = try Self.accepted(batch.structures?[row])
                try features.withRow(row, first: firstColumn, width: width) { (out: inout MutableSpan<Double>) throws(CandidateDefect) in
                    try describe(crystal, &sites, into: &out)
                }
            } catch { defects.append((row, error)) }
        }
        return defects
    }

    /// One row an atom, in their order, labelled by `siteFeatureNames`.
    /// - Throws: `unknown-species`, `coincident-atoms`, `disordered`, and what `NeighborFinder` throws.
    public func siteFeatures(of crystal: CrystalStructure) throws(CandidateDefect) -> FeatureMatrix {
        let crystal = try Self.accepted(crystal)
        var sites = ACSFSites(kernel: kernel, settings: settings)
        try sites.load(crystal)
        return rows(&sites, count: crystal.count)
    }

    private func rows(_ sites: inout ACSFSites, count: Int) -> FeatureMatrix {
        var matrix = FeatureMatrix(rows: count, columns: siteFeatureNames.count)
        matrix.values.withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress else { return }
            for site in 0..<count { sites.describe(site, into: base + site * siteFeatureNames.count) }
        }
        return matrix
    }

    private func describe(
        _ crystal: CrystalStructure, _ sites: inout ACSFSites, into features: inout MutableSpan<Double>
    ) throws(CandidateDefect) {
        try sites.load(crystal)
        let matrix = rows(&sites, count: crystal.count)
        var place = 0
        for column in 0..<matrix.columns {
            let values = SiteStatistics(matrix.column(column))
            for statistic in settings.statistics {
                features[place] = values[statistic]
                place += 1
            }
        }
    }
}

extension SiteStatistics {
    /// The number of a name.
    fileprivate subscript(_ statistic: ACSFSettings.Statistic) -> Double {
        switch statistic {
        case .mean: mean
        case .std: deviation
        case .min: minimum
        case .max: maximum
        }
    }
}
