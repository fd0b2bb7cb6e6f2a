import Foundation
import MaterialsCore
import TestSupport
import Testing

@testable import Generation

private func settings(_ entries: KeyValuePairs<String, Setting.Value>) throws -> Settings {
    try Settings(
        Setting(.mapping(entries.map { (key: $0.key, line: 2, value: Setting($0.value, line: 2)) }), line: 2), subject: "'smact_validity'")
}

private func validity(_ entries: KeyValuePairs<String, Setting.Value> = [:]) throws -> CompositionValidity {
    var s = try settings(entries)
    let validity = try CompositionValidity(&s)
    try s.finish()
    return validity
}

@Suite struct CompositionValidityTests {
    /// The options of each column of the reference.
    private static func rules(_ column: String) throws -> CompositionValidity {
        switch column {
        case "default": try validity()
        case "no_pauling_test": try validity(["use_pauling_test": .boolean(false)])
        case "no_alloys": try validity(["include_alloys": .boolean(false)])
        case "medium": try validity(["commonality": .text("medium"), "include_alloys": .boolean(false)])
        case "main_of_10": try validity(["consensus": .number(10), "commonality": .text("main")])
        case "mixed_valence": try validity(["mixed_valence": .boolean(true), "include_alloys": .boolean(false)])
        default:
            try validity([
                "oxidation_states": .text(column.replacing("_no_alloys", with: "")),
                "include_alloys": .boolean(!column.hasSuffix("_no_alloys")),
            ])
        }
    }

    @Test func answersAreThoseOfSMACT() throws {
        let rows = String(decoding: try dataset("references/validity/validity.csv"), as: UTF8.self).split(separator: "\n")
            .map { $0.split(separator: ",").map(String.init) }
        #expect(rows.count == 734)
        for (place, column) in rows[0].enumerated().dropFirst() {
            let rules = try Self.rules(column)
            let different = try rows.dropFirst().filter { try rules.isValid(Composition(formula: $0[0])) != ($0[place] == "1") }
            #expect(different.isEmpty, "\(column): \(different.map { $0[0] })")
        }
    }

    @Test func anyChoiceOfStatesIsFound() throws {
        // The search leaves branches out; all choices say the same.
        var random = SplitMix64(seed: 3)
        let list = try #require(OxidationStateList(named: "wiki"))
        var rules = CompositionValidity(oxidationStates: list)
        rules.includesAlloys = false
        for _ in 0..<2_000 {
            let elements = (0..<2 + random.nextInt(below: 2)).map { _ in
                (Element(atomicNumber: 1 + random.nextInt(below: 94))!, Double(1 + random.nextInt(below: 9)))
            }
            let composition = Composition(elements)
            guard composition.elementCount > 1 else { continue }
            let states = composition.atomicNumbers.map { list.states[Int($0)] }
            let chi = composition.atomicNumbers.map { IonTable.electronegativity[Int($0)] }
            var choices: [[Int]] = [[]]
            for own in states { choices = choices.flatMap { chosen in own.map { chosen + [$0] } } }
            let found = choices.contains { q in
                zip(q, composition.amounts).reduce(0) { $0 + Double($1.0) * $1.1 } == 0
                    && q.indices.allSatisfy { i in
                        !chi[i].isNaN && q.indices.allSatisfy { j in !(q[i] > 0 && q[j] < 0) || chi[i] < chi[j] }
                    }
            }
            #expect(rules.isValid(composition) == found, "\(composition.formula)")
        }
    }

    @Test func amountsNeedNotBeWhole() throws {
        let rules = try validity(["include_alloys": .boolean(false)])
        #expect(rules.isValid(try Composition(formula: "Ba0.6K0.4Fe2As2")) == false)
        #expect(rules.isValid(try Composition(formula: "Zn0.7Mg0.3O")))
    }

    private static let misuse: [(String, Setting.Value, String)] = [
        ("oxidation_states", .text("icsd42"), "'icsd42' is not a list of oxidation states"), ("consensus", .number(0), "'consensus'"),
        ("commonality", .text("lov"), "'lov'"), ("include_alloy", .boolean(true), "include_alloys"),
    ]

    @Test(arguments: misuse)
    func misuseIsNamed(key: String, value: Setting.Value, reason: String) {
        let error = #expect(throws: MatSieveError.self) { try validity([key: value]) }
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
        let both = #expect(throws: MatSieveError.self) { try validity(["oxidation_states": .text("wiki"), "consensus": .number(5)]) }
        #expect(both?.message.contains("leave out 'oxidation_states' or 'consensus'") == true)
    }
}
