import MaterialsCore

/// Local many-body tensor representation: broadened spectra of the distances or angles that one atom takes part in; as features of a
/// structure, their mean over its atoms.
///
///     f_X(x; Z…) = Σ_{pairs or triples with the atom X} w · N(x; g, σ)
///
/// The atom itself stands as X, whatever its element. Of three atoms, the angle at X counts once and the angles at the two others each.
///
/// Settings: as `mbtr`, with the geometries of pairs (`inverse_distance` is the default) and triples, the weightings `exp` and `unity`
/// and the normalizations `none` (default) and `l2` (of the row of each atom)
///
/// - Input:    atomic numbers; distances in Å, angles in degrees
/// - Output:   `n` values for each of X-X and X-j; or X-X-X, X-X-k, i-X-k (middle X), then X-j-X, X-j-k; in DScribe's order, in which
///   blocks with a second X are zero: `local-mbtr angle X-Na-Cl 90`
/// - Scope:    rejects elements not in `species` (`unknown-species`), atoms on one point (`coincident-atoms`)
/// - Numerics: as `mbtr`. Rows of atoms equal DScribe 2.1.2; the mean is summed in the order of the atoms
/// - Cost:     as `mbtr`, three times for triples
/// - Source:   L. Himanen et al., Comput. Phys. Commun. 247, 106949 (2020), doi:10.1016/j.cpc.2019.106949. Differences: `exp` takes
///   `r_cut` as in `mbtr`; `inverse_square` and `smooth_cutoff`, which the reference code names but fails on, are refused
public struct LocalMBTRDescriptor: StructureDescriptor {
    /// `local-mbtr`.
    public static let name = "local-mbtr"
    /// The paper, and the code whose definition this is.
    public static let references = MBTRDescriptor.references
    /// All: a mean over atoms.
    public static let invariances: Invariances = .all
    /// Slabs, chains and molecules too.
    public static let supportsOpenAxes = true

    private let settings: ManyBodySettings
    private let broadening: SpectrumBroadening
    private let layout: LocalBlocks

    /// Reads the settings named above.
    public init(settings: inout Settings) throws {
        let (subject, line) = (settings.subject, settings.line)
        self.settings = try ManyBodySettings(settings: &settings, normalization: .none)
        let (geometry, normalization) = (self.settings.geometry, self.settings.normalization)
        guard geometry.order > 1 else { throw Settings.error(line, "\(subject) has no geometry '\(geometry.rawValue)'") }
        guard normalization == .none || normalization == .l2 else {
            throw Settings.error(line, "\(subject) has no normalization '\(normalization.rawValue)': use none or l2")
        }
        switch self.settings.weighting {
        case .unity, .exponential: break
        default: throw Settings.error(line, "\(subject) has no such weighting: use exp or unity")
        }
        broadening = SpectrumBroadening(self.settings.grid)
        layout = LocalBlocks(kinds: self.settings.species.count, order: geometry.order)
        let width = layout.members.count * self.settings.grid.count
        guard width <= 1_000_000 else {
            throw Settings.error(line, "\(subject): \(width) features are too many; name fewer species or a coarser grid")
        }
    }

    /// `local-mbtr <geometry> <X and elements> <value>`
    public var featureNames: [String] {
        let (values, species) = (settings.grid.labels, settings.species)
        return layout.members.flatMap { block in
            let atoms = block.map { $0 == 0 ? "X" : species.label($0 - 1) }.joined(separator: "-")
            return values.map { "local-mbtr \(settings.geometry.rawValue) \(atoms) \($0)" }
        }
    }

