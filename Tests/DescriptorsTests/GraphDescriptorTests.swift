import MaterialsCore
import Testing

@testable import Descriptors

/// Known answers of the descriptors of nets.
@Suite struct GraphDescriptorTests {
    typealias Settings = [(String, Setting.Value)]

    /// Coordination sequences of nets as crystal chemistry lists them (RCSR: pcu, bcu, fcu, dia, sod, qtz, hcb).
    @Test func coordinationSequences() throws {
        let cutoff: Settings = [("bonds", .text("cutoff"))]
        let cases: [(CrystalStructure, Settings, [Double], Double)] = [
            (CrystalNets.simpleCubic, cutoff + [("cutoff", .number(3.1))], (1...10).map { Double(4 * $0 * $0 + 2) }, 1561),
            (CrystalNets.bodyCentred, cutoff + [("cutoff", .number(2.6))], (1...10).map { Double(6 * $0 * $0 + 2) }, 2331),
            (CrystalNets.faceCentred, [], (1...10).map { Double(10 * $0 * $0 + 2) }, 3871),
            (CrystalNets.diamond, [], [4, 12, 24, 42, 64, 92, 124, 162, 204, 252], 981),
            (CrystalNets.sodalite, cutoff + [("cutoff", .number(3.3))], (1...10).map { Double(2 * $0 * $0 + 2) }, 791),
            (CrystalNets.quartz, [("bridges", .text("O"))], [4, 12, 30, 52, 80, 116, 156, 204, 258, 318], 1231),
            (CrystalNets.graphite, [], (1...10).map { Double(3 * $0) }, 166),
        ]
        for (crystal, settings, sequence, density) in cases {
            let f = try CrystalNets.features("coordination-sequence", crystal, settings)
            #expect((1...10).map { f["coordination sequence \($0)"]! } == sequence)
            #expect(f["topological density"] == density && f["topological density deviation"] == 0)
        }
    }

