import MaterialsCore
import TestSupport
import Testing

@testable import Descriptors

/// Values of matminer 0.10.1 and pymatgen 2026.10.24 on crystals of mp_elastic_2015 and low-dimensional ones.
@Suite struct StructureFeatureReferenceTests {
    static let folder = "references/structure_features"

    /// Crystals of a file by name.
    static func crystals(_ file: String) throws -> [String: CrystalStructure] {
        Dictionary(uniqueKeysWithValues: try referenceCrystals("\(folder)/\(file).csv.gz").map { ($0.name, $0.crystal) })
    }

    /// Features of one crystal.
    static func values(_ descriptor: any Descriptor, _ crystal: CrystalStructure) throws -> [Double] {
        let (row, defect) = StructureConformanceTests.describe(descriptor, crystal)
        if let defect { throw defect }
        return row
    }

    static func make(_ name: String, _ settings: [(String, Setting.Value)] = []) throws -> any Descriptor {
        let mapping = settings.map { (key: $0.0, line: 1, value: Setting($0.1, line: 1, source: "\($0.1)")) }
        return try DescriptorRegistry.make(name, settings: Settings(Setting(.mapping(mapping), line: 1), subject: name))
    }

    /// Both code paths add in another order: relative 10⁻¹² of the larger, and what a sum of rounding errors of `scale` leaves.
    static func agree(_ a: Double, _ b: Double, scale: Double = 0) -> Bool {
        a.isNaN || b.isNaN ? a.isNaN == b.isNaN : abs(a - b) <= 1e-12 * max(abs(a), abs(b), scale)
    }

