import MaterialsCore
import Neighborhoods

/// Builds the graphs of crystals by one rule.
///
/// - Input:    ordered structures of any periodicity
/// - Output:   edges in the order of source, target, image; images belong to the positions as they are given
/// - Scope:    rejects shared or partly occupied positions (`disordered`), atoms closer than 0.001 Å (`overlapping-atoms`), elements without a covalent radius where the rule needs it (`no-element-value`), and structures of which
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
    private var finder = NeighborFinder()
    private var edges = NeighborList()
    private var pairs = PairSelection()
    private var nearest: [Double] = []

    /// Builds by a rule.
    public init(_ rule: GraphRule) { self.rule = rule }

    /// Adds the graph of a crystal.
    public mutating func append(_ crystal: CrystalStructure, to graphs: inout CrystalGraphColumn) throws(CandidateDefect) {
        if crystal.isDisordered { throw CandidateDefect("disordered", "a graph cannot hold shared or partly occupied positions") }
        if rule.bridges.isEmpty, rule.kind == .cutoff || rule.kind == .nearest && !rule.isSymmetric {
            return try appendNeighbors(crystal, to: &graphs)
        }
        switch rule.kind {
        case .cutoff: try pairs.find(crystal, cutoff: rule.cutoffAngstrom, keepsAll: true)
        case .covalent: try selectBonds(crystal)
        case .nearest: try selectNearest(crystal)
        }
        try Self.checkDistances(pairs.list.distances.span)
        if rule.bridges.isEmpty {
            pairs.append(to: &graphs, crystal.atomicNumbers)
        } else {
            try BridgeContraction(pairs, crystal.atomicNumbers, rule.bridges).append(to: &graphs)
        }
    }

    /// Adds the graph of a rule by which neighbours are edges as they are found; they need not be copied then.
    private mutating func appendNeighbors(_ crystal: CrystalStructure, to graphs: inout CrystalGraphColumn) throws(CandidateDefect) {
        let nearest = rule.kind == .nearest ? rule.neighbors : 0
        var radius = nearest == 0 ? rule.cutoffAngstrom : startRadius(crystal)
        try graphs.append(atomicNumbers: crystal.atomicNumbers) {
            (offsets, targets, images, vectors, distances) throws(CandidateDefect) in
            edges.exchange(offsets: &offsets, neighbors: &targets, images: &images, vectors: &vectors, distances: &distances)
            defer { edges.exchange(offsets: &offsets, neighbors: &targets, images: &images, vectors: &vectors, distances: &distances) }
            let (atoms, pairs) = (edges.atomCount, edges.pairCount)
            while try !finder.append(crystal, cutoff: radius, nearest: nearest, tolerance: rule.toleranceAngstrom, to: &edges) {
                if Self.isExhausted(crystal, radius) { break }
                radius *= Self.growth
                edges.keepFirst(atoms)
            }
            do throws(CandidateDefect) { try Self.checkDistances(edges.distances.span.extracting(pairs...)) } catch {
                edges.keepFirst(atoms)
                throw error
            }
        }
    }

    private static func checkDistances(_ distances: Span<Double>) throws(CandidateDefect) {
        // Four minima, because each comparison waits for the one before.
        var nearest = SIMD4<Double>(repeating: .infinity)
        let whole = distances.count / 4 * 4
        for e in stride(from: 0, to: whole, by: 4) {
            let d = SIMD4(distances[e], distances[e &+ 1], distances[e &+ 2], distances[e &+ 3])
            nearest.replace(with: d, where: d .< nearest)
        }
        for e in whole..<distances.count { nearest[0] = min(nearest[0], distances[e]) }
        let least = nearest.min()
        if least < shortestDistance { throw CandidateDefect("overlapping-atoms", "two atoms are \(least) Å apart") }
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
        var builder = self
        try builder.append(wrapped, to: &graphs)
        return graphs
    }

    // MARK: Covalent radii

    private mutating func selectBonds(_ crystal: CrystalStructure) throws(CandidateDefect) {
        var radii: [Double] = []
        for z in crystal.atomicNumbers {
            let radius = CovalentRadius.angstrom[Int(z)]
            if radius.isNaN { throw CandidateDefect("no-element-value", "\(Element.symbols[Int(z)]) has no covalent radius") }
            radii.append(radius)
        }
        let longest = 2 * (radii.max() ?? 1) + rule.toleranceAngstrom
        try pairs.find(crystal, cutoff: longest)
        let isBonded = select(radii, fallback: nil)
        if isBonded.allSatisfy(\.self) { return }
        try selectShells(crystal, radii, isBonded, from: longest)
    }

    /// Keeps bonds, and of atoms without any those up to the limit in `fallback`.
    /// - Returns: which atoms have a bond.
    @discardableResult
    private mutating func select(_ radii: [Double], fallback: [Double]?) -> [Bool] {
        var isBonded = [Bool](repeating: false, count: radii.count)
        for i in radii.indices {
            for e in pairs.list.range(of: i) {
                let bond = radii[i] + radii[Int(pairs.list.neighbors[e])] + rule.toleranceAngstrom
                let isBond = pairs.list.distances[e] <= bond
                if isBond { isBonded[i] = true }
                pairs.keeps[e] = isBond || fallback.map { pairs.list.distances[e] <= $0[i] } ?? false
            }
        }
        return isBonded
    }

    /// Joins atoms without a bond to the shell of their nearest neighbours, too.
    private mutating func selectShells(
        _ crystal: CrystalStructure, _ radii: [Double], _ isBonded: [Bool], from start: Double
    ) throws(CandidateDefect) {
        var radius = start
        while true {
            let limits = isBonded.indices.map { isBonded[$0] ? 0 : pairs.nearestDistance(of: $0) * GraphRule.shellRatio }
            if limits.allSatisfy({ $0 <= radius }) || Self.isExhausted(crystal, radius) {
                select(radii, fallback: limits)
                pairs.symmetrize()
                return
            }
            radius *= Self.growth
            try pairs.find(crystal, cutoff: radius)
        }
    }

    // MARK: Nearest neighbours

    private mutating func selectNearest(_ crystal: CrystalStructure) throws(CandidateDefect) {
        var radius = startRadius(crystal)
        while true {
            try pairs.find(crystal, cutoff: radius)
            if choose() || Self.isExhausted(crystal, radius) { break }
            radius *= Self.growth
        }
        if rule.isSymmetric { pairs.symmetrize() }
    }

    /// A sphere that holds half as many atoms again as are wanted, where the atoms are spread evenly.
    private func startRadius(_ crystal: CrystalStructure) -> Double {
        let volume = crystal.lattice.volume * (1.5 * Double(rule.neighbors) + 4) / (Double(max(crystal.count, 1)) * 4.19)
        return max(1.5, min(8, PortableMath.cbrt(volume)))
    }

    /// Keeps the nearest of each atom and their ties.
    /// - Returns: false where an atom might have further ones outside the list.
    private mutating func choose() -> Bool {
        let distances = pairs.list.distances
        var isComplete = true
        for i in 0..<pairs.list.atomCount {
            let range = pairs.list.range(of: i)
            let reach = Self.smallest(rule.neighbors, of: distances.span.extracting(range), &nearest) + rule.toleranceAngstrom
            if reach > pairs.list.cutoff { isComplete = false }
            pairs.keep(range, upTo: reach)
        }
        return isComplete
    }

    /// The value that stands at place `count` in ascending order; infinite where there are fewer.
    private static func smallest(_ count: Int, of values: Span<Double>, _ scratch: inout [Double]) -> Double {
        scratch.removeAll(keepingCapacity: true)
        scratch.append(contentsOf: repeatElement(.infinity, count: count))
        var sorted = scratch.mutableSpan
        for k in values.indices where values[k] < sorted[count - 1] {
            var place = count - 1
            while place > 0, sorted[place - 1] > values[k] {
                sorted[place] = sorted[place - 1]
                place -= 1
            }
            sorted[place] = values[k]
        }
        return sorted[count - 1]
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
