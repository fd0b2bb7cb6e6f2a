import MaterialsCore
import Testing

@testable import Generation

/// Settings of plain values.
private func settings(_ values: KeyValuePairs<String, Setting.Value>) throws -> Settings {
    try Settings(
        Setting(.mapping(values.map { ($0.key, 4, Setting($0.value, line: 4, source: source($0.value))) }), line: 3), subject: "enumerate")
}

private func source(_ value: Setting.Value) -> String {
    switch value {
    case .boolean(let b): "\(b)"
    case .number(let n): numberText(n)
    default: ""
    }
}

private func texts(_ words: String) -> Setting.Value { .list(words.split(separator: " ").map { Setting(.text(String($0)), line: 4) }) }

private func rules(_ values: KeyValuePairs<String, Setting.Value>) throws -> EnumerationRules {
    var s = try settings(values)
    let rules = try EnumerationRules(&s)
    try s.finish()
    return rules
}

private func message(_ values: KeyValuePairs<String, Setting.Value>) -> String {
    do {
        _ = try EnumerationSource(try rules(values))
        return "accepted"
    } catch { return "\(error)" }
}

@Suite struct EnumerationSettingsTests {
    @Test func thePlanOfTheContractIsRead() throws {
        let r = try rules([
            "elements": texts("Cu Zn Sn S Se"), "components": .text("2-4"), "max_coefficient": .number(8),
            "oxidation_states": .text("icsd24"), "charge_neutral": .boolean(true),
        ])
        #expect(r.elements.map(\.symbol) == ["S", "Cu", "Zn", "Se", "Sn"])
        #expect(r.components == 2...4 && r.maxCoefficient == 8 && r.isChargeNeutral && r.electronegativityTest.isOn)
        #expect(!r.isSpeciesUnique && r.oxidationStates.name == "icsd24")
    }

    @Test func exclusionsAndStatesOfTheUser() throws {
        let r = try rules([
            "elements": texts("Fe Na K Pb O"), "exclude": texts("Pb Fe6+ Na-K"), "contains": texts("O"), "contains_any": texts("Fe Na"),
            "mixed_valence": texts("Fe"), "components": .number(3),
            "oxidation_states": .mapping([
                ("Fe", 5, Setting(.list([2, 3, 6].map { Setting(.number($0)) }))), ("O", 5, Setting(.number(-2))),
                ("Na", 5, Setting(.number(1))), ("K", 5, Setting(.number(1))), ("Pb", 5, Setting(.number(2))),
            ]),
        ])
        #expect(r.elements.map(\.symbol) == ["O", "Na", "K", "Fe"])
        #expect(r.excludedSystems.map { $0.map(\.symbol) } == [["Na", "K"]])
        #expect(r.states(of: Element(symbol: "Fe")!) == [2, 3])
        #expect(r.required.map(\.symbol) == ["O"] && r.anyOf.map(\.symbol) == ["Fe", "Na"])
        #expect(r.choice(of: Element(symbol: "Fe")!).mixed.count == 1 && r.components == 3...3)
    }

    @Test func allElementsAreThoseWithStates() throws {
        let r = try rules(["elements": .text("all"), "exclude": texts("Tc Pm"), "components": .text("2")])
        #expect(r.elements.count > 80 && !r.elements.contains(Element(symbol: "Tc")!) && !r.elements.contains(Element(symbol: "He")!))
    }

    @Test func misuseIsNamed() {
        let pair = texts("Fe O")
        #expect(message(["components": .text("2")]).contains("line 3: enumerate needs 'elements'"))
        #expect(message(["elements": texts("Fe Ox")]).contains("line 4: 'Ox' in enumerate is not an element"))
        #expect(message(["elements": texts("Fe O Fe")]).contains("Fe is among the elements of enumerate twice"))
        #expect(message(["elements": texts("Fe He")]).contains("He has no oxidation state in icsd24"))
        #expect(message(["elements": pair, "component": .text("2")]).contains("did you mean 'components'?"))
        #expect(message(["elements": pair, "components": .text("4-2")]).contains("such as 3 or 2-4"))
        #expect(message(["elements": pair, "components": .text("3")]).contains("there are only 2"))
        #expect(message(["elements": pair, "components": .text("2-9")]).contains("can be at most 8"))
        #expect(message(["elements": pair, "max_coefficient": .number(51)]).contains("from 1 to 50"))
        #expect(message(["elements": pair, "oxidation_states": .text("icsd25")]).contains("did you mean 'icsd24'?"))
        #expect(message(["elements": pair, "contains": texts("S")]).contains("names S, which is not among its elements"))
        #expect(message(["elements": pair, "exclude": texts("Fe O")]).contains("leaves no element"))
        #expect(message(["elements": pair, "charge_neutral": .boolean(false), "oxidation_states": .text("wiki")]).contains("says nothing"))
        #expect(message(["elements": texts("Na O"), "exclude": texts("Na+")]).contains("leaves no oxidation state of Na"))
        #expect(message(["elements": texts("Fe Mn Co O"), "contains": texts("Fe Mn Co"), "components": .text("2")]).contains("asks for 3"))
    }

    @Test func tooLargeIsRefusedWithItsSizeAndACure() {
        let text = message(["elements": .text("all"), "components": .text("2-6"), "max_coefficient": .number(10)])
        #expect(text.contains("stoichiometries would be tested; at most 281,474,976,710,656 can be. Narrow it"))
        #expect(
            text.contains("components: 2-5 leaves") && text.contains("max_coefficient: 5 leaves") && text.contains("contains: [O] leaves"))
        let huge = message([
            "elements": .text("all"), "components": .text("2-8"), "max_coefficient": .number(50), "mixed_valence": .boolean(true),
        ])
        #expect(huge.contains("Narrow it") && !huge.contains("accepted"))
    }

    @Test func countsAreExactBeyondSixtyFourBits() throws {
        // One state each and one component count: C(60, 8) 50⁸.
        let elements = (1...60).map { Element(atomicNumber: $0)! }
        let rules = EnumerationRules(
            elements: elements, components: 8...8, maxCoefficient: 50, oxidationStates: OxidationStateList(elements.map { ($0, [1]) }))
        #expect(CompositionSpace(rules).count == UInt128(2_558_620_845) * 39_062_500_000_000)
    }
}