    @Test func densityEqualsMatminer() throws {
        let (crystals, rows) = (try Self.crystals("crystals"), try referenceRows("\(Self.folder)/density.csv.gz"))
        let descriptor = try Self.make("density")
        #expect(Array(rows[0].dropFirst()) == descriptor.featureNames && rows.count == 198)
        for row in rows.dropFirst() {
            let found = try Self.values(descriptor, crystals[row[0]]!)
            for (column, value) in found.enumerated() { #expect(Self.agree(value, Double(row[1 + column]) ?? .nan), "\(row[0])") }
        }
    }

    @Test func densityCountsOccupancies() throws {
        // Half of the sodium is gone: its mass and volume share too.
        let cell = Lattice(lengths: SIMD3(4, 4, 4), degrees: SIMD3(90, 90, 90))!
        let full = CrystalStructure(
            lattice: cell, atomicNumbers: [11, 17], positions: [FractionalPosition(0, 0, 0), FractionalPosition(0.5, 0.5, 0.5)])
        var half = full
        (half.occupancies, half.sites) = ([0.5, 1], [0, 1])
        let (a, b) = (try Self.values(Self.make("density"), full), try Self.values(Self.make("density"), half))
        #expect(Self.agree(a[0] - b[0], 0.5 * 22.98976928 / 64 * 1.66053906892, scale: 1) && b[1] == 64 / 1.5)
        #expect(Self.agree(a[2] - b[2], 0.5 * 4 / 3 * Double.pi * (1.8 * 1.8 * 1.8) / 64, scale: 1))
    }

    /// Matminer's values are N times these.
    @Test func radialDistributionEqualsMatminer() throws {
        let (crystals, rows) = (try Self.crystals("crystals"), try referenceRows("\(Self.folder)/radial.csv.gz"))
        let descriptor = try Self.make("radial-distribution", [("bin_size", .number(0.25))])
        #expect(Array(rows[0].dropFirst()) == descriptor.featureNames && rows.count > 150)
        for row in rows.dropFirst() {
            let crystal = crystals[row[0]]!
            let found = try Self.values(descriptor, crystal)
            let isSame = zip(found, row.dropFirst()).allSatisfy { Self.agree($0 * Double(crystal.count), Double($1)!) }
            #expect(isSame, "\(row[0])")
        }
    }

    @Test func partialRadialDistributionEqualsMatminer() throws {
        let (crystals, rows) = (try Self.crystals("crystals"), try referenceRows("\(Self.folder)/partial_radial.csv.gz"))
        #expect(rows.count > 50)
        for row in rows.dropFirst() {
            let species = row[1].split(separator: " ").map { Setting(.text(String($0))) }
            let settings: [(String, Setting.Value)] = [("species", .list(species)), ("cutoff", .number(8)), ("bin_size", .number(0.5))]
            let found = try Self.values(Self.make("partial-radial-distribution", settings), crystals[row[0]]!)
            let expected = numbers(row[2])
            #expect(found.count == expected.count && zip(found, expected).allSatisfy { Self.agree($0, $1) }, "\(row[0])")
        }
    }

    @Test func distancesOnAnEdgeStayInTheirShell() throws {
        // Simple cubic, 3 Å: 6 neighbours at 3.0, however the cell is turned.
        let cell = Lattice(lengths: SIMD3(3, 3, 3), degrees: SIMD3(90, 90, 90))!
        let crystal = CrystalStructure(lattice: cell, atomicNumbers: [84], positions: [FractionalPosition(0, 0, 0)])
        let descriptor = try Self.make("radial-distribution", [("cutoff", .number(6))])
        let straight = try Self.values(descriptor, crystal)
        #expect(straight.count == 60 && straight[29] == 0)
        #expect(Self.agree(straight[30], 6 / (4.0 / 3 * Double.pi * (3.1 * 3.1 * 3.1 - 27)) * 27))
        var random = RandomCrystals(seed: 6)
        for _ in 0..<20 {
            let turned = try Self.values(descriptor, crystal.transformed(by: random.rotation()).shifted(by: random.shift()))
            #expect(zip(straight, turned).allSatisfy { Self.agree($0, $1) || abs($0 - $1) < 1e-9 })
        }
    }

    @Test func complexityEqualsMatminer() throws {
        let (crystals, rows) = (try Self.crystals("crystals"), try referenceRows("\(Self.folder)/complexity.csv.gz"))
        let descriptor = try Self.make("structural-complexity")
        #expect(rows.count == 198)
        for row in rows.dropFirst() {
            let crystal = crystals[row[0]]!
            let found = try Self.values(descriptor, crystal)
            let primitive = try DetectedPrimitive.count(crystal, symprec: 0.1)
            #expect(Self.agree(found[0], Double(row[1])!, scale: 1), "\(row[0])")
            #expect(Self.agree(found[1] * Double(crystal.count) / Double(primitive), Double(row[2])!, scale: 10), "\(row[0])")
        }
    }

    @Test func spaceGroupEqualsMatminer() throws {
        let (crystals, rows) = (try Self.crystals("crystals"), try referenceRows("\(Self.folder)/global_symmetry.csv.gz"))
        let descriptor = try Self.make("space-group")
        let labels = descriptor.featureNames
        #expect(Array(labels.prefix(3)) == Array(rows[0][1...3]))
        for row in rows.dropFirst() {
            let crystal = crystals[row[0]]!
            let found = try Self.values(descriptor, crystal)
            #expect(Array(found.prefix(3)) == row[1...3].map { Double($0)! }, "\(row[0])")
            let primitive = found[labels.firstIndex(of: "sites primitive cell")!]
            let order = found[labels.firstIndex(of: "point_group_order")!]
            #expect(order * Double(crystal.count) / primitive == Double(row[4])!, "\(row[0])")
            #expect(found[6..<13].reduce(0, +) == 1 && found[5 + Int(found[1])] == 1)
        }
    }
}

enum DetectedPrimitive {
    /// Atoms in the primitive cell.
    static func count(_ crystal: CrystalStructure, symprec: Double) throws -> Int {
        let descriptor = try StructureFeatureReferenceTests.make("space-group", [("symprec", .number(symprec))])
        let values = try StructureFeatureReferenceTests.values(descriptor, crystal)
        return Int(values[descriptor.featureNames.firstIndex(of: "sites primitive cell")!])
    }
}
