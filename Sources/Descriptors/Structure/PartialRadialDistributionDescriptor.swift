import MaterialsCore
import Neighborhoods

/// Partial radial distribution functions: how many atoms of one element an atom of another has at a distance.
///
///     g_αβ(r) = [number of pairs (i of α, j of β, image) whose distance lies in the shell] / (N_α · V_shell)
///
/// - Input:    `species`: list of elements, in the order of the pairs; `cutoff` (default 10 Å), `bin_size` (default 0.1 Å). Images included
/// - Output:   for each pair α, β of `species` with α not behind β: cutoff / bin_size features, `α-β PRDF r=from-to`, in 1/Å³; 0 where the
///   crystal lacks α or β
/// - Scope:    atoms of other elements are left out. Shared and partly empty positions: pairs count by the product of their occupancies,
///   N_α is the sum of the occupancies of α, species on one position are no pair. Rejects more than 2²⁷ pairs (`too-many-neighbors`)
/// - Numerics: exact counts where positions are ordered; a distance within 10⁻⁹ Å below an edge belongs to the outer shell, the cutoff to
///   none. matminer 0.10.1 agrees to 10⁻¹² where no distance lies on an edge
/// - Cost:     as the neighbour list: 0.08 · 4/3 π cutoff³ pairs an atom, 340 at 10 Å and 2,700 at 20 Å
/// - Source:   K. T. Schütt et al., Phys. Rev. B 89, 205118 (2014), eq. 2, doi:10.1103/PhysRevB.89.205118. Differences: matminer takes
///   the elements of the training set in order of electronegativity, here they are stated; its cutoff is 20 Å by default
public struct PartialRadialDistributionDescriptor: StructureDescriptor {
    /// `partial-radial-distribution`.
    public static let name = "partial-radial-distribution"
    /// The paper, and the implementation whose labels these are.
    public static let references = [
        Citation("K. T. Schütt et al., Phys. Rev. B 89, 205118 (2014)", doi: "10.1103/PhysRevB.89.205118"),
        Citation("L. Ward et al., Comput. Mater. Sci. 152, 60 (2018)", doi: "10.1016/j.commatsci.2018.05.018"),
    ]
    /// All.
    public static let invariances: Invariances = .all
    /// Occupancies are weights.
    public static let supportsDisorder = true

    private let bins: DistanceBins
    private let species: [Element]
    /// Place of an element in `species` by atomic number; -1 where it is not one of them.
    private let place: [Int]

    /// Reads `species`, `cutoff` and `bin_size`.
    public init(settings: inout Settings) throws {
        species = try Self.species(&settings)
        var place = [Int](repeating: -1, count: 256)
        for (index, element) in species.enumerated() { place[Int(element.atomicNumber)] = index }
        self.place = place
        bins = try DistanceBins(settings: &settings, cutoff: 10, binSize: 0.1)
        try settings.finish()
    }

    private static func species(_ settings: inout Settings) throws -> [Element] {
        guard let names = try settings.texts("species"), !names.isEmpty else {
            throw Settings.error(settings.line(of: "species"), "\(settings.subject) needs 'species': the elements to tell apart")
        }
        let elements = try names.map { name in
            guard let element = Element(symbol: name) else {
                throw Settings.error(settings.line(of: "species"), "'\(name)' in 'species' is not an element")
            }
            return element
        }
        guard Set(elements).count == elements.count, elements.count <= 30 else {
            throw Settings.error(settings.line(of: "species"), "'species' must be at most 30 elements, each once")
        }
        return elements
    }

    /// One label a pair and shell.
    public var featureNames: [String] {
        species.indices.flatMap { a in
            (a..<species.count).flatMap { b in
                (0..<bins.count).map { bin in
                    let edges = bins.label(bin, decimals: bins.cutoff / Double(bins.count) < 0.01 ? 5 : 2)
                    return "\(species[a].symbol)-\(species[b].symbol) PRDF r=\(edges.from)-\(edges.to)"
                }
            }
        }
    }

    /// Counts the pairs of every shell.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        _ = try crystal.requireVolume()
        for column in 0..<features.count { features[column] = 0 }
        var atoms = [Double](repeating: 0, count: species.count)
        for i in 0..<crystal.count where place[Int(crystal.atomicNumbers[i])] >= 0 {
            atoms[place[Int(crystal.atomicNumbers[i])]] += crystal.occupancy(i)
        }
        guard atoms.contains(where: { $0 > 0 }) else { return }
        let list = try NeighborList(crystal, cutoff: bins.cutoff)
        for i in 0..<crystal.count where place[Int(crystal.atomicNumbers[i])] >= 0 { count(list, of: i, in: crystal, into: &features) }
        for a in species.indices where atoms[a] > 0 {
            for b in a..<species.count {
                let first = firstColumn(a, b)
                for bin in 0..<bins.count { features[first + bin] = features[first + bin] / bins.volumes[bin] / atoms[a] }
            }
        }
    }

    private func count(_ list: NeighborList, of i: Int, in crystal: CrystalStructure, into counts: inout MutableSpan<Double>) {
        let a = place[Int(crystal.atomicNumbers[i])]
        for pair in list.range(of: i) {
            let j = Int(list.neighbors[pair])
            let b = place[Int(crystal.atomicNumbers[j])]
            let bin = bins.bin(list.distances[pair])
            if b < a || bin >= bins.count || crystal.sharePosition(i, j, list.images[pair]) { continue }
            counts[firstColumn(a, b) + bin] += crystal.occupancy(i) * crystal.occupancy(j)
        }
    }

    /// First column of a pair, a ≤ b.
    private func firstColumn(_ a: Int, _ b: Int) -> Int { (a * species.count - a * (a - 1) / 2 + (b - a)) * bins.count }
}
