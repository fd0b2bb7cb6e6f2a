import MaterialsCore

/// How well the atoms of an alloy pack around each other, and how far the composition is from efficiently packed clusters.
///
/// A centre of radius r with n neighbours of mean radius r̄ packs with the efficiency error 1 − ρ(n) r̄ / r, ρ(n) the ideal ratio.
///
/// - Output:   5 features: `mean simul. packing efficiency`, `mean abs simul. packing efficiency`, and the mean distance in atom fractions
///   to the 1, 3 and 5 nearest clusters within 1 % of ideal packing, `dist from <k> clusters |APE| < 0.010` (1 for each cluster that
///   does not exist)
/// - Scope:    hydrogen to copernicium; rejects Z ≥ 113. `missing` decides for elements without a metallic radius. Clusters are built
///   from the six most abundant elements (of equally abundant ones the lighter)
/// - Numerics: equals matminer 0.10.1 to 10⁻¹⁰, the distances to 10⁻⁷ absolute: there they come from |a|² − 2ab + |b|², which cancels
/// - Cost:     0.01 to 1 ms a composition: clusters are enumerated with bounds on radius and distance, not stored
/// - Source:   K. J. Laws, D. B. Miracle, M. Ferry, Nat. Commun. 6, 8123 (2015), doi:10.1038/ncomms9123
public struct AtomicPackingDescriptor: CompositionDescriptor {
    /// `atomic-packing-efficiency`.
    public static let name = "atomic-packing-efficiency"
    /// The structural model and the ideal ratios.
    public static let references = [
        Citation("K. J. Laws, D. B. Miracle, M. Ferry, Nat. Commun. 6, 8123 (2015)", doi: "10.1038/ncomms9123"),
        Citation("D. B. Miracle, E. A. Lord, S. Ranganathan, Mater. Trans. 47, 1737 (2006)", doi: "10.2320/matertrans.47.1737"),
    ]
    private static let neighborCounts = [1, 3, 5]
    private static let mostElements = 6

    private let radius: ElementProperty

    /// Reads `missing`: `impute`, `nan` or `reject`.
    public init(settings: inout Settings) throws {
        radius = ElementProperty("metallic radius", MagpieTable.miracleRadius, missing: try settings.missingElementValue())
        try settings.finish()
    }

    /// Two efficiencies and three distances.
    public var featureNames: [String] {
        ["mean simul. packing efficiency", "mean abs simul. packing efficiency"]
            + Self.neighborCounts.map { "dist from \($0) clusters |APE| < 0.010" }
    }

    /// Fills the features of one composition.
    public func describe(_ atomicNumbers: Span<UInt8>, _ amounts: Span<Double>, into features: inout MutableSpan<Double>)
        throws(CandidateDefect)
    {
        try requireElements(atomicNumbers, of: Self.name, last: lastTabulatedElement)
        let fractions = atomFractions(amounts)
        let radii = try radius.weighted(atomicNumbers, fractions.span)
        if radii.mean.isNaN {
            for i in features.indices { features[i] = .nan }
            return
        }
        let efficiency = PackingEfficiency.simultaneous(radii)
        (features[0], features[1]) = (efficiency.mean, efficiency.meanMagnitude)
        let order = fractions.indices.sorted { fractions[$0] > fractions[$1] || (fractions[$0] == fractions[$1] && $0 < $1) }
        let kept = order.prefix(Self.mostElements)
        var search = NearestClusters(
            radii: kept.map { radii.values[$0] }, fractions: kept.map { fractions[$0] }, count: Self.neighborCounts.last!,
            offset: order.dropFirst(Self.mostElements).reduce(0) { $0 + fractions[$1] * fractions[$1] })
        let distances = search.distances()
        for (feature, count) in Self.neighborCounts.enumerated() {
            features[feature + 2] = distances.prefix(count).reduce(0, +) / Double(count)
        }
    }
}
