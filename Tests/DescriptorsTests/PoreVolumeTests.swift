import MaterialsCore
import TestSupport
import Testing

@testable import Descriptors

@Suite struct PoreVolumeTests {
    /// Mass of oxygen, g/mol.
    private let mass = 15.999
    private let avogadro = 6.02214076e23

    /// One sphere in a box: volume 1 − 4πr³/3V, surface 4πr², in all units.
    @Test func isolatedSphere() throws {
        for (lattice, probe) in [(PoreCrystals.box(6, 6, 6), 1.2), (PoreCrystals.box(5, 7, 9), 0.4)] {
            let crystal = PoreCrystals.crystal(lattice, [[0.3, 0.9, 0.1]])
            let r = 1.35 + probe
            let (volume, surface) = (lattice.volume - 4 * Double.pi * r * r * r / 3, 4 * Double.pi * r * r)
            let expected = [
                volume / lattice.volume, volume * avogadro / mass * 1e-24, surface / lattice.volume * 1e4,
                surface * avogadro / mass * 1e-20,
                0, 0, 0, 0,
            ]
            let values = try PoreCrystals.volume(
                crystal, ["radii": .text("zeolite"), "probe": .number(probe), "directions": .number(2000)])
            for (a, b) in zip(values, expected) { #expect(abs(a - b) <= 0.002 * b, "\(values), not \(expected)") }
        }
    }

    /// Two spheres that overlap by a lens: V = 2·4πr³/3 − π(4r + d)(2r − d)²/12, A = 4πr² + 2πrd.
    @Test func overlappingSpheres() throws {
        let (edge, r, d) = (9.0, 2.4, 1.8)
        let crystal = PoreCrystals.crystal(PoreCrystals.box(edge, edge, edge), [[0.1, 0.2, 0.3], [0.1, 0.2, 0.3 + d / edge]])
        let solid = 8 * Double.pi * r * r * r / 3 - Double.pi * (4 * r + d) * (2 * r - d) * (2 * r - d) / 12
        let values = try PoreCrystals.volume(
            crystal, ["radii": .text("zeolite"), "probe": .number(r - 1.35), "directions": .number(4000)])
        #expect(abs(values[0] - (1 - solid / (edge * edge * edge))) < 0.001)
        #expect(abs(values[2] - (4 * Double.pi * r * r + 2 * Double.pi * r * d) / (edge * edge * edge) * 1e4) < 10)
    }

    /// Radii that differ much, spheres inside others, empty cells and atoms outside their cells, against counting points of a grid.
    @Test func unequalRadiiEqualAGrid() throws {
        var random = RandomCrystals(seed: 23)
        random.elements = [1, 8, 19]
        random.separation = 1
        for round in 0..<12 {
            let crystal = random.crystal(atoms: 3 + round % 4)
            let larger = CrystalStructure(
                lattice: Lattice(a: 1.9 * crystal.lattice.a, b: 1.9 * crystal.lattice.b, c: 1.9 * crystal.lattice.c),
                atomicNumbers: crystal.atomicNumbers, positions: crystal.positions)
            let own = Setting.Value.mapping([
                (key: "H", line: 1, value: Setting(.number(0.2))), (key: "O", line: 1, value: Setting(.number(1.2))),
                (key: "K", line: 1, value: Setting(.number(2.6))),
            ])
            let radii = larger.atomicNumbers.map { $0 == 1 ? 0.2 : $0 == 8 ? 1.2 : 2.6 }
            let values = try PoreCrystals.volume(
                larger, ["element_radii": own, "probe": .number(0.3), "directions": .number(2000)])
            let expected = Self.emptyFraction(larger, radii.map { $0 + 0.3 })
            #expect(abs(values[0] + values[4] - expected) < 0.006, "round \(round): \(values[0]) + \(values[4]), not \(expected)")
        }
    }

    /// Fraction of a 32³ grid outside of all spheres.
    private static func emptyFraction(_ crystal: CrystalStructure, _ radii: [Double]) -> Double {
        let n = 32
        var empty = 0
        let images = (0..<27).map { k -> SIMD3<Double> in
            let (x, y, z) = (Double(k % 3), Double(k / 3 % 3), Double(k / 9))
            return SIMD3(x, y, z) - 1
        }
        for k in 0..<n * n * n {
            let (x, y, z) = (Double(k % n), Double(k / n % n), Double(k / n / n))
            let point = SIMD3<Double>(x, y, z) / Double(n)
            let isFree = crystal.positions.indices.allSatisfy { i in
                var d = point - crystal.positions[i].coordinates
                for axis in 0..<3 { d[axis] -= d[axis].rounded() }
                return images.allSatisfy { crystal.lattice.cartesian(FractionalPosition(d + $0)).squaredLength >= radii[i] * radii[i] }
            }
            if isFree { empty += 1 }
        }
        return Double(empty) / Double(n * n * n)
    }

    /// Channels are there just when the largest free sphere is larger than the probe.
    @Test func accessibleWhereTheProbePasses() throws {
        var random = RandomCrystals(seed: 29)
        for round in 0..<20 {
            let crystal = random.crystal(atoms: 1 + round % 5)
            let free = try PoreCrystals.spheres(crystal, ["radii": .text("none")])[1] / 2
            for (probe, isOpen) in [(0.98 * free, true), (1.02 * free, false)] {
                let values: [String: Setting.Value] = ["radii": .text("none"), "probe": .number(probe)]
                let volume = try PoreCrystals.volume(crystal, values)
                #expect((try PoreCrystals.spheres(crystal, values)[3] > 0) == isOpen)
                if !isOpen { #expect(volume[0] == 0) }
            }
        }
    }

    @Test func nothingCrashes() throws {
        let values: [String: Setting.Value] = ["probe": .number(1.2)]
        let dense = PoreCrystals.crystal(PoreCrystals.box(0.7, 0.8, 0.9), [[0, 0, 0]])
        #expect(try PoreCrystals.spheres(dense, values) == [0, 0, 0, 0])
        #expect(try PoreCrystals.volume(dense, values) == [Double](repeating: 0, count: 8))
        let flat = PoreCrystals.crystal(PoreCrystals.box(2, 2, 60), [[0, 0, 0], [0.5, 0.5, 0.01]])
        #expect(try PoreCrystals.spheres(flat, values)[3] == 2)
        let empty = PoreCrystals.crystal(PoreCrystals.box(5, 5, 5), [])
        #expect(throws: CandidateDefect.self) { try PoreCrystals.spheres(empty, values) }
        #expect(throws: CandidateDefect.self) { try PoreCrystals.volume(empty, values) }
        let twice = PoreCrystals.crystal(PoreCrystals.box(5, 5, 5), [[0.1, 0, 0], [1.1, 0, 0]])
        #expect(throws: CandidateDefect.self) { try PoreCrystals.spheres(twice, values) }
        let many = PoreCrystals.crystal(PoreCrystals.box(50, 50, 50), (0..<4001).map { SIMD3(Double($0) / 4001, 0.5, 0) })
        #expect(throws: CandidateDefect.self) { try PoreCrystals.spheres(many, values) }
    }

    @Test func settingsAreStrict() throws {
        for wrong: [String: Setting.Value] in [
            ["radii": .text("bondi")], ["probe": .number(-1)], ["directions": .number(3)], ["element_radii": .text("O")],
            ["element_radii": .mapping([(key: "Xx", line: 1, value: Setting(.number(1)))])],
            ["element_radii": .mapping([(key: "O", line: 1, value: Setting(.number(9)))])],
        ] {
            #expect(throws: MatSieveError.self) { try PoreCrystals.volume(Packing.diamond.crystal, wrong) }
        }
    }
}
