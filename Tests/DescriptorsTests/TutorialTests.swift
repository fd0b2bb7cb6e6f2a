import MaterialsCore
import TestSupport
import Testing

// begin descriptor-test
@Suite struct HeaviestElementFractionTests {
    @Test func knownAnswers() throws {
        var settings = Settings()
        let result = describe(
            try HeaviestElementFraction(settings: &settings),
            batch([composition("Pb 1 Ti 1 O 3"), composition("Si 2"), composition("Ga 0.25 As 0.75")]))
        #expect(result.matrix.values == [0.2, 1, 0.75] && result.defects.isEmpty)
    }
}
// end descriptor-test

extension HeaviestElementFractionTests {
    @Test func settingsAreReadAndOthersRefused() throws {
        var two = settings("elements", 2)
        let result = describe(try HeaviestElementFraction(settings: &two), batch([composition("Pb 1 Ti 1 O 3"), composition("Si 2")]))
        #expect(result.matrix.values == [0.4, 1])
        for (key, value) in [("elements", 0.0), ("elements", 11), ("element", 1)] {
            var wrong = settings(key, value)
            #expect(throws: MatSieveError.self) { try HeaviestElementFraction(settings: &wrong) }
        }
    }

    @Test func emptyCompositionIsADefect() throws {
        var settings = Settings()
        let empty = Composition(sortedAtomicNumbers: [], amounts: [])
        let result = describe(try HeaviestElementFraction(settings: &settings), batch([composition("Si 1"), empty]))
        #expect(result.defects.map(\.row) == [1] && result.defects.first?.defect.reason == "empty-composition")
    }

    @Test func canBeRegistered() throws {
        var settings = Settings()
        let entry = DescriptorEntry(HeaviestElementFraction.self)
        #expect(entry.name == "heaviest-element-fraction" && entry.references.count == 1)
        #expect(try entry.make(&settings).featureNames.count == 1)
    }

    private func settings(_ key: String, _ value: Double) -> Settings {
        let mapping = [(key: key, line: 1, value: Setting(.number(value), line: 1))]
        guard let settings = try? Settings(Setting(.mapping(mapping)), subject: "test") else { return Settings() }
        return settings
    }
}

// begin structure-descriptor-test
@Suite struct LikeNeighborsTests {
    @Test func rockSalt() throws {
        let lattice = try #require(Lattice(lengths: SIMD3(repeating: 5.64), degrees: SIMD3(repeating: 90)))
        let halves = [(0.0, 0.0, 0.0), (0, 0.5, 0.5), (0.5, 0, 0.5), (0.5, 0.5, 0), (0.5, 0, 0), (0, 0.5, 0), (0, 0, 0.5), (0.5, 0.5, 0.5)]
        let crystal = CrystalStructure(
            lattice: lattice, atomicNumbers: [11, 11, 11, 11, 17, 17, 17, 17],
            positions: halves.map { FractionalPosition($0.0, $0.1, $0.2) })
        var settings = Settings()
        // 6 of the other element at 2.82 Å, 12 of the same at 3.99 Å.
        #expect(try describedRow(crystal, by: LikeNeighbors(settings: &settings)) == [18, 12.0 / 18])
    }
}
// end structure-descriptor-test

extension LikeNeighborsTests {
    @Test func keepsWhatItDeclares() throws {
        var crystals = RandomCrystals(seed: 8)
        var settings = Settings()
        let descriptor = try LikeNeighbors(settings: &settings)
        for _ in 0..<10 {
            let crystal = crystals.crystal(atoms: 6)
            let row = try describedRow(crystal, by: descriptor)
            #expect(row == (try describedRow(crystal.supercell(2, 1, 1), by: descriptor)))
        }
    }

    @Test func canBeRegistered() {
        let entry = DescriptorEntry(LikeNeighbors.self)
        #expect(entry.requiresStructure && entry.invariances == .all && entry.supportsOpenAxes && !entry.supportsDisorder)
    }
}
