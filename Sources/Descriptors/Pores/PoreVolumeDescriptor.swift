import MaterialsCore
import Neighborhoods

/// Volume and surface that the centre of a probe can reach, in Zeo++'s terms.
///
///     V = Σ_i (4π/N) Σ_u (s_i(u)³ − R_i³)/3,   A = Σ_i (4π/N) Σ_u R_i²,   over the directions u with s_i(u) > R_i
///
/// with R_i the radius of atom i plus the probe's, and s_i(u) the distance from atom i to the border of its cell in the direction u. Each
/// ray belongs to the region of the cell's corner that lies farthest along u: the way there is free.
///
/// - Input:    radii as `pore-spheres`; `probe` radius in Å (1.2); `directions` N for each atom (500)
/// - Output:   accessible volume (fraction; cm³/g), accessible surface (m²/cm³; m²/g): in regions that go on without end; the same of the
///   pockets that do not
/// - Scope:    as `pore-spheres`
/// - Numerics: directions are a Fibonacci lattice fixed to the cell vectors; the error falls as about 1/N (volume within 1 % at 500).
///   Other cells of the same crystal may differ by as much
/// - Source:   as `pore-spheres`; the volume is that of Zeo++'s `-vol` (of the probe's centre)
public struct PoreVolumeDescriptor: StructureDescriptor {
    /// `pore-volume`.
    public static let name = "pore-volume"
    /// The paper.
    public static let references = [PoreSpheresDescriptor.references[0]]
    /// Not of the cell: directions follow its vectors.
    public static let invariances: Invariances = [.translation, .rotation, .permutation, .mirror]

    private let radii: PoreRadiiSettings
    private let probe: Double
    private let directions: [SIMD3<Double>]

    /// Reads `radii`, `element_radii`, `probe` and `directions`.
    public init(settings: inout Settings) throws {
        radii = try PoreRadiiSettings(&settings)
        probe = try settings.number("probe", default: 1.2, in: 0...20)
        let count = try settings.integer("directions", default: 500, in: 20...100_000)
        directions = Self.fibonacciLattice(count)
        try settings.finish()
    }

    /// Labels: of what the probe reaches from outside, then of pockets.
    public var featureNames: [String] {
        ["accessible", "inaccessible"].flatMap { kind in
            ["volume fraction", "volume cm3/g", "surface m2/cm3", "surface m2/g"].map { "\(kind) \($0)" }
        }
    }

    /// Points spread evenly over the unit sphere.
    static func fibonacciLattice(_ count: Int) -> [SIMD3<Double>] {
        let turn = Double.pi * (3 - (5.0).squareRoot())
        return (0..<count).map { k in
            let z = 1 - (2 * Double(k) + 1) / Double(count)
            let r = (1 - z * z).squareRoot()
            return SIMD3(r * PortableMath.cos(turn * Double(k)), r * PortableMath.sin(turn * Double(k)), z)
        }
    }

    /// Fills one row.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        let pores = try PoreSpheresDescriptor.network(crystal, radii)
        let regions = pores.regions(probe: probe)
        let axes = Self.frame(crystal.lattice)
        let rays = directions.map { u in (u.x * axes.0 + u.y * axes.1) + u.z * axes.2 }
        var totals = SIMD4<Double>(repeating: 0)
        for atom in 0..<crystal.count { totals += reach(of: atom, pores, regions, rays) }
        let mass = crystal.atomicNumbers.reduce(0.0) { $0 + (Element(atomicNumber: Int($1))?.atomicMass ?? 0) }
        let volume = crystal.lattice.volume
        for kind in 0..<2 {
            let (v, s) = (totals[2 * kind], totals[2 * kind + 1])
            features[4 * kind] = v / volume
            features[4 * kind + 1] = v / mass * Self.avogadro * 1e-24
            features[4 * kind + 2] = s / volume * 1e4
            features[4 * kind + 3] = s / mass * Self.avogadro * 1e-20
        }
    }

    /// Exact since 2019.
    private static let avogadro = 6.02214076e23

    /// An orthonormal frame that turns with the cell: along a, in the plane of a and b, on the side of c.
    private static func frame(_ lattice: Lattice) -> (CartesianVector, CartesianVector, CartesianVector) {
        let first = (1 / lattice.a.length) * lattice.a
        let across = lattice.b - lattice.b.dot(first) * first
        let second = (1 / across.length) * across
        let third = first.cross(second)
        return (first, second, lattice.c.dot(third) < 0 ? -1 * third : third)
    }

    /// Accessible volume and surface, inaccessible volume and surface around an atom, Å³ and Å².
    private func reach(of atom: Int, _ pores: PoreNetwork, _ regions: PeriodicRegions, _ rays: [CartesianVector]) -> SIMD4<Double> {
        let cell = pores.tessellation
        let border = pores.radii[atom] + probe
        let planes = cell.faces(of: atom).map { face in (normal: (1 / cell.distances[face]) * cell.vectors[face], height: cell.heights[face]) }
        let corners = cell.vertexOffsets[atom]..<cell.vertexOffsets[atom + 1]
        var sums = SIMD4<Double>(repeating: 0)
        for ray in rays {
            var s = Double.infinity
            for plane in planes {
                let slope = ray.dot(plane.normal)
                if slope > 1e-12 { s = min(s, plane.height / slope) }
            }
            guard s > border, s < .infinity, let corner = corners.max(by: { cell.vertices[$0].dot(ray) < cell.vertices[$1].dot(ray) }) else {
                continue
            }
            let node = Int(pores.network.nodeOfVertex[corner])
            let kind = regions.rank(regions.root(of: node)) > 0 ? 0 : 2
            sums[kind] += (s * s * s - border * border * border) / 3
            sums[kind + 1] += border * border
        }
        return 4 * Double.pi / Double(rays.count) * sums
    }
}
