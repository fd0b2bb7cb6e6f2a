import MaterialsCore
import Neighborhoods
import Testing

/// Cubic crystals of one atom a primitive cell or a few; edge 4 Å.
enum CubicCrystal: String, CaseIterable {
    case simple, bodyCentred, faceCentred, diamond

    var crystal: CrystalStructure {
        let sites: [SIMD3<Double>] =
            switch self {
            case .simple: [[0, 0, 0]]
            case .bodyCentred: [[0, 0, 0], [0.5, 0.5, 0.5]]
            case .faceCentred: [[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]]
            case .diamond:
                [
                    [0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5], [0.25, 0.25, 0.25], [0.75, 0.75, 0.25], [0.75, 0.25, 0.75],
                    [0.25, 0.75, 0.75],
                ]
            }
        return CrystalStructure(
            lattice: Lattice(lengths: SIMD3(4, 4, 4), degrees: SIMD3(90, 90, 90))!,
            atomicNumbers: [UInt8](repeating: 26, count: sites.count),
            positions: sites.map { FractionalPosition($0 + SIMD3(0.013, -0.4, 2.07)) })
    }

    /// Faces of a cell; edges of the faces; vertices of the network in the cell; greatest clearance at a point atom.
    var expected: (faces: Int, edges: Set<Int>, nodes: Int, clearance: Double) {
        switch self {
        case .simple: (6, [4], 1, 12.0.squareRoot())
        case .bodyCentred: (14, [4, 6], 12, 5.0.squareRoot())
        case .faceCentred: (12, [4], 12, 2)
        case .diamond: (16, [3, 6], 24, 3.0.squareRoot())
        }
    }
}

@Suite struct VoronoiTests {
    @Test(arguments: CubicCrystal.allCases) func cubicCells(_ kind: CubicCrystal) throws {
        let crystal = kind.crystal
        let cells = try VoronoiTessellation(crystal)
        let expected = kind.expected
        for atom in 0..<crystal.count {
            let faces = cells.faces(of: atom)
            #expect(faces.count == expected.faces && Set(faces.map(cells.edgeCount)) == expected.edges)
            #expect(abs(cells.volumes[atom] - 64 / Double(crystal.count)) < 1e-12)
        }
        let network = try VoronoiNetwork(cells, crystal)
        #expect(network.nodeCount == expected.nodes, "\(network.nodeCount)")
        #expect(abs((network.clearances.max() ?? 0) - expected.clearance) < 1e-9)
    }

    /// Every vertex of a simple cubic cell is shared by eight atoms and six edges, each as narrow as half the face diagonal.
    @Test func simpleCubicNetwork() throws {
        let crystal = CubicCrystal.simple.crystal
        let network = try VoronoiNetwork(try VoronoiTessellation(crystal), crystal, radii: [0.5])
        #expect(network.sites(of: 0).count == 8 && network.edges(of: 0).count == 6)
        #expect(network.edges.allSatisfy { abs($0.bottleneck - (8.0.squareRoot() - 0.5)) < 1e-12 })
        #expect(Set(network.edges.map(\.offset)).count == 6)
    }

    @Test func volumesAndAnglesAddUp() throws {
        var random = SplitMix64(seed: 8)
        for round in 0..<120 {
            let crystal = distinctCrystal(&random, atoms: 1 + random.nextInt(below: 40))
            let radii = round % 3 == 0 ? (0..<crystal.count).map { _ in 3 * random.nextUnit() } : []
            let cells = try VoronoiTessellation(crystal, squaredRadii: radii)
            #expect(abs(cells.volumes.reduce(0, +) / crystal.lattice.volume - 1) < 1e-9, "round \(round)")
            if !radii.isEmpty { continue }
            for atom in 0..<crystal.count {
                #expect(abs(cells.solidAngles[cells.faces(of: atom)].reduce(0, +) - 4 * Double.pi) < 1e-9)
            }
        }
    }

