import MaterialsCore

/// Two crystals found to be one within tolerances.
public struct StructureMatch: Hashable, Sendable {
    /// Largest displacement of a site in units of (volume per site)^⅓.
    public var largestDisplacement: Double

    /// Compares two crystals; nil where they differ.
    ///
    ///     max_i |r_i − (M r'_i + t)| ≤ site · (V/n)^⅓
    ///
    /// - Input:    reduced crystals; where one cell holds k times the sites of the other (a translation that one of them hides), supercells
    ///   of the smaller one are tried, k ≤ 16, with a site tolerance of at most 0.1
    /// - Output:   the match with the smallest displacement
    /// - Scope:    a site matches a site with the same species and occupancies (to 0.001). Mirror images are equal
    /// - Numerics: sites are assigned by least squares in the mean lattice, then shifted by the mean displacement, as pymatgen's
    ///   StructureMatcher does
    /// - Source:   S. P. Ong et al., Comput. Mater. Sci. 68, 314 (2013), doi:10.1016/j.commatsci.2012.10.028. Differences: supercells are
    ///   tried where the primitive cells differ in size; primitive cells come from spglib
    public static func find(_ first: ReducedCrystal, _ second: ReducedCrystal, tolerances: MatchTolerances) -> StructureMatch? {
        let (small, large) = first.siteCount <= second.siteCount ? (first, second) : (second, first)
        guard let multiple = multiple(small, large), multiple <= 16 else { return nil }
        let scales = volumeScales(small, large, multiple, tolerances)
        let lattice = scaled(small.lattice, scales.small)
        let target = scaled(large.lattice, scales.large)
        guard multiple > 1 || canMatch(lattice, target, tolerances.length) else { return nil }
        let limit = multiple == 1 ? tolerances.site : min(tolerances.site, hiddenTranslation)
        var best: Double?
        for mapping in latticeMappings(of: lattice, onto: target, multiple: multiple, tolerances: tolerances) {
            let comparison = SiteComparison(small: small, mapping: mapping, multiple: multiple, large: large, target: target)
            guard let distance = comparison.distance(within: best ?? limit) else { continue }
            best = distance
            if distance <= coincidence { break }
        }
        return best.map { StructureMatch(largestDisplacement: $0) }
    }

    /// Displacement that no other lattice needs to improve on.
    private static let coincidence = 1e-6

    /// Site tolerance where a supercell is tried: noise may hide a translation, a superstructure is no duplicate.
    private static let hiddenTranslation = 0.1

    /// How many times the large cell holds the small one's content; nil where it does not.
    private static func multiple(_ small: ReducedCrystal, _ large: ReducedCrystal) -> Int? {
        guard small.siteCount > 0, large.siteCount % small.siteCount == 0, small.kindCounts.count == large.kindCounts.count else {
            return nil
        }
        let k = large.siteCount / small.siteCount
        return zip(small.kindCounts, large.kindCounts).allSatisfy { $0.kind == $1.kind && k * $0.count == $1.count } ? k : nil
    }

    private static func volumeScales(
        _ small: ReducedCrystal, _ large: ReducedCrystal, _ multiple: Int, _ tolerances: MatchTolerances
    ) -> (small: Double, large: Double) {
        guard tolerances.scalesVolume else { return (1, 1) }
        let ratio = PortableMath.cbrt(large.lattice.volume / (Double(multiple) * small.lattice.volume)).squareRoot()
        return (ratio, 1 / ratio)
    }

    private static func scaled(_ lattice: Lattice, _ s: Double) -> Lattice {
        s == 1 ? lattice : Lattice(a: s * lattice.a, b: s * lattice.b, c: s * lattice.c)
    }

    /// The shortest independent vectors of a lattice are no longer than those that it maps onto the target's, so this loses no pair.
    private static func canMatch(_ lattice: Lattice, _ target: Lattice, _ tolerance: Double) -> Bool {
        func ascending(_ l: Lattice) -> [Double] { [l.lengths.x, l.lengths.y, l.lengths.z].sorted() }
        return zip(ascending(lattice), ascending(target)).allSatisfy { $0 <= $1 * (1 + tolerance) * (1 + 1e-9) }
    }
}
