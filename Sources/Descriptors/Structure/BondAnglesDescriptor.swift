import MaterialsCore

/// Angles between the bonds of a site: statistics over all pairs of bonds, and over the sites' mean smallest angle.
///
///     smallest angle at a site = mean over its bonds of the angle to the bond that is nearest in direction
///
/// - Input:    bonds by `neighbors` (default `minimum-distance`; `cutoff`, `nearest`, `voronoi`)
/// - Output:   8 features in degrees: `bond angle` mean, std, min, max over all pairs of bonds at a site, `smallest bond angle` mean, std,
///   min, max over the sites with at least two bonds. NaN where there is no pair
/// - Scope:    ordered structures; `voronoi` needs a crystal that repeats along all axes; rejects sites with more than 2,000 bonds
///   (`too-many-neighbors`)
/// - Numerics: the smallest angle of a site equals matminer's AverageBondAngle with MinimumDistanceNN and VoronoiNN to 10⁻⁶ degrees
/// - Cost:     the square of the bonds of each site
/// - Source:   M. de Jong et al., Sci. Rep. 6, 34256 (2016), doi:10.1038/srep34256
public struct BondAnglesDescriptor: StructureDescriptor {
    /// `bond-angles`.
    public static let name = "bond-angles"
    /// Where bond angles of sites are used to learn elastic moduli.
    public static let references = [Citation("M. de Jong et al., Sci. Rep. 6, 34256 (2016)", doi: "10.1038/srep34256")]
    /// All.
    public static let invariances = Invariances.all
    /// Molecules and slabs have bonds too.
    public static let supportsOpenAxes = true

    private static let maximumBonds = 2000
    private let rule: NeighborRule

    /// Reads `neighbors` with its setting.
    public init(settings: inout Settings) throws {
        rule = try NeighborRule(settings: &settings, default: .minimumDistance)
        try settings.finish()
    }

    /// `bond angle mean`, …, `smallest bond angle mean`, …
    public var featureNames: [String] {
        ["bond angle", "smallest bond angle"].flatMap { quantity in SiteStatistics.names.map { "\(quantity) \($0)" } }
    }

    /// Measures the angles.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        let bonds = try rule.bonds(of: crystal)
        var (angles, means, smallest): ([Double], [Double], [Double]) = ([], [], [])
        for atom in 0..<bonds.atomCount where bonds.range(of: atom).count > 1 {
            let range = bonds.range(of: atom)
            guard range.count <= Self.maximumBonds else {
                throw CandidateDefect("too-many-neighbors", "more than \(Self.maximumBonds) bonds at atom \(atom + 1)")
            }
            smallest.removeAll(keepingCapacity: true)
            smallest.append(contentsOf: repeatElement(.infinity, count: range.count))
            for p in range {
                for q in p + 1..<range.upperBound {
                    let cosine = bonds.directions[p].dot(bonds.directions[q])
                    let angle = PortableMath.acos(max(-1, min(1, cosine))) * (180 / Double.pi)
                    angles.append(angle)
                    smallest[p - range.lowerBound] = min(smallest[p - range.lowerBound], angle)
                    smallest[q - range.lowerBound] = min(smallest[q - range.lowerBound], angle)
                }
            }
            means.append(SiteStatistics(smallest).mean)
        }
        SiteStatistics.write(angles, 0, into: &features)
        SiteStatistics.write(means, 4, into: &features)
    }
}