    /// Vertices, edges and faces of each cell obey Euler's formula, and each face is there from both sides with the same area.
    @Test func cellsFitTogether() throws {
        var random = SplitMix64(seed: 9)
        for round in 0..<40 {
            let crystal = distinctCrystal(&random, atoms: 2 + random.nextInt(below: 20))
            let weights = round % 2 == 0 ? [] : (0..<crystal.count).map { _ in random.nextUnit() }
            let cells = try VoronoiTessellation(crystal, squaredRadii: weights)
            for i in 0..<crystal.count where cells.volumes[i] > 0 {
                let faces = cells.faces(of: i)
                let halfEdges = faces.reduce(0) { $0 + cells.edgeCount($1) }
                #expect(cells.vertexOffsets[i + 1] - cells.vertexOffsets[i] - halfEdges / 2 + faces.count == 2)
                for f in faces where cells.areas[f] > 1e-6 {
                    let back = cells.faces(of: Int(cells.neighbors[f])).first {
                        Int(cells.neighbors[$0]) == i && cells.images[$0] == -cells.images[f]
                    }
                    let other = try #require(back)
                    #expect(
                        abs(cells.areas[f] - cells.areas[other]) < 1e-8
                            && abs(cells.heights[f] + cells.heights[other] - cells.distances[f]) < 1e-9)
                }
            }
        }
    }

    /// Around each node as many sides leave as arrive, no atom is nearer than its sites (all points), and no way is wider than its ends.
    @Test func networksAreConsistent() throws {
        var random = SplitMix64(seed: 10)
        for round in 0..<25 {
            let crystal = distinctCrystal(&random, atoms: 1 + random.nextInt(below: 15))
            let radii = (0..<crystal.count).map { _ in round % 2 == 0 ? 0 : 0.4 + 0.5 * random.nextUnit() }
            let cells = try VoronoiTessellation(crystal, squaredRadii: radii.map { $0 * $0 })
            let network = try VoronoiNetwork(cells, crystal, radii: radii)
            let all = Set(network.edges.map { [Int32($0.from), $0.to, $0.offset.cells.x, $0.offset.cells.y, $0.offset.cells.z] })
            for edge in network.edges {
                let n = -edge.offset
                #expect(all.contains([edge.to, edge.from, n.cells.x, n.cells.y, n.cells.z]))
                #expect(edge.bottleneck <= min(network.clearances[Int(edge.from)], network.clearances[Int(edge.to)]) + 1e-9)
            }
            for node in 0..<network.nodeCount {
                #expect(network.sites(of: node).count >= 4)
                if round % 2 == 1 { continue }
                #expect(abs(network.clearances[node] - (try clearance(at: network.positions[node], crystal))) < 1e-6)
            }
        }
    }

    @Test func refusals() throws {
        var slab = CubicCrystal.simple.crystal
        slab.periodicity = Periodicity(true, true, false)
        #expect(throws: CandidateDefect("not-periodic", "cells of atoms are closed only in structures that repeat along all three axes")) {
            try VoronoiTessellation(slab)
        }
        var double = CubicCrystal.bodyCentred.crystal
        double.positions[1] = FractionalPosition(double.positions[0].coordinates + SIMD3(1, 0, -2))
        #expect(throws: CandidateDefect("coincident-atoms", "atoms 1 and 2 are on one point")) { try VoronoiTessellation(double) }
    }

    /// Distance from a point to the nearest atom.
    private func clearance(at point: FractionalPosition, _ crystal: CrystalStructure) throws -> Double {
        var probe = crystal
        probe.positions.append(point)
        probe.atomicNumbers.append(1)
        var (finder, list) = (NeighborFinder(), NeighborList())
        try finder.findNearest(probe, count: 8, into: &list)
        let last = crystal.count
        return list.range(of: last).filter { list.neighbors[$0] != Int32(last) }.map { list.distances[$0] }.min() ?? .infinity
    }

    /// A random crystal without atoms on one point.
    private func distinctCrystal(_ random: inout SplitMix64, atoms: Int) -> CrystalStructure {
        while true {
            let crystal = randomCrystal(&random, atoms: atoms, periodicity: .full)
            guard let list = try? NeighborList(crystal, cutoff: 1e-3), list.pairCount == 0 else { continue }
            return crystal
        }
    }
}
