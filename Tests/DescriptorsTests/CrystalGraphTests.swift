import MaterialsCore
import TestSupport
import Testing

@testable import Descriptors

/// Edges by rule, line graphs, and the features of nodes and edges.
@Suite struct CrystalGraphTests {
    @Test func shellsOfCubicLattices() throws {
        let cases: [(CrystalStructure, GraphRule, Int, Double)] = [
            (CrystalNets.simpleCubic, .cutoff(3.001), 6, 3), (CrystalNets.bodyCentred, .nearest(8), 8, 2.87 * 0.75.squareRoot()),
            (CrystalNets.faceCentred, .nearest(12), 12, 4.05 * 0.5.squareRoot()), (CrystalNets.faceCentred, .covalent(), 12, 2.863782),
            (CrystalNets.diamond, .covalent(), 4, 1.544556),
        ]
        for (crystal, rule, degree, length) in cases {
            let graph = try CrystalNets.graph(crystal, rule)
            #expect(graph.nodeCount == crystal.count && graph.edgeCount == degree * crystal.count, "\(rule.text)")
            #expect((0..<graph.nodeCount).allSatisfy { graph.edges(ofNode: $0).count == degree })
            #expect(graph.distances.allSatisfy { abs($0 - length) < 1e-6 })
        }
    }

    @Test func edgesLeadToTheImagesTheyName() throws {
        var random = RandomCrystals(seed: 5)
        for atoms in 1...6 {
            let crystal = random.crystal(atoms: atoms)
            let graph = try CrystalNets.graph(crystal, .nearest(9))
            for e in 0..<graph.edgeCount {
                let (i, j) = (Int(graph.sources[e]), Int(graph.targets[e]))
                let n = SIMD3<Double>(graph.images[e].cells)
                let f = crystal.positions[j].coordinates + n - crystal.positions[i].coordinates
                let v = crystal.lattice.cartesian(FractionalPosition(f))
                #expect((v - graph.vectors[e]).length < 1e-12 && abs(v.length - graph.distances[e]) < 1e-12)
            }
            #expect((0..<atoms).allSatisfy { graph.edges(ofNode: $0).count >= 9 })
        }
    }

    @Test func tiesOfTheLastNeighbourAreKept() throws {
        #expect(try CrystalNets.graph(CrystalNets.simpleCubic, .nearest(4)).edgeCount == 6)
        #expect(try CrystalNets.graph(CrystalNets.simpleCubic, .nearest(7)).edgeCount == 18)
        var strained = CrystalNets.simpleCubic
        strained.lattice = Lattice(a: CartesianVector(3, 0, 0), b: CartesianVector(0, 3.01, 0), c: CartesianVector(0, 0, 3.02))
        #expect(try CrystalNets.graph(strained, .nearest(1)).edgeCount == 2)
        #expect(try CrystalNets.graph(strained, .nearest(1, tolerance: 0.015)).edgeCount == 4)
    }

    @Test func nearestIsDirectedUnlessSymmetric() throws {
        // On a line at 0, 1, 3: the third atom's nearest is the second, whose nearest is the first.
        let lattice = Lattice(lengths: SIMD3(10, 1, 1), degrees: SIMD3(90, 90, 90))!
        let line = CrystalStructure(
            lattice: lattice, periodicity: .none, atomicNumbers: [6, 6, 6],
            positions: [FractionalPosition(0, 0, 0), FractionalPosition(0.1, 0, 0), FractionalPosition(0.3, 0, 0)])
        let directed = try CrystalNets.graph(line, .nearest(1))
        #expect(directed.sources == [0, 1, 2] && directed.targets == [1, 0, 1])
        let symmetric = try CrystalNets.graph(line, .nearest(1, symmetric: true))
        #expect(symmetric.sources == [0, 1, 1, 2] && symmetric.targets == [1, 0, 2, 1])
    }

    @Test func moleculesGiveAllTheyHave() throws {
        let graph = try CrystalNets.graph(CrystalNets.water, .nearest(12))
        #expect(graph.edgeCount == 6 && graph.images.allSatisfy { $0 == .zero })
        #expect(try CrystalNets.graph(CrystalNets.water, .covalent()).edgeCount == 4)
        var atom = CrystalNets.water
        (atom.atomicNumbers, atom.positions) = ([8], [FractionalPosition(0, 0, 0)])
        for rule in [GraphRule.nearest(3), .covalent(), .cutoff(4)] {
            let lonely = try CrystalNets.graph(atom, rule)
            #expect(lonely.nodeCount == 1 && lonely.edgeCount == 0)
        }
    }

    @Test func atomsBeyondTheirRadiiAreJoinedToTheirNearestShell() throws {
        // Lead atoms in the face-centred lattice are 0.33 Å further apart than radii and tolerance say.
        let lead = CrystalNets.cubic(4.95, "Pb", CrystalNets.faces)
        #expect(try CrystalNets.graph(lead, .covalent()).edgeCount == 48)
        let xenon = CrystalNets.cubic(40, "Xe", [.zero])
        #expect(try CrystalNets.graph(xenon, .covalent()).edgeCount == 6, "a long way off, but periodic")
    }