    /// Fills one row: the mean over the atoms.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        let rows = try siteRows(crystal)
        for k in 0..<features.count { features[k] = 0 }
        for i in 0..<rows.rows { for k in 0..<features.count { features[k] += rows.values[i * rows.columns + k] } }
        for k in 0..<features.count { features[k] /= Double(rows.rows) }
    }

    /// One row of features for each atom.
    /// - Throws: `unknown-species`, `coincident-atoms`, `too-many-neighbors`
    public func siteRows(_ crystal: CrystalStructure) throws(CandidateDefect) -> FeatureMatrix {
        let atoms = try ManyBodyAtoms(crystal, settings, for: Self.name)
        let local = LocalBlocks(kinds: atoms.present.count, order: settings.geometry.order)
        var sum = SpectrumSum(broadening, blocks: local.members.count)
        let width = layout.members.count * settings.grid.count
        var result = FeatureMatrix(rows: crystal.count, columns: width)
        for i in 0..<crystal.count {
            if i > 0 { sum.reset() }
            if settings.geometry.order == 2 { addPairs(i, atoms, &sum) } else { addTriples(i, atoms, local, &sum) }
            result.withRow(i, first: 0, width: width) { (row: inout MutableSpan<Double>) in
                for (block, members) in local.members.enumerated() {
                    let place = layout.index(members.map { $0 == 0 ? 0 : atoms.present[$0 - 1] + 1 })
                    sum.write(block, times: settings.gaussianScale, into: &row, at: place * settings.grid.count)
                }
                if settings.normalization == .l2 { normalize(&row) }
            }
        }
        return result
    }

    private func addPairs(_ i: Int, _ atoms: ManyBodyAtoms, _ sum: inout SpectrumSum) {
        let list = atoms.neighbors
        for p in list.range(of: i) {
            let distance = list.distances[p]
            let value = settings.geometry == .inverseDistance ? 1 / distance : distance
            sum.add(value, weight: atoms.pairWeight(distance), block: atoms.kinds[Int(list.neighbors[p])] + 1)
        }
    }

    private func addTriples(_ i: Int, _ atoms: ManyBodyAtoms, _ blocks: LocalBlocks, _ sum: inout SpectrumSum) {
        let isCosine = settings.geometry == .cosine
        let rule = TripleWeight(settings.weighting)
        let legs = TripleLegs(of: i, among: atoms)
        for a in 0..<legs.count {
            let (u, length) = (legs.vectors[a], legs.lengths[a])
            for b in 0..<a {
                let (v, other) = (legs.vectors[b], legs.lengths[b])
                let w = v - u
                let third = w.length
                let side = rule.thirdSide(third, way: length + other + third)
                if side == 0 { continue }
                let weight = legs.weights[a] * legs.weights[b] * side
                let (kindA, kindB) = (legs.kinds[a] + 1, legs.kinds[b] + 1)
                sum.add(angleValue(u, v, length * other, isCosine: isCosine), weight: weight, block: blocks.middle(kindA, kindB))
                sum.add(angleValue(-1 * u, w, length * third, isCosine: isCosine), weight: weight, block: blocks.end(kindA, kindB))
                sum.add(angleValue(-1 * v, -1 * w, other * third, isCosine: isCosine), weight: weight, block: blocks.end(kindB, kindA))
            }
        }
    }
}

/// Combinations of the central atom, kind 0, with kinds from 1, in DScribe's order.
struct LocalBlocks: Sendable {
    private let kinds: Int
    /// Kinds of each block, in the order of the atoms.
    let members: [[Int]]

    init(kinds: Int, order: Int) {
        let all = kinds + 1
        self.kinds = all
        let middle = (0..<all).flatMap { i in (i..<all).map { [i, 0, $0] } }
        members = order == 2 ? (0..<all).map { [0, $0] } : middle + (1..<all).flatMap { j in (0..<all).map { [0, j, $0] } }
    }

    /// Block of the central atom between two others.
    @inline(__always) func middle(_ i: Int, _ k: Int) -> Int {
        let (low, high) = (min(i, k), max(i, k))
        return high + low * kinds - low * (low + 1) / 2
    }

    /// Block of the central atom at an end, next to j.
    @inline(__always) func end(_ j: Int, _ k: Int) -> Int { kinds * (kinds + 1) / 2 + (j - 1) * kinds + k }

    /// Block of its members.
    func index(_ members: [Int]) -> Int {
        if members.count == 2 { return members[1] }
        return members[1] == 0 ? middle(members[0], members[2]) : end(members[1], members[2])
    }
}
