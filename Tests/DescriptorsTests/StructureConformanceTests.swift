import Descriptors
import MaterialsCore
import TestSupport
import Testing

/// What every structure descriptor of the registry promises, tried on random crystals.
@Suite struct StructureConformanceTests {
    static let entries = DescriptorRegistry.entries.filter { $0.invariances != nil }
    /// Elements of the random crystals.
    static let elements: [UInt8] = [3, 8, 14, 26]

    /// A descriptor with its defaults; `species` for those that need them.
    static func make(_ entry: DescriptorEntry) throws -> any Descriptor {
        // Random crystals are seldom neutral, and the energy of neutral atoms is 0.
        if entry.name == "ewald-energy" { return try descriptor(entry.name, #"{"charges": {"Li": 1, "O": -2, "Si": 4, "Fe": 3}}"#) }
        // Between van der Waals spheres random crystals have no pores.
        if entry.name.hasPrefix("pore-") {
            return try descriptor(entry.name, #"{"probe": 0.3, "element_radii": {"Li": 0.1, "O": 0.4, "Si": 0.3, "Fe": 0.6}}"#)
        }
        do { return try DescriptorRegistry.make(entry.name) } catch let error as MatSieveError where error.message.contains("species") {
            let symbols = elements.map { Setting(.text(Element(atomicNumber: Int($0))!.symbol)) }
            let settings = Setting(.mapping([(key: "species", line: 1, value: Setting(.list(symbols)))]))
            return try DescriptorRegistry.make(entry.name, settings: try Settings(settings, subject: "descriptor '\(entry.name)'"))
        }
    }

    static func crystals() -> RandomCrystals {
        var random = RandomCrystals(seed: 41)
        random.elements = elements
        return random
    }

    /// One row of features; nil where the crystal was rejected.
    static func describe(_ descriptor: any Descriptor, _ crystal: CrystalStructure?) -> (row: [Double], defect: CandidateDefect?) {
        var batch = CandidateBatch(schema: CandidateSchema(hasStructures: true))
        batch.append(
            index: CandidateIndex(source: 0, position: 0), id: "x".utf8,
            composition: crystal?.composition ?? Composition(sortedAtomicNumbers: [8], amounts: [1]), structure: crystal)
        var features = FeatureMatrix(rows: 1, columns: descriptor.featureNames.count + 1)
        features[0, 0] = -77
        let defects = descriptor.compute(batch, into: &features, firstColumn: 1)
        #expect(features[0, 0] == -77, "wrote outside of its columns")
        return (Array(features.row(0).dropFirst()), defects.first?.defect)
    }

    /// Equal to 10⁻⁶ of the row's largest value, or of 1.
    static func expectEqual(_ a: [Double], _ b: [Double], _ what: String) {
        let scale = max(1, a.filter(\.isFinite).map(abs).max() ?? 1)
        let worst = zip(a, b).map { x, y in x.isNaN && y.isNaN ? 0 : abs(x - y) / scale }.map { $0.isNaN ? .infinity : $0 }.max() ?? 0
        #expect(worst <= 1e-6, "\(what): \(worst)")
    }

    @Test(arguments: entries.map(\.name)) func keepsItsInvariances(_ name: String) throws {
        let entry = try DescriptorRegistry.entry(named: name)
        let descriptor = try Self.make(entry)
        let promised = entry.invariances!
        var random = Self.crystals()
        for atoms in [1, 2, 5] {
            let crystal = random.crystal(atoms: atoms)
            let (row, defect) = Self.describe(descriptor, crystal)
            #expect(defect == nil, "\(name): \(atoms) atoms")
            func expect(_ invariance: Invariances, _ changed: CrystalStructure, _ what: String) {
                guard promised.contains(invariance) else { return }
                Self.expectEqual(row, Self.describe(descriptor, changed).row, "\(name), \(atoms) atoms, \(what)")
            }
            expect(.translation, crystal.shifted(by: random.shift()), "shifted")
            expect(.rotation, crystal.transformed(by: random.rotation()), "rotated")
            expect(.permutation, crystal.permuted(random.permutation(atoms)), "permuted")
            expect(.cell, crystal.supercell(2, 1, 1), "2×1×1 supercell")
            expect(.cell, crystal.supercell(1, 2, 2), "1×2×2 supercell")
            expect(.cell, crystal.sheared(), "sheared cell")
            let mirror = [CartesianVector(-1, 0, 0), CartesianVector(0, 1, 0), CartesianVector(0, 0, 1)]
            expect(.mirror, crystal.transformed(by: mirror), "mirrored")
        }
    }

    @Test(arguments: entries.map(\.name)) func givesNumbersThatDependOnTheCrystal(_ name: String) throws {
        let descriptor = try Self.make(DescriptorRegistry.entry(named: name))
        #expect(Set(descriptor.featureNames).count == descriptor.featureNames.count, "labels repeat")
        var random = Self.crystals()
        let rows = (2...6).map { Self.describe(descriptor, random.crystal(atoms: $0)).row }
        #expect(Set(rows.map { $0.map(\.bitPattern) }).count > 1, "\(name) gives the same for all crystals")
        #expect(rows.contains { $0.contains { $0.isFinite && $0 != 0 } })
    }

    @Test(arguments: entries.map(\.name)) func refusesWhatItCannotDescribe(_ name: String) throws {
        let entry = try DescriptorRegistry.entry(named: name)
        let descriptor = try Self.make(entry)
        #expect(Self.describe(descriptor, nil).defect?.reason == "no-structure")
        var random = Self.crystals()
        var disordered = random.crystal(atoms: 3)
        disordered.occupancies = [0.5, 1, 1]
        disordered.sites = [0, 1, 2]
        #expect((Self.describe(descriptor, disordered).defect?.reason == "disordered") == !entry.supportsDisorder)
        let slab = random.crystal(atoms: 4, periodicity: Periodicity(true, true, false))
        #expect((Self.describe(descriptor, slab).defect?.reason == "not-periodic") == !entry.supportsOpenAxes)
    }

    @Test(arguments: entries.map(\.name)) func aRowDoesNotDependOnItsCompany(_ name: String) throws {
        let descriptor = try Self.make(DescriptorRegistry.entry(named: name))
        var random = Self.crystals()
        let crystals = (1...5).map { random.crystal(atoms: $0) }
        var batch = CandidateBatch(schema: CandidateSchema(hasStructures: true))
        for (i, c) in crystals.enumerated() {
            batch.append(index: CandidateIndex(source: 0, position: i), id: "\(i)".utf8, composition: c.composition, structure: c)
        }
        var features = FeatureMatrix(rows: 5, columns: descriptor.featureNames.count)
        _ = descriptor.compute(batch, into: &features, firstColumn: 0)
        for (i, c) in crystals.enumerated() {
            #expect(Self.describe(descriptor, c).row.map(\.bitPattern) == features.row(i).map(\.bitPattern), "\(name), row \(i)")
        }
    }
}
