import MaterialsCore
import Symmetry

/// A crystal as it is compared: its primitive cell with Niggli's lattice vectors, sites by what sits on them.
public struct ReducedCrystal: Sendable {
    /// Niggli's lattice of the primitive cell.
    public let lattice: Lattice
    /// Position of each site in [0, 1).
    public let positions: [FractionalPosition]
    /// What sits on each site: equal numbers, equal species and occupancies.
    public let kinds: [UInt64]
    /// Largest distance between sites that the primitive cell holds as one, Å.
    let residual: Double
    /// Kinds in ascending order, with their number of sites.
    let kindCounts: [(kind: UInt64, count: Int)]

    /// Sites in the cell.
    public var siteCount: Int { positions.count }

    /// Reduces a crystal.
    ///
    /// - Parameters:
    ///   - tolerances: those of the comparison; sites farther apart than its site tolerance are never taken for one
    ///   - translationAngstrom: within which translations count as such; where noise hides one, matching still finds the pair through
    ///     a supercell
    /// - Errors: `not-periodic`, `too-many-atoms` (over 1,000 sites), `long-cell` (over 200,000 lattice vectors within the longest)
    public init(
        _ crystal: CrystalStructure, tolerances: MatchTolerances = MatchTolerances(), translationAngstrom: Double = 0.25
    ) throws(CandidateDefect) {
        guard crystal.periodicity == .full else {
            throw CandidateDefect("not-periodic", "structures are compared where they repeat along all three axes")
        }
        guard crystal.siteCount <= Self.mostSites else {
            throw CandidateDefect("too-many-atoms", "\(crystal.siteCount) sites; structures of at most \(Self.mostSites) are compared")
        }
        let sites = Self.sites(crystal)
        let unit = PortableMath.cbrt(crystal.lattice.volume / Double(crystal.siteCount))
        let search = TranslationSearch(
            lattice: crystal.lattice, positions: sites.map(\.position), kinds: sites.map(\.kind),
            tolerance: min(translationAngstrom, tolerances.site * unit))
        let (cell, kept, apart) = search.primitive() ?? (crystal.lattice, Array(sites.indices), 0)
        let reduced = cell.niggliReduced()?.lattice ?? cell
        try Self.checkLength(reduced)
        (lattice, residual) = (reduced, apart)
        positions = kept.map { reduced.fractional(crystal.lattice.cartesian(sites[$0].position)).wrapped }
        kinds = kept.map { sites[$0].kind }
        var counts: [UInt64: Int] = [:]
        for kind in kinds { counts[kind, default: 0] += 1 }
        kindCounts = counts.map { ($0.key, $0.value) }.sorted { $0.kind < $1.kind }
    }

    /// Sites that are compared at most: their distances are a square table.
    private static let mostSites = 1000

    /// A needle of a cell has too many lattice vectors shorter than its longest.
    private static func checkLength(_ lattice: Lattice) throws(CandidateDefect) {
        let longest = 1.5 * max(lattice.lengths.x, max(lattice.lengths.y, lattice.lengths.z))
        guard 4.2 * longest * longest * longest / lattice.volume <= 200_000 else {
            throw CandidateDefect("long-cell", "the cell is too long for its width to be compared with others")
        }
    }

    private static func sites(_ crystal: CrystalStructure) -> [(position: FractionalPosition, kind: UInt64)] {
        var species = [[(UInt8, Double)]](repeating: [], count: crystal.siteCount)
        var positions = [FractionalPosition](repeating: FractionalPosition(0, 0, 0), count: crystal.siteCount)
        for entry in 0..<crystal.count {
            let site = crystal.isDisordered ? Int(crystal.sites[entry]) : entry
            species[site].append((crystal.atomicNumbers[entry], crystal.occupancy(entry)))
            positions[site] = crystal.positions[entry].wrapped
        }
        return zip(positions, species).map { ($0, kind(of: $1)) }
    }

    /// A number for species and occupancies, these in steps of 0.001.
    private static func kind(of species: [(UInt8, Double)]) -> UInt64 {
        if species.count == 1, species[0].1 == 1 { return UInt64(species[0].0) }
        var hash: UInt64 = 1 << 32
        for (z, occupancy) in species.sorted(by: { $0.0 < $1.0 }) {
            var mixer = SplitMix64(seed: hash ^ (UInt64(z) << 16 | UInt64((occupancy * 1000).rounded())))
            hash = mixer.next()
        }
        return hash | 1 << 32
    }
}
