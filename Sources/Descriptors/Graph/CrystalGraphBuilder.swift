import MaterialsCore
import Neighborhoods

/// Builds the graphs of crystals by one rule.
///
/// - Input:    ordered structures of any periodicity
/// - Output:   edges in the order of source, target, image; images belong to the positions as they are given
/// - Scope:    rejects shared or partly occupied positions (`disordered`), atoms closer than 0.001 Å (`overlapping-atoms`), lattices without
///   volume (`bad-lattice`), elements without a covalent radius where the rule needs it (`no-element-value`), and structures of which
///   contraction leaves nothing (`empty-graph`)
/// - Numerics: the same edges for any search radius: candidates are all pairs within it, and it grows until every atom has its neighbours
public struct CrystalGraphBuilder: Sendable {
    /// Atoms that are closer stand on one point, Å.
    static let shortestDistance = 1e-3
    /// A search that has found too few neighbours goes on with a radius longer by this.
    private static let growth = 1.4
    /// Search radius at which the nearest neighbours of a lonely atom are given up, Å.
    private static let longestRadius = 1000.0

    /// Which atoms are joined.
    public let rule: GraphRule

    /// Builds by a rule.
    public init(_ rule: GraphRule) { self.rule = rule }

    /// Adds the graph of a crystal.
    public func append(_ crystal: CrystalStructure, to graphs: inout CrystalGraphColumn) throws(CandidateDefect) {
        if crystal.isDisordered { throw CandidateDefect("disordered", "a graph cannot hold shared or partly occupied positions") }
        if crystal.lattice.isSingular { throw CandidateDefect("bad-lattice", "the lattice vectors lie in one plane or are not finite") }
        let pairs: PairSelection
        switch rule.kind {
        case .cutoff: pairs = PairSelection(try NeighborList(crystal, cutoff: rule.cutoffAngstrom))
        case .covalent: pairs = try covalentPairs(crystal)
        case .nearest: pairs = try nearestPairs(crystal)
        }
        try Self.checkDistances(pairs.list)
        if rule.bridges.isEmpty {
            pairs.append(to: &graphs, crystal.atomicNumbers)
        } else {
            try BridgeContraction(pairs, crystal.atomicNumbers, rule.bridges).append(to: &graphs)
        }
    }

    /// The graph of one crystal with its atoms brought into the cell, so that images stay small.
    func net(_ crystal: CrystalStructure) throws(CandidateDefect) -> CrystalGraphColumn {
        var wrapped = crystal
        for i in wrapped.positions.indices {
            let (given, inside) = (crystal.positions[i].coordinates, crystal.positions[i].wrapped.coordinates)
            let p = crystal.periodicity
            wrapped.positions[i] = FractionalPosition(p.a ? inside.x : given.x, p.b ? inside.y : given.y, p.c ? inside.z : given.z)
        }
        var graphs = CrystalGraphColumn()
        try append(wrapped, to: &graphs)
        return graphs
    }

    private static func checkDistances(_ list: NeighborList) throws(CandidateDefect) {
        for d in list.distances where d < shortestDistance {
            throw CandidateDefect("overlapping-atoms", "two atoms are \(d) Å apart")
        }
    }

    // MARK: Covalent radii

    private func covalentPairs(_ crystal: CrystalStructure) throws(CandidateDefect) -> PairSelection {
        var radii: [Double] = []
        for z in crystal.atomicNumbers {
            let radius = CovalentRadius.angstrom[Int(z)]
            if radius.isNaN { throw CandidateDefect("no-element-value", "\(Element.symbols[Int(z)]) has no covalent radius") }
            radii.append(radius)
        }
        let longest = 2 * (radii.max() ?? 1) + rule.toleranceAngstrom
        var pairs = PairSelection(try NeighborList(crystal, cutoff: longest), keepsAll: false)
        for i in 0..<crystal.count {
            for e in pairs.list.range(of: i) {
                let bond = radii[i] + radii[Int(pairs.list.neighbors[e])] + rule.toleranceAngstrom
                pairs.keeps[e] = pairs.list.distances[e] <= bond
            }
        }
        let lonely = (0..<crystal.count).filter { i in !pairs.list.range(of: i).contains { pairs.keeps[$0] } }
        return lonely.isEmpty ? pairs : try joinLonely(lonely, crystal, pairs)
    }

