import MaterialsCore

/// Lengths of the bonds: statistics over all bonds, and over the weighted mean length at each site.
///
///     mean length at a site = Σ w d / Σ w
///
/// - Input:    bonds by `neighbors` (default `minimum-distance`; `cutoff`, `nearest`, `voronoi`)
/// - Output:   8 features in Å: `bond length` mean, std, min, max over bonds (each weighs the same, and counts at both ends), `site bond
///   length` mean, std, min, max over sites. NaN where nothing is bonded
/// - Scope:    ordered structures; `voronoi` needs a crystal that repeats along all axes
/// - Numerics: the length at a site equals matminer's AverageBondLength with MinimumDistanceNN and VoronoiNN to 10⁻⁹ Å
/// - Cost:     a neighbour search, or a tessellation
/// - Source:   M. de Jong et al., Sci. Rep. 6, 34256 (2016), doi:10.1038/srep34256
public struct BondLengthsDescriptor: StructureDescriptor {
    /// `bond-lengths`.
    public static let name = "bond-lengths"
    /// Where bond lengths of sites are used to learn elastic moduli.
    public static let references = [Citation("M. de Jong et al., Sci. Rep. 6, 34256 (2016)", doi: "10.1038/srep34256")]
    /// All.
    public static let invariances = Invariances.all
    /// Molecules and slabs have bonds too.
    public static let supportsOpenAxes = true

    private let rule: NeighborRule

    /// Reads `neighbors` with its setting.
    public init(settings: inout Settings) throws {
        rule = try NeighborRule(settings: &settings, default: .minimumDistance)
        try settings.finish()
    }

    /// `bond length mean`, …, `site bond length mean`, …
    public var featureNames: [String] {
        ["bond length", "site bond length"].flatMap { quantity in SiteStatistics.names.map { "\(quantity) \($0)" } }
    }

    /// Measures the bonds.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        let bonds = try rule.bonds(of: crystal)
        var means: [Double] = []
        for atom in 0..<bonds.atomCount where !bonds.range(of: atom).isEmpty {
            var (sum, total) = (0.0, 0.0)
            for p in bonds.range(of: atom) {
                sum += bonds.weights[p] * bonds.lengths[p]
                total += bonds.weights[p]
            }
            means.append(sum / total)
        }
        SiteStatistics.write(bonds.lengths, 0, into: &features)
        SiteStatistics.write(means, 4, into: &features)
    }
}
