import MaterialsCore
import Neighborhoods

/// Radial distribution function: how dense the surroundings of an atom are at a distance, relative to the whole crystal.
///
///     g(r) = [number of ordered pairs (i, j, image) whose distance lies in the shell] / (N · ρ · V_shell),   ρ = N / V
///
/// - Input:    N atoms in a cell of volume V; images included. `cutoff` (default 10 Å), `bin_size` (default 0.1 Å)
/// - Output:   cutoff / bin_size features, `rdf [from - to]A`; no unit, 1 far from the atom
/// - Scope:    shared and partly empty positions: pairs count by the product of their occupancies, N is the sum of the occupancies,
///   species on one position are no pair. Rejects more than 2²⁷ pairs (`too-many-neighbors`)
/// - Numerics: exact counts where positions are ordered; a distance within 10⁻⁹ Å below an edge belongs to the outer shell, the cutoff to
///   none. matminer 0.10.1 agrees to 10⁻¹² where no distance lies on an edge
/// - Cost:     as the neighbour list: 0.08 · 4/3 π cutoff³ pairs an atom, 340 at 10 Å and 2,700 at 20 Å
/// - Source:   matminer's RadialDistributionFunction. Differences: matminer does not divide by N, so its values grow with the cell (these
///   are its values / N); its cutoff is 20 Å by default
public struct RadialDistributionDescriptor: StructureDescriptor {
    /// `radial-distribution`.
    public static let name = "radial-distribution"
    /// The implementation whose labels these are.
    public static let references = [
        Citation("L. Ward et al., Comput. Mater. Sci. 152, 60 (2018)", doi: "10.1016/j.commatsci.2018.05.018")
    ]
    /// All.
    public static let invariances: Invariances = .all
    /// Occupancies are weights.
    public static let supportsDisorder = true

    private let bins: DistanceBins

    /// Reads `cutoff` and `bin_size`, Å.
    public init(settings: inout Settings) throws {
        bins = try DistanceBins(settings: &settings, cutoff: 10, binSize: 0.1)
        try settings.finish()
    }

    /// One label a shell.
    public var featureNames: [String] {
        (0..<bins.count).map { bin in
            let edges = bins.label(bin, decimals: 5)
            return "rdf [\(edges.from) - \(edges.to)]A"
        }
    }

    /// Counts the pairs of every shell.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        let volume = try crystal.requireVolume()
        let list = try NeighborList(crystal, cutoff: bins.cutoff)
        for bin in 0..<bins.count { features[bin] = 0 }
        var atoms = 0.0
        for i in 0..<crystal.count {
            atoms += crystal.occupancy(i)
            count(list, of: i, in: crystal, into: &features)
        }
        let density = atoms / volume
        for bin in 0..<bins.count { features[bin] = features[bin] / bins.volumes[bin] / density / atoms }
    }

    private func count(_ list: NeighborList, of i: Int, in crystal: CrystalStructure, into counts: inout MutableSpan<Double>) {
        for pair in list.range(of: i) {
            let bin = bins.bin(list.distances[pair])
            guard bin < bins.count else { continue }
            guard crystal.isDisordered else {
                counts[bin] += 1
                continue
            }
            let j = Int(list.neighbors[pair])
            if crystal.sharePosition(i, j, list.images[pair]) { continue }
            counts[bin] += crystal.occupancies[i] * crystal.occupancies[j]
        }
    }
}
