import MaterialsCore

/// Many-body tensor representation: broadened spectra of atomic numbers, distances or angles, one for each combination of elements.
///
///     f(x; Z…) = Σ_{atoms, pairs or triples of these elements} w · N(x; g, σ)
///
/// Pairs and angles are counted once for a cell: a pair whose atoms lie in two cells belongs half to each; an angle to the cell of its
/// middle atom.
///
/// Settings, under DScribe's names: `geometry` (`atomic_number`, `distance`, `inverse_distance` (default), `angle`, `cosine`), `grid`
/// (`min`, `max`, `n`, `sigma`), `weighting` (`function`: `unity`; `exp` with `scale` or `r_cut`, and `threshold`; `inverse_square` with
/// `r_cut`; `smooth_cutoff` with `r_cut` and `sharpness`), `normalize_gaussians` (true), `normalization` (`none`, `l2`, `n_atoms`
/// (default), `valle_oganov`), `species` (symbols; without it all elements count as one kind), `periodic` (true).
///
/// - Input:    atomic numbers; distances in Å, angles in degrees. The default weighting is `exp` with `r_cut` 6 and `threshold` 1e-3: pairs up to 6 Å, triples
///   up to 12 Å round
/// - Output:   `n` values for each element, pair (i ≤ j) or triple (middle j, ends i ≤ k), in DScribe's order:
///   `mbtr angle Na-Cl-Na 90`
/// - Scope:    rejects elements not in `species` (`unknown-species`), atoms on one point (`coincident-atoms`)
/// - Numerics: Gaussians by moments in bins, exact to rounding. Equals DScribe 2.1.2 to 10⁻¹⁰ of the largest value, angles to 10⁻⁶
///   where atoms lie in a line (its law of cosines loses digits there). An atom on the cutoff counts
/// - Cost:     about 20 ns a pair, 60 ns a triple
/// - Source:   H. Huo, M. Rupp, Mach. Learn.: Sci. Technol. 3, 045017 (2022), doi:10.1088/2632-2153/aca005; L. Himanen et al.,
///   Comput. Phys. Commun. 247, 106949 (2020), doi:10.1016/j.cpc.2019.106949. Differences: `normalization` is `n_atoms` unless set,
///   so that supercells agree; with `l2` a spectrum of zeros stays so
public struct MBTRDescriptor: StructureDescriptor {
    /// `mbtr`.
    public static let name = "mbtr"
    /// The paper, and the code whose definition this is.
    public static let references = [
        Citation("H. Huo, M. Rupp, Mach. Learn.: Sci. Technol. 3, 045017 (2022)", doi: "10.1088/2632-2153/aca005"), dscribe,
    ]
    /// All, with the default normalization.
    public static let invariances: Invariances = .all
    /// Slabs, chains and molecules too.
    public static let supportsOpenAxes = true

    private let settings: ManyBodySettings
    private let broadening: SpectrumBroadening
    private let blocks: SpectrumBlocks

    /// Reads the settings named above.
    public init(settings: inout Settings) throws {
        self.settings = try ManyBodySettings(settings: &settings, normalization: .atoms)
        broadening = SpectrumBroadening(self.settings.grid)
        blocks = SpectrumBlocks(kinds: self.settings.species.count, order: self.settings.geometry.order)
        let width = blocks.count * self.settings.grid.count
        guard width <= 1_000_000 else {
            throw Settings.error(settings.line, "\(settings.subject): \(width) features are too many; name fewer species or a coarser grid")
        }
    }

    /// `mbtr <geometry> <elements> <value>`
    public var featureNames: [String] {
        let (values, species) = (settings.grid.labels, settings.species)
        return blocks.members.flatMap { block in
            let elements = block.map(species.label).joined(separator: "-")
            return values.map { "mbtr \(settings.geometry.rawValue) \(elements) \($0)" }
        }
    }

    /// Fills one row.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        let atoms = try ManyBodyAtoms(crystal, settings, for: Self.name)
        let local = SpectrumBlocks(kinds: atoms.present.count, order: settings.geometry.order)
        var sum = SpectrumSum(broadening, blocks: local.count)
        switch settings.geometry.order {
        case 1: for i in atoms.kinds.indices { sum.add(Double(crystal.atomicNumbers[i]), weight: 1, block: atoms.kinds[i]) }
        case 2: addPairs(atoms, local, &sum)
        default: addTriples(atoms, local, &sum)
        }
        for k in 0..<features.count { features[k] = 0 }
        for (block, members) in local.members.enumerated() {
            let place = blocks.index(members.map { atoms.present[$0] })
            let factor = settings.gaussianScale * scale(of: members, atoms, crystal)
            sum.write(block, times: factor, into: &features, at: place * settings.grid.count)
        }
        if settings.normalization == .l2 { normalize(&features) }
    }

    private func addPairs(_ atoms: ManyBodyAtoms, _ blocks: SpectrumBlocks, _ sum: inout SpectrumSum) {
        let list = atoms.neighbors
        let isInverse = settings.geometry == .inverseDistance
        for i in atoms.kinds.indices {
            for p in list.range(of: i) {
                let distance = list.distances[p]
                // Every pair stands in the list from both its ends.
                let weight = 0.5 * atoms.pairWeight(distance)
                let block = blocks.index(atoms.kinds[i], atoms.kinds[Int(list.neighbors[p])])
                sum.add(isInverse ? 1 / distance : distance, weight: weight, block: block)
            }
        }
    }

    private func addTriples(_ atoms: ManyBodyAtoms, _ blocks: SpectrumBlocks, _ sum: inout SpectrumSum) {
        let isCosine = settings.geometry == .cosine
        let rule = TripleWeight(settings.weighting)
        for j in atoms.kinds.indices {
            let legs = TripleLegs(of: j, among: atoms)
            for a in 0..<legs.count {
                let (u, length, weight) = (legs.vectors[a], legs.lengths[a], legs.weights[a])
                for b in 0..<a {
                    let v = legs.vectors[b]
                    let third = rule.ignoresThirdSide ? 0 : (u - v).length
                    let side = rule.thirdSide(third, way: length + legs.lengths[b] + third)
                    if side == 0 { continue }
                    let value = angleValue(u, v, length * legs.lengths[b], isCosine: isCosine)
                    let block = blocks.index(legs.kinds[a], atoms.kinds[j], legs.kinds[b])
                    sum.add(value, weight: weight * legs.weights[b] * side, block: block)
                }
            }
        }
    }

    /// The factor of a block by the normalization; members are places among the kinds that are present.
    private func scale(of members: [Int], _ atoms: ManyBodyAtoms, _ crystal: CrystalStructure) -> Double {
        switch settings.normalization {
        case .none, .l2: return 1
        case .atoms: return 1 / Double(crystal.count)
        case .valleOganov:
            let counts = members.map { member in Double(atoms.kinds.filter { $0 == member }.count) }
            let product = counts.reduce(1, *)
            if members.count == 3 { return crystal.lattice.volume / product }
            let pairs = members[0] == members[1] ? 0.5 * product : product
            return crystal.lattice.volume / (pairs * 4 * Double.pi)
        }
    }
}

/// Divides by the Euclidean length; zeros stay.
func normalize(_ row: inout MutableSpan<Double>) {
    var square = 0.0
    for k in 0..<row.count { square += row[k] * row[k] }
    guard square > 0 else { return }
    let length = square.squareRoot()
    for k in 0..<row.count { row[k] /= length }
}
