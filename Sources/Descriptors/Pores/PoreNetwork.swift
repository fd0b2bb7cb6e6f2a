import MaterialsCore
import Neighborhoods

/// The empty space between hard spheres: where a sphere has most room and through which gaps it passes.
///
/// - Input:    a structure that repeats along all axes and a radius for each atom, Å
/// - Output:   radii of spheres, Å
/// - Numerics: where all radii are equal, every sphere is exact. Else the tessellation is the radical one, as in Zeo++: included spheres
///   sit at its vertices, free spheres go along its edges, which only comes near the largest. Exact for any radii: what a point
///   can reach, `regions(clearance: 0)`. A point lies outside all spheres where its power |x - r_i|² - R_i² is positive in its own cell i;
///   a ball is convex, so it parts a cell, and a face of it, no further than it parts the border: a free way can be pushed onto free edges
/// - Source:   T. F. Willems, C. H. Rycroft, M. Kazi, J. C. Meza, M. Haranczyk, Microporous Mesoporous Mater. 149, 134 (2012),
///   doi:10.1016/j.micromeso.2011.08.020; M. D. Foster, I. Rivin, M. M. J. Treacy, O. Delgado Friedrichs, Microporous Mesoporous Mater.
///   90, 32 (2006), doi:10.1016/j.micromeso.2005.08.025
struct PoreNetwork {
    let tessellation: VoronoiTessellation
    let network: VoronoiNetwork
    /// Radius of each atom, Å.
    let radii: [Double]

    init(_ crystal: CrystalStructure, radii: [Double]) throws(CandidateDefect) {
        self.radii = radii
        tessellation = try VoronoiTessellation(crystal, squaredRadii: radii.map { $0 * $0 })
        network = try VoronoiNetwork(tessellation, crystal, radii: radii)
    }

    /// Radius of the largest sphere that fits anywhere (Di / 2); 0 where none does.
    func largestIncludedSphere() -> Double { max(0, network.clearances.max() ?? 0) }

    /// A sphere that travels without end.
    struct FreeSphere: Equatable {
        /// Radius of the largest sphere that gets through (Df / 2), Å; 0 where none does.
        var radius = 0.0
        /// Radius of the largest sphere that fits somewhere along its way (Dif / 2), Å.
        var included = 0.0
        /// Radius of the largest that gets through with a displacement along a, b, c.
        var alongAxes = SIMD3<Double>(0, 0, 0)
    }

    /// Gaps that are narrower by less than this are as wide as the widest, Å: those that symmetry makes equal.
    private static let tie = 1e-6

    /// The largest free spheres.
    func freeSphere() -> FreeSphere {
        var result = FreeSphere()
        var regions = PeriodicRegions(nodes: network.nodeCount)
        let order = network.edges.indices.filter { network.edges[$0].bottleneck > 0 }.sorted {
            let (a, b) = (network.edges[$0].bottleneck, network.edges[$1].bottleneck)
            return a != b ? a > b : $0 < $1
        }
        for index in order {
            let edge = network.edges[index]
            guard regions.join(Int(edge.from), Int(edge.to), offset: edge.offset.cells) else { continue }
            let root = regions.root(of: Int(edge.from))
            if result.radius == 0, regions.rank(root) > 0 { result.radius = edge.bottleneck }
            let reached = regions.reachedAxes(root)
            for axis in 0..<3 where reached[axis] && result.alongAxes[axis] == 0 { result.alongAxes[axis] = edge.bottleneck }
            if result.alongAxes.min() > 0 { break }
        }
        if result.radius > 0 { result.included = largestSphereInChannels(clearance: result.radius - Self.tie) }
        return result
    }

    private func largestSphereInChannels(clearance: Double) -> Double {
        let isChannel = channelNodes(regions(clearance: clearance))
        var largest = 0.0
        for node in isChannel.indices where isChannel[node] { largest = max(largest, network.clearances[node]) }
        return largest
    }

    /// The regions of nodes between which there is a way with at least this clearance.
    func regions(clearance: Double) -> PeriodicRegions {
        var regions = PeriodicRegions(nodes: network.nodeCount)
        for edge in network.edges where edge.bottleneck >= clearance {
            _ = regions.join(Int(edge.from), Int(edge.to), offset: edge.offset.cells)
        }
        return regions
    }

    /// For each node, whether it lies in a region without end.
    func channelNodes(_ regions: PeriodicRegions) -> [Bool] {
        (0..<network.nodeCount).map { regions.rank(regions.root(of: $0)) > 0 }
    }

    /// In how many directions a sphere of this radius can travel without end, at most.
    func channelDimensionality(probe: Double, _ crystal: CrystalStructure) throws(CandidateDefect) -> Int {
        if radii.allSatisfy({ $0 == radii[0] }) { return regions(clearance: probe).largestRank }
        return try PoreNetwork(crystal, radii: radii.map { $0 + probe }).regions(clearance: 0).largestRank
    }
}

/// Connected regions of a periodic network, and along which lattice directions each goes on without end.
struct PeriodicRegions {
    private var parents: [Int]
    /// Cell of a node, counted from its parent's.
    private var shifts: [SIMD3<Int32>]
    /// Translations by which a region meets itself, by its root; none for a pocket.
    private var cycles: [Int: TranslationLattice] = [:]

    /// Every node by itself.
    init(nodes: Int) {
        parents = Array(0..<nodes)
        shifts = [SIMD3<Int32>](repeating: SIMD3(0, 0, 0), count: nodes)
    }

    /// The root of a node's region.
    func root(of node: Int) -> Int { located(node).root }

    private func located(_ node: Int) -> (root: Int, shift: SIMD3<Int32>) {
        var (current, shift) = (node, SIMD3<Int32>(0, 0, 0))
        while parents[current] != current {
            shift = shift &+ shifts[current]
            current = parents[current]
        }
        return (current, shift)
    }

    /// Connects a node with the copy of another; true where this joins regions or opens a new direction.
    mutating func join(_ first: Int, _ second: Int, offset: SIMD3<Int32>) -> Bool {
        let (a, b) = (compressed(first), compressed(second))
        let difference = offset &+ a.shift &- b.shift
        if a.root != b.root {
            parents[b.root] = a.root
            shifts[b.root] = difference
            for cycle in cycles.removeValue(forKey: b.root)?.basis ?? [] { cycles[a.root, default: TranslationLattice()].insert(cycle) }
            return true
        }
        if difference == SIMD3(0, 0, 0) { return false }
        let before = rank(a.root)
        cycles[a.root, default: TranslationLattice()].insert(difference)
        return rank(a.root) > before
    }

    /// Finds the root and hangs the node directly below it.
    private mutating func compressed(_ node: Int) -> (root: Int, shift: SIMD3<Int32>) {
        let found = located(node)
        if found.root != node { (parents[node], shifts[node]) = (found.root, found.shift) }
        return found
    }

    /// In how many independent directions the region of a root goes on: 0 for a pocket.
    func rank(_ root: Int) -> Int { cycles[root]?.rank ?? 0 }

    /// Most directions in which any region goes on.
    var largestRank: Int { cycles.values.map(\.rank).max() ?? 0 }

    /// Along which axes the region of a root goes on.
    func reachedAxes(_ root: Int) -> [Bool] {
        let basis = cycles[root]?.basis ?? []
        return (0..<3).map { axis in basis.contains { $0[axis] != 0 } }
    }
}
