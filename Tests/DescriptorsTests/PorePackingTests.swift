import MaterialsCore
import TestSupport
import Testing

@testable import Descriptors

/// Packings whose pores have closed forms; lengths in units of the edge a = 4 Å.
enum Packing: String, CaseIterable, Sendable {
    case simpleCubic, bodyCentred, faceCentred, diamond, hexagonal

    var crystal: CrystalStructure {
        let fcc: [SIMD3<Double>] = [[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]]
        let sites: [SIMD3<Double>] =
            switch self {
            case .simpleCubic: [[0, 0, 0]]
            case .bodyCentred: [[0, 0, 0], [0.5, 0.5, 0.5]]
            case .faceCentred: fcc
            case .diamond: fcc + fcc.map { $0 + SIMD3(0.25, 0.25, 0.25) }
            case .hexagonal: [[0, 0, 0], [1 / 3, 2 / 3, 0.5]]
            }
        let cubic = Lattice(lengths: SIMD3(4, 4, 4), degrees: SIMD3(90, 90, 90))!
        let hexagonal = Lattice(lengths: SIMD3(4, 4, 4 * (8.0 / 3).squareRoot()), degrees: SIMD3(90, 90, 120))!
        return PoreCrystals.crystal(self == .hexagonal ? hexagonal : cubic, sites)
    }

    /// Distance from the nearest centres to the roomiest point, and to the narrowest point on the best way between such points. Ways go
    /// through squares (simple cubic), isosceles triangles √3/2, √3/2, 1 (body-centred), triangles (the others; those of
    /// diamond are every other atom of a chair).
    var expected: (included: Double, free: Double) {
        switch self {
        case .simpleCubic: (4 * 3.0.squareRoot() / 2, 4 / 2.0.squareRoot())
        case .bodyCentred: (4 * 5.0.squareRoot() / 4, 4 * 3 / (4 * 2.0.squareRoot()))
        case .faceCentred: (4 / 2.0, 4 / 6.0.squareRoot())
        case .diamond: (4 * 3.0.squareRoot() / 4, 4 / 6.0.squareRoot())
        case .hexagonal: (4 / 2.0.squareRoot(), 4 / 3.0.squareRoot())
        }
    }
}

/// Crystals for tests of pores.
enum PoreCrystals {
    /// A crystal of one element.
    static func crystal(_ lattice: Lattice, _ sites: [SIMD3<Double>], element: UInt8 = 8) -> CrystalStructure {
        CrystalStructure(
            lattice: lattice, atomicNumbers: [UInt8](repeating: element, count: sites.count),
            positions: sites.map { FractionalPosition($0) })
    }

    static func box(_ a: Double, _ b: Double, _ c: Double) -> Lattice { Lattice(lengths: SIMD3(a, b, c), degrees: SIMD3(90, 90, 90))! }

    static func settings(_ values: [String: Setting.Value]) throws -> Settings {
        let entries = values.keys.sorted().map { (key: $0, line: 1, value: Setting(values[$0]!)) }
        return try Settings(Setting(.mapping(entries)), subject: "pores")
    }

    private static func row(_ descriptor: some StructureDescriptor, _ crystal: CrystalStructure) throws -> [Double] {
        var features = FeatureMatrix(rows: 1, columns: descriptor.featureNames.count)
        try features.withRow(0, first: 0, width: features.columns) { (out: inout MutableSpan<Double>) throws(CandidateDefect) in
            try descriptor.describe(crystal, into: &out)
        }
        return features.values
    }

    /// Di, Df, Dif, channel dimensionality.
    static func spheres(_ crystal: CrystalStructure, _ values: [String: Setting.Value]) throws -> [Double] {
        var settings = try settings(values)
        return try row(try PoreSpheresDescriptor(settings: &settings), crystal)
    }

    /// Accessible fraction, cm³/g, m²/cm³, m²/g, then inaccessible ones.
    static func volume(_ crystal: CrystalStructure, _ values: [String: Setting.Value]) throws -> [Double] {
        var settings = try settings(values)
        return try row(try PoreVolumeDescriptor(settings: &settings), crystal)
    }

    /// Equal to rounding.
    static func areEqual(_ a: [Double], _ b: [Double], within tolerance: Double = 1e-9) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance }
    }
}

@Suite struct PorePackingTests {
    @Test(arguments: Packing.allCases) func pointsAndHardSpheres(_ packing: Packing) throws {
        let (included, free) = packing.expected
        for (radii, radius) in [("none", 0.0), ("zeolite", 1.35)] {
            let values = try PoreCrystals.spheres(packing.crystal, ["radii": .text(radii), "probe": .number(free - radius - 0.01)])
            let expected = [included - radius, free - radius, included - radius].map { 2 * $0 } + [3]
            #expect(PoreCrystals.areEqual(values, expected), "\(packing) \(radii): \(values), not \(expected)")
            let larger = try PoreCrystals.spheres(packing.crystal, ["radii": .text(radii), "probe": .number(free - radius + 0.01)])
            #expect(larger[3] == 0)
        }
    }

