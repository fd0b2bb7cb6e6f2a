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

    /// Two cubic nets of 4.2 Å, one in the middle of the other; the edges of each carry atoms at thirds, so bonds are 1.4 Å long, and atoms
    /// of different nets 2.3 Å apart.
    @Test func interpenetratingNetsAreToldApart() throws {
        let net = { (origin: SIMD3<Double>) in
            [origin]
                + (0..<6).map { k in
                    var p = origin
                    p[k / 2] += k % 2 == 0 ? 1.0 / 3 : 2.0 / 3
                    return p
                }
        }
        let lattice = Lattice(lengths: SIMD3(4.2, 4.2, 4.2), degrees: SIMD3(90, 90, 90))!
        let both = (net(.zero) + net(SIMD3(0.5, 0.5, 0.5))).map { FractionalPosition($0) }
        let conventional = CrystalStructure(lattice: lattice, atomicNumbers: [UInt8](repeating: 6, count: 14), positions: both)
        let two = try BondedNetwork(conventional).components
        #expect(two.map(\.dimension) == [3, 3] && two.map(\.copies) == [1, 1] && two.map(\.entries.count) == [7, 7])
        let half = 2.1
        let body = Lattice(
            a: CartesianVector(-half, half, half), b: CartesianVector(half, -half, half), c: CartesianVector(half, half, -half))
        let primitive = CrystalStructure(
            lattice: body, atomicNumbers: [UInt8](repeating: 6, count: 7),
            positions: net(.zero).map { body.fractional(lattice.cartesian(FractionalPosition($0))) })
        let one = try BondedNetwork(primitive).components
        #expect(one.map(\.dimension) == [3] && one.map(\.copies) == [2])
        for crystal in [conventional, primitive, conventional.supercell(2, 1, 2), primitive.sheared().supercell(1, 3, 1)] {
            let row = try StructureFeatureReferenceTests.values(StructureFeatureReferenceTests.make("dimensionality"), crystal)
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