    @Test func bridgesBecomeEdges() throws {
        var rule = GraphRule.covalent()
        rule.bridges = [8]
        let net = try CrystalNets.graph(CrystalNets.quartz, rule)
        #expect(net.nodeCount == 3 && net.edgeCount == 12 && net.atomicNumbers == [14, 14, 14])
        #expect(net.distances.allSatisfy { abs($0 - 3.06) < 0.01 })
        rule.bridges = [8, 14]
        #expect(throws: CandidateDefect.self) { try CrystalNets.graph(CrystalNets.quartz, rule) }
    }

    @Test func badStructuresAreDefects() throws {
        var twice = CrystalNets.bodyCentred
        twice.positions[1] = FractionalPosition(1, 0, 0)
        func reason(_ crystal: CrystalStructure, _ rule: GraphRule = .cutoff(3)) -> String? {
            do {
                _ = try CrystalNets.graph(crystal, rule)
                return nil
            } catch { return (error as? CandidateDefect)?.reason }
        }
        #expect(reason(twice) == "overlapping-atoms")
        var flat = CrystalNets.bodyCentred
        flat.lattice = Lattice(a: CartesianVector(3, 0, 0), b: CartesianVector(0, 3, 0), c: CartesianVector(3, 3, 0))
        for rule in [GraphRule.cutoff(3), .nearest(3), .covalent()] { #expect(reason(flat, rule) == "singular-lattice") }
        var heavy = CrystalNets.simpleCubic
        heavy.atomicNumbers = [117]
        #expect(reason(heavy, .covalent()) == "no-element-value" && reason(heavy, .nearest(2)) == nil)
        var shared = CrystalNets.bodyCentred
        (shared.occupancies, shared.sites) = ([0.5, 0.5], [0, 1])
        #expect(reason(shared) == "disordered")
    }

    @Test func lineGraphOfDiamondHasTetrahedralAngles() throws {
        let graph = try CrystalNets.graph(CrystalNets.diamond, .covalent())
        var lines = LineGraphColumn()
        lines.append(0, of: graph)
        #expect(lines.count == 1 && lines.pairCount == 6 * 8)
        #expect(lines.cosines.allSatisfy { abs($0 + 1.0 / 3) < 1e-12 })
        for p in 0..<lines.pairCount {
            let (e, f) = (Int(lines.firstEdges[p]), Int(lines.secondEdges[p]))
            #expect(e < f && graph.sources[e] == graph.sources[f])
        }
    }

    @Test func lineGraphLeavesLongEdgesOut() throws {
        let graph = try CrystalNets.graph(CrystalNets.simpleCubic, .cutoff(4.3))
        var lines = LineGraphColumn()
        lines.append(0, of: graph, cutoff: 3.1)
        #expect(graph.edgeCount == 18 && lines.pairCount == 15 && lines.cosines.count { $0 == -1 } == 3)
        lines.append(0, of: graph)
        #expect(lines.offsets == [0, 15, 15 + 153])
    }

    @Test func graphsStandOneAfterTheOther() throws {
        var graphs = CrystalGraphColumn()
        var builder = CrystalGraphBuilder(.nearest(4))
        let crystals = [CrystalNets.diamond, CrystalNets.water, CrystalNets.simpleCubic]
        for c in crystals { try builder.append(c, to: &graphs) }
        #expect(graphs.count == 3 && graphs.nodeOffsets == [0, 8, 11, 12])
        for (g, c) in crystals.enumerated() {
            let one = try CrystalNets.graph(c, .nearest(4))
            #expect(Array(graphs.targets[graphs.edges(g)]) == one.targets && Array(graphs.sources[graphs.edges(g)]) == one.sources)
            #expect(Array(graphs.distances[graphs.edges(g)]) == one.distances)
        }
        graphs.removeAll()
        #expect(graphs == CrystalGraphColumn())
    }

    @Test func oneHotFeaturesOfIron() {
        let features = NodeFeatures(.oneHot)
        let row = features.rows([26])
        let set = features.names.indices.filter { row[$0] == 1 }.map { features.names[$0] }
        #expect(row.count == 49 && row.allSatisfy { $0 == 0 || $0 == 1 })
        #expect(set == ["group 8", "row 4", "block d", "electronegativity from 1.55", "covalent radius from 1.15"])
        let helium = features.rows([2])
        #expect(helium.reduce(0, +) == 4, "no electronegativity, no bit")
        #expect(NodeFeatures(.magpie).rows([8])[0] == 8 && NodeFeatures(.none).names.isEmpty)
    }

    @Test func gaussiansOverlapWithTheDistance() {
        let expansion = GaussianExpansion(count: 5, stop: 4)
        #expect(expansion.centers == [0, 1, 2, 3, 4] && expansion.width == 1)
        let row = expansion.rows([2.0])
        #expect(row[2] == 1 && row[1] == row[3] && abs(row[0] - 0.018315639) < 1e-8)
    }
}