    /// Joins atoms without a bond to the shell of their nearest neighbours.
    private func joinLonely(_ lonely: [Int], _ crystal: CrystalStructure, _ bonded: PairSelection) throws(CandidateDefect) -> PairSelection
    {
        var radius = bonded.list.cutoff
        var pairs = bonded
        while true {
            let isComplete = lonely.allSatisfy { i in Self.nearestDistance(pairs.list, i) * GraphRule.shellRatio <= radius }
            if isComplete || Self.isExhausted(crystal, radius) { break }
            radius *= Self.growth
            pairs = try bonded.widened(crystal, cutoff: radius)
        }
        for i in lonely {
            let limit = Self.nearestDistance(pairs.list, i) * GraphRule.shellRatio
            for e in pairs.list.range(of: i) where pairs.list.distances[e] <= limit { pairs.keeps[e] = true }
        }
        pairs.symmetrize()
        return pairs
    }

    private static func nearestDistance(_ list: NeighborList, _ atom: Int) -> Double {
        var nearest = Double.infinity
        for e in list.range(of: atom) { nearest = min(nearest, list.distances[e]) }
        return nearest
    }

    // MARK: Nearest neighbours

    private func nearestPairs(_ crystal: CrystalStructure) throws(CandidateDefect) -> PairSelection {
        var radius = startRadius(crystal)
        while true {
            let list = try NeighborList(crystal, cutoff: radius)
            var pairs = PairSelection(list, keepsAll: false)
            if choose(&pairs) || Self.isExhausted(crystal, radius) {
                if rule.isSymmetric { pairs.symmetrize() }
                return pairs
            }
            radius *= Self.growth
        }
    }

    /// A sphere that holds half as many atoms again as are wanted, where the atoms are spread evenly.
    private func startRadius(_ crystal: CrystalStructure) -> Double {
        let volume = crystal.lattice.volume * (1.5 * Double(rule.neighbors) + 4) / (Double(max(crystal.count, 1)) * 4.19)
        return max(1.5, min(8, PortableMath.cbrt(volume)))
    }

    /// Keeps the nearest of each atom and their ties.
    /// - Returns: false where an atom might have further ones outside the list.
    private func choose(_ pairs: inout PairSelection) -> Bool {
        var isComplete = true
        var nearest: [Double] = []
        for i in 0..<pairs.list.atomCount {
            let range = pairs.list.range(of: i)
            nearest.removeAll(keepingCapacity: true)
            for e in range { Self.insert(pairs.list.distances[e], into: &nearest, limit: rule.neighbors) }
            let reach = nearest.count < rule.neighbors ? Double.infinity : nearest[rule.neighbors - 1] + rule.toleranceAngstrom
            if reach > pairs.list.cutoff { isComplete = false }
            for e in range where pairs.list.distances[e] <= reach { pairs.keeps[e] = true }
        }
        return isComplete
    }

    /// Keeps the smallest values, ascending.
    private static func insert(_ value: Double, into smallest: inout [Double], limit: Int) {
        if smallest.count == limit {
            if value >= smallest[limit - 1] { return }
            smallest.removeLast()
        }
        var place = smallest.count
        while place > 0, smallest[place - 1] > value { place -= 1 }
        smallest.insert(value, at: place)
    }

    /// True where a longer radius finds nothing new: no axis repeats and the radius reaches over all atoms, or nobody would wait longer.
    private static func isExhausted(_ crystal: CrystalStructure, _ radius: Double) -> Bool {
        if radius > longestRadius || crystal.count == 0 { return true }
        guard crystal.periodicity == .none else { return false }
        var (low, high) = (crystal.cartesian(0).angstroms, crystal.cartesian(0).angstroms)
        for i in 1..<max(crystal.count, 1) {
            let p = crystal.cartesian(i).angstroms
            low.replace(with: p, where: p .< low)
            high.replace(with: p, where: p .> high)
        }
        return CartesianVector(high - low).length < radius
    }
}

/// Covalent radii.
enum CovalentRadius {
    /// By atomic number, Å; NaN where there is none.
    ///
    /// - Source: B. Cordero et al., Dalton Trans. 2832 (2008), doi:10.1039/b801115j, as Magpie's table has them (in pm).
    static let angstrom: [Double] = MagpieTable.covalentRadius.map { $0 / 100 }
}
