import MaterialsCore

/// Coordination numbers of the sites: mean, standard deviation, minimum, maximum.
///
///     weights none: CN = number of bonds      sum: CN = Σ w      effective: CN = (Σ w)² / Σ w²
///
/// - Input:    bonds by `neighbors` (default `minimum-distance`; `cutoff`, `nearest`, `voronoi`) and `weights` (default `none`)
/// - Output:   4 features over the sites
/// - Scope:    ordered structures; `voronoi` needs a crystal that repeats along all axes
/// - Numerics: equals matminer's CoordinationNumber with MinimumDistanceNN and VoronoiNN of pymatgen to 10⁻⁹
/// - Cost:     a neighbour search, or a tessellation
/// - Source:   M. O'Keeffe, Acta Cryst. A 35, 772 (1979), doi:10.1107/S0567739479001765 (solid angles); L. Ward et al., Phys. Rev. B 96,
///   024104 (2017), doi:10.1103/PhysRevB.96.024104 (effective number)
public struct CoordinationDescriptor: StructureDescriptor {
    /// How weights of bonds count.
    private enum Weights: String, CaseIterable, Sendable { case none, sum, effective }

    /// `coordination`.
    public static let name = "coordination"
    /// Coordination by solid angle, and the effective number.
    public static let references = [
        Citation("M. O'Keeffe, Acta Cryst. A 35, 772 (1979)", doi: "10.1107/S0567739479001765"),
        Citation("L. Ward et al., Phys. Rev. B 96, 024104 (2017)", doi: "10.1103/PhysRevB.96.024104"),
    ]
    /// All.
    public static let invariances = Invariances.all
    /// Molecules and slabs have neighbours too.
    public static let supportsOpenAxes = true

    private let rule: NeighborRule
    private let weights: Weights

    /// Reads `neighbors` with its setting, and `weights`.
    public init(settings: inout Settings) throws {
        rule = try NeighborRule(settings: &settings, default: .minimumDistance)
        weights = try settings.choice("weights", default: .none)
        try settings.finish()
    }

    /// `coordination mean`, …
    public var featureNames: [String] { SiteStatistics.names.map { "coordination \($0)" } }

    /// Counts the bonds of each site.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        let bonds = try rule.bonds(of: crystal)
        var numbers: [Double] = []
        numbers.reserveCapacity(crystal.count)
        for atom in 0..<bonds.atomCount {
            var (sum, squares) = (0.0, 0.0)
            for p in bonds.range(of: atom) {
                sum += bonds.weights[p]
                squares += bonds.weights[p] * bonds.weights[p]
            }
            switch weights {
            case .none: numbers.append(Double(bonds.range(of: atom).count))
            case .sum: numbers.append(sum)
            case .effective: numbers.append(squares > 0 ? sum * sum / squares : 0)
            }
        }
        SiteStatistics.write(numbers, 0, into: &features)
    }
}