    @Test(arguments: Packing.allCases) func otherCells(_ packing: Packing) throws {
        var random = RandomCrystals(seed: 5)
        let expected = try PoreCrystals.spheres(packing.crystal, ["probe": .number(0.2)])
        let others = [
            packing.crystal.supercell(2, 1, 3), packing.crystal.sheared(), packing.crystal.sheared().supercell(1, 2, 1).sheared(),
            packing.crystal.shifted(by: random.shift()), packing.crystal.transformed(by: random.rotation()),
        ]
        for other in others {
            let values = try PoreCrystals.spheres(other, ["probe": .number(0.2)])
            #expect(PoreCrystals.areEqual(values, expected), "\(packing): \(values), not \(expected)")
        }
    }

    /// Sites moved by less than files' rounding: symmetric vertices fall apart, the pores do not.
    @Test(arguments: [1e-4, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12]) func nearlySymmetric(_ size: Double) throws {
        var random = SplitMix64(seed: 17)
        for packing in Packing.allCases {
            var crystal = packing.crystal.supercell(2, 2, 1)
            crystal.positions = crystal.positions.map {
                FractionalPosition($0.coordinates + size * SIMD3(random.nextUnit(), random.nextUnit(), random.nextUnit()))
            }
            let (included, free) = packing.expected
            let values = try PoreCrystals.spheres(crystal, ["radii": .text("none"), "probe": .number(free - 0.1)])
            let expected = [2 * included, 2 * free, 2 * included, 3]
            #expect(PoreCrystals.areEqual(values, expected, within: 40 * size + 1e-5), "\(packing) \(size): \(values), not \(expected)")
        }
    }

    /// Atoms that fill a plane, a line or a shell leave slabs, rods and cages.
    @Test func channelDimensionality() throws {
        let probe = Setting.Value.number(1)
        func dimensions(_ crystal: CrystalStructure) throws -> Double {
            try PoreCrystals.spheres(crystal, ["radii": .text("zeolite"), "probe": probe])[3]
        }
        let plane = PoreCrystals.crystal(PoreCrystals.box(1.5, 1.5, 10), [[0, 0, 0]])
        #expect(try dimensions(plane) == 2)
        #expect(try dimensions(plane.sheared()) == 2)
        let rod = PoreCrystals.crystal(PoreCrystals.box(10, 9, 1.5), [[0.2, 0.3, 0]])
        #expect(try dimensions(rod) == 3)
        let tube = PoreCrystals.walls(edge: 9, steps: 6, open: [2])
        #expect(try dimensions(tube) == 1)
        #expect(try dimensions(PoreCrystals.walls(edge: 9, steps: 6, open: [0, 1])) == 2)
        #expect(try dimensions(PoreCrystals.walls(edge: 9, steps: 6, open: [])) == 0)
        // A tube that passes through the border of the cell, in cells of other shapes.
        #expect(try dimensions(tube.shifted(by: SIMD3(0.5, 0.43, 0.2)).sheared().supercell(1, 2, 1)) == 1)
    }

    @Test func pocketsAreInaccessible() throws {
        let values: [String: Setting.Value] = ["radii": .text("zeolite"), "probe": .number(1)]
        let cage = try PoreCrystals.volume(PoreCrystals.walls(edge: 9, steps: 6, open: []), values)
        let tube = try PoreCrystals.volume(PoreCrystals.walls(edge: 9, steps: 6, open: [1]), values)
        #expect(cage[0] == 0 && cage[2] == 0 && cage[4] > 0.1 && cage[6] > 0)
        #expect(tube[4] == 0 && tube[6] == 0 && tube[0] > cage[4] && tube[2] > 0)
    }

    /// The way along the tube bends no volume: clearances along each axis belong to it alone.
    @Test func freeSpheresAlongAxes() throws {
        let crystal = PoreCrystals.walls(edge: 9, steps: 6, open: [1])
        let free = try PoreNetwork(crystal, radii: [Double](repeating: 1.35, count: crystal.count)).freeSphere()
        #expect(free.radius == free.alongAxes.y && free.radius > 2.5 && free.alongAxes.x < 0.1 && free.alongAxes.z < 0.1)
    }
}

extension PoreCrystals {
    /// A cubic box whose walls are square grids of atoms, without the walls across `open` axes.
    static func walls(edge: Double, steps: Int, open: Set<Int>) -> CrystalStructure {
        var sites: [SIMD3<Double>] = []
        for x in 0..<steps {
            for y in 0..<steps {
                for z in 0..<steps where (0..<3).contains(where: { !open.contains($0) && [x, y, z][$0] == 0 }) {
                    sites.append(SIMD3(Double(x), Double(y), Double(z)) / Double(steps))
                }
            }
        }
        return crystal(box(edge, edge, edge), sites)
    }
}
