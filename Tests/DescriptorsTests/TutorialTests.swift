import MaterialsCore
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
