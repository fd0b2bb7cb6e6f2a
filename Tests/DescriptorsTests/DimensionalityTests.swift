import Descriptors
import MaterialsCore
import TestSupport
import Testing

/// Pieces of bonded networks against pymatgen 2026.10.24 and nets whose answer is known.
@Suite struct DimensionalityTests {
    static let cubic = Lattice(lengths: SIMD3(3, 3, 3), degrees: SIMD3(90, 90, 90))!

    @Test func equalsPymatgen() throws {
        let ordinary = try StructureFeatureReferenceTests.crystals("crystals")
        let crystals = ordinary.merging(try StructureFeatureReferenceTests.crystals("low_dimensional")) { first, _ in first }
        let rows = try referenceRows("references/structure_features/dimensionality.csv.gz").dropFirst()
        #expect(rows.count > 300)
        for row in rows {
            let network = try BondedNetwork(try #require(crystals[row[0]]), radii: try #require(BondedNetwork.Radii(rawValue: row[1])))
            let counts = (0...3).map { dimension in network.components.count { $0.dimension == dimension } }
            #expect(counts.map { "\($0)" } == Array(row[3...6]), "\(row[0]) \(row[1])")
            #expect("\(network.components.map(\.dimension).max()!)" == row[2])
        }
    }

    /// Carbon atoms on a cubic net of 1.5 Å whose cell is spanned by the given vectors (in steps of the net).
    static func primitiveNet(_ rows: [SIMD3<Double>], steps: Double = 1.5) -> CrystalStructure {
        let v = rows.map { steps * CartesianVector($0) }
        return CrystalStructure(lattice: Lattice(a: v[0], b: v[1], c: v[2]), atomicNumbers: [6], positions: [FractionalPosition(0, 0, 0)])
    }

    @Test func chainsSheetsAndFrameworks() throws {
        for (cell, dimension) in [(SIMD3<Double>(9, 9, 9), 0), (SIMD3(1.5, 9, 9), 1), (SIMD3(1.5, 1.5, 9), 2), (SIMD3(1.5, 1.5, 1.5), 3)] {
            let lattice = Lattice(lengths: cell, degrees: SIMD3(90, 90, 90))!
            let crystal = CrystalStructure(lattice: lattice, atomicNumbers: [6], positions: [FractionalPosition(0.3, 0.7, 2.2)])
            for changed in [crystal, crystal.sheared(), crystal.supercell(2, 1, 3)] {
                let network = try BondedNetwork(changed)
                #expect(network.components.map(\.dimension).max() == dimension && network.components.map(\.dimension).min() == dimension)
            }
        }
    }

    /// Two cubic nets of 3 Å, one in the middle of the other, bonded only within: body-centred positions with bonds along the axes.
    @Test func interpenetratingNetsAreToldApart() throws {
        // Nodes O at the corners, N at the centres; edges of each net carry one C in the middle at 1.4 Å.
        let net = { (origin: SIMD3<Double>) in
            [origin]
                + (0..<3).map { axis in
                    var p = origin
                    p[axis] += 0.5
                    return p
                }
        }
        let lattice = Lattice(lengths: SIMD3(2.8, 2.8, 2.8), degrees: SIMD3(90, 90, 90))!
        let both = (net(.zero) + net(SIMD3(0.5, 0.5, 0.5))).map { FractionalPosition($0) }
        let conventional = CrystalStructure(lattice: lattice, atomicNumbers: [UInt8](repeating: 6, count: 8), positions: both)
        // Carbon at 1.4 Å along an edge; the other net is 1.98 Å away.
        let two = try BondedNetwork(conventional, tolerance: 0.1).components
        #expect(two.map(\.dimension) == [3, 3] && two.map(\.copies) == [1, 1])
        let half = 1.4
        let body = Lattice(
            a: CartesianVector(-half, half, half), b: CartesianVector(half, -half, half), c: CartesianVector(half, half, -half))
        let primitive = CrystalStructure(
            lattice: body, atomicNumbers: [6, 6, 6, 6],
            positions: net(.zero).map { body.fractional(lattice.cartesian(FractionalPosition($0))) })
        let one = try BondedNetwork(primitive, tolerance: 0.1).components
        #expect(one.map(\.dimension) == [3] && one.map(\.copies) == [2])
        for crystal in [conventional, primitive, conventional.supercell(2, 1, 2), primitive.sheared().supercell(1, 3, 1)] {
            let row = try StructureFeatureReferenceTests.values(
                StructureFeatureReferenceTests.make("dimensionality", [("tolerance", .number(0.1))]), crystal)
            #expect(row == [3, 3, 0, 0, 0, 1, 0, 2])
        }
    }

    @Test func openAxesCarryNoBonds() throws {
        var slab = Self.primitiveNet([SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)])
        slab.periodicity = Periodicity(true, true, false)
        #expect(try BondedNetwork(slab).components.map(\.dimension) == [2])
        slab.periodicity = .none
        #expect(try BondedNetwork(slab).components.map(\.dimension) == [0])
    }

    @Test func anElementWithoutRadiusIsADefect() {
        let crystal = CrystalStructure(lattice: Self.cubic, atomicNumbers: [100], positions: [FractionalPosition(0, 0, 0)])
        let defect = #expect(throws: CandidateDefect.self) { try BondedNetwork(crystal) }
        #expect(defect?.reason == "no-element-value")
    }
}