    /// Point symbols: pcu 4^12.6^3, bcu 4^24.6^4, fcu 3^24.4^36.5^6, dia 6^6, sod 4^2.6^4, qtz 6^4.8^2, hcb 6^3.
    @Test func ringsAtAngles() throws {
        let cutoff: Settings = [("bonds", .text("cutoff"))]
        let cases: [(CrystalStructure, Settings, [Int: Double])] = [
            (CrystalNets.simpleCubic, cutoff + [("cutoff", .number(3.1))], [4: 12, 6: 3]),
            (CrystalNets.bodyCentred, cutoff + [("cutoff", .number(2.6))], [4: 24, 6: 4]),
            (CrystalNets.faceCentred, [], [3: 24, 4: 36, 5: 6]), (CrystalNets.diamond, [], [6: 6]),
            (CrystalNets.sodalite, cutoff + [("cutoff", .number(3.3))], [4: 2, 6: 4]),
            (CrystalNets.quartz, [("bridges", .text("O"))], [6: 4, 8: 2]), (CrystalNets.graphite, [], [6: 3]),
        ]
        for (crystal, settings, symbol) in cases {
            let f = try CrystalNets.features("ring-statistics", crystal, settings)
            let all = symbol.values.reduce(0, +)
            for size in 3...10 { #expect(f["ring \(size) angles"] == (symbol[size] ?? 0) / all, "\(symbol), \(size)") }
            #expect(f["open angles"] == 0)
        }
    }

    @Test func ringsPerAtom() throws {
        let diamond = try CrystalNets.features("ring-statistics", CrystalNets.diamond)
        #expect(diamond["ring 6 per atom"] == 2 && diamond["mean ring size"] == 6, "two rings at each of six angles")
        let graphite = try CrystalNets.features("ring-statistics", CrystalNets.graphite)
        #expect(graphite["ring 6 per atom"] == 0.5)
        let sodalite = try CrystalNets.features(
            "ring-statistics", CrystalNets.sodalite, [("bonds", .text("cutoff")), ("cutoff", .number(3.3))])
        #expect(sodalite["ring 4 per atom"] == 0.5 && abs(sodalite["ring 6 per atom"]! - 2.0 / 3) < 1e-15)
        let water = try CrystalNets.features("ring-statistics", CrystalNets.water)
        #expect(water["open angles"] == 1 && water["mean ring size"]!.isNaN)
    }

    @Test func componentsAndTheirDimensions() throws {
        func check(_ crystal: CrystalStructure, _ settings: Settings = [], _ expected: [Double]) throws {
            let f = try CrystalNets.features("connected-components", crystal, settings)
            let names = (0...3).map { "atoms in \($0)D components" } + ["3D nets", "largest molecule size"]
            #expect(names.map { f[$0]! } == expected)
        }
        try check(CrystalNets.diamond, [], [0, 0, 0, 1, 1, 0])
        try check(CrystalNets.graphite, [], [0, 0, 1, 0, 0, 0])
        try check(CrystalNets.water, [], [1, 0, 0, 0, 0, 3])
        let short: Settings = [("bonds", .text("cutoff")), ("cutoff", .number(2))]
        try check(CrystalNets.cuprite, short, [0, 0, 0, 1, 2, 0])
        try check(CrystalNets.cuprite.supercell(2, 1, 2), short, [0, 0, 0, 1, 2, 0])
        try check(CrystalNets.simpleCubic, short, [1, 0, 0, 0, 0, 1])
        var chain = CrystalNets.simpleCubic
        chain.lattice = Lattice(a: CartesianVector(1.9, 0, 0), b: CartesianVector(0, 5, 0), c: CartesianVector(0, 0, 5))
        try check(chain, short, [0, 1, 0, 0, 0, 0])
    }

    @Test func translationLatticesHaveRankAndIndex() {
        func lattice(_ vectors: [SIMD3<Int32>]) -> TranslationLattice {
            var lattice = TranslationLattice()
            for v in vectors { lattice.insert(v) }
            return lattice
        }
        #expect(lattice([]).rank == 0 && lattice([SIMD3(2, 4, -6), SIMD3(-1, -2, 3)]).rank == 1)
        #expect(lattice([SIMD3(0, 0, 3), SIMD3(0, 2, 1), SIMD3(0, 4, 2)]).rank == 2)
        #expect(lattice([SIMD3(0, 1, 1), SIMD3(1, 0, 1), SIMD3(1, 1, 0)]).index == 2)
        #expect(lattice([SIMD3(3, 0, 0), SIMD3(0, 5, 0), SIMD3(1, 1, 7), SIMD3(6, 10, 0)]).index == 105)
        #expect(lattice([SIMD3(3, 0, 0), SIMD3(0, 5, 0), SIMD3(1, 1, 7), SIMD3(1, 0, 0)]).index == 35)
    }

    /// Return probabilities of random walks: chain 1/2, 3/8; square and cubic lattices are products and sums of it.
    @Test func closedWalks() throws {
        let short: Settings = [("bonds", .text("cutoff")), ("cutoff", .number(3.1)), ("moments", .number(6))]
        let cubic = try CrystalNets.features("laplacian-spectrum", CrystalNets.simpleCubic, short)
        #expect(abs(cubic["laplacian moment 2"]! - 1.0 / 6) < 1e-15 && abs(cubic["laplacian moment 4"]! - 90.0 / 1296) < 1e-15)
        #expect(abs(cubic["laplacian moment 6"]! - 1860.0 / 46656) < 1e-15 && cubic["laplacian moment 3"] == 0)
        let close = try CrystalNets.features("laplacian-spectrum", CrystalNets.faceCentred)
        #expect(abs(close["laplacian moment 2"]! - 1.0 / 12) < 1e-15 && abs(close["laplacian moment 3"]! + 48.0 / 1728) < 1e-15)
        var lonely = CrystalNets.water
        (lonely.atomicNumbers, lonely.positions) = ([8], [FractionalPosition(0, 0, 0)])
        #expect(try CrystalNets.features("laplacian-spectrum", lonely)["laplacian moment 2"] == 1, "its only eigenvalue is 0")
    }

    @Test func subtreeLabelsOfDiamondAreAllAlike() throws {
        let f = try CrystalNets.features("weisfeiler-lehman", CrystalNets.diamond, [("bins", .number(16))])
        #expect(f.count == 64)
        for t in 0...3 { #expect((0..<16).map { f["wl \(t) \($0)"]! }.sorted().suffix(2) == [0, 1]) }
        let graphite = try CrystalNets.features("weisfeiler-lehman", CrystalNets.graphite, [("bins", .number(4096))])
        let diamond = try CrystalNets.features("weisfeiler-lehman", CrystalNets.diamond, [("bins", .number(4096))])
        #expect(graphite.filter { $0.key.hasPrefix("wl 0 ") } == diamond.filter { $0.key.hasPrefix("wl 0 ") })
        #expect(graphite.filter { $0.key.hasPrefix("wl 1 ") } != diamond.filter { $0.key.hasPrefix("wl 1 ") })
    }

    @Test func degreesByPairs() throws {
        let blocks = try CrystalNets.features("graph-degree", CrystalNets.quartz, [("pairs", .text("blocks"))])
        #expect(blocks["degree minimum"] == 2 && blocks["degree maximum"] == 4 && blocks["p-p bonds per atom"] == 12.0 / 9)
        #expect(blocks["s-d bonds per atom"] == 0 && blocks["s-d bond length mean"]!.isNaN)
        let species = try CrystalNets.features(
            "graph-degree", CrystalNets.cuprite,
            [("species", .list([Setting(.text("Cu")), Setting(.text("O"))])), ("bonds", .text("cutoff")), ("cutoff", .number(3.1))])
        #expect(
            species["O-Cu bonds per atom"] == 8.0 / 6 && species["Cu-Cu bonds per atom"] == 24.0 / 6 && species["O-O bonds per atom"] == 0)
        #expect(abs(species["O-Cu bond length mean"]! - 4.27 * 3.0.squareRoot() / 4) < 1e-12)
    }

    @Test func correlationsOfQuartz() throws {
        let f = try CrystalNets.features(
            "shortest-path-correlation", CrystalNets.quartz, [("properties", .text("atomic-number")), ("distance", .number(2))])
        #expect(f["atomic-number product 1"] == 112 && f["atomic-number difference 1"] == 6)
        #expect(abs(f["atomic-number product 0"]! - (3 * 196.0 + 6 * 64) / 9) < 1e-12)
        #expect(f["atomic-number difference 2"] == 0, "the second shell of each kind is its own kind")
    }

    @Test func settingsAreRefused() {
        let wrong: [(String, Settings)] = [
            ("coordination-sequence", [("cutoff", .number(3))]), ("ring-statistics", [("neighbors", .number(3))]),
            ("graph-degree", [("pairs", .text("species"))]), ("graph-degree", [("species", .text("Xx"))]),
            ("shortest-path-correlation", [("properties", .text("mass"))]), ("connected-components", [("bridges", .text("Ox"))]),
            ("weisfeiler-lehman", [("bins", .number(1))]), ("laplacian-spectrum", [("moments", .number(2.5))]),
        ]
        for (name, settings) in wrong {
            let error = #expect(throws: MatSieveError.self) { _ = try CrystalNets.features(name, CrystalNets.diamond, settings) }
            #expect(error?.kind == .usage, "\(name)")
        }
    }
}
