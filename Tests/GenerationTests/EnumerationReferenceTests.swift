import Foundation
import MaterialsCore
import TestSupport
import Testing

@testable import Generation

private func cells(_ path: String) throws -> [[String]] {
    String(decoding: try dataset(path), as: UTF8.self).split(separator: "\n").dropFirst().map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
}

private func rules(_ symbols: String, _ largest: String, _ list: String, species: Bool) throws -> EnumerationRules {
    let elements = symbols.split(separator: " ").map { Element(symbol: String($0))! }
    var rules = EnumerationRules(
        elements: elements, components: elements.count...elements.count, maxCoefficient: Int(largest)!,
        oxidationStates: try #require(OxidationStateList(named: list)))
    rules.isSpeciesUnique = species
    return rules
}

private func keptCount(_ rules: EnumerationRules) throws -> Int {
    try allBatches(EnumerationSource(rules)).reduce(0) { $0 + $1.count }
}

@Suite struct EnumerationReferenceTests {
    @Test func countsAreThoseOfSMACT() throws {
        for c in try cells("references/enumeration/counts.csv") {
            #expect(try keptCount(rules(c[0], c[1], c[2], species: true)) == Int(c[3])!, "\(c)")
            #expect(try keptCount(rules(c[0], c[1], c[2], species: false)) == Int(c[4])!, "\(c)")
        }
    }

    @Test func tolerancesAndMixedValenceAreThoseOfSMACT() throws {
        for c in try cells("references/enumeration/tests.csv") {
            for (species, expected) in [(true, c[7]), (false, c[8])] {
                var r = try rules(c[0], c[1], c[2], species: species)
                r.electronegativityTest.tolerance = Double(c[3])!
                if c[4] == "1" { r.mixedValence = r.elements }
                (r.repeatsAnions, r.repeatsCations) = (c[5] == "1", c[6] == "1")
                #expect(try keptCount(r) == Int(expected)!, "\(c) \(species)")
            }
        }
    }

    @Test func whatIsKeptIsWhatSMACTKeeps() throws {
        var expected: [String: Set<String>] = [:]
        for c in try cells("references/enumeration/kept.csv") {
            let symbols = c[0].split(separator: " ").map(String.init)
            let (charges, amounts) = (c[1].split(separator: " "), c[2].split(separator: " "))
            let parts = symbols.indices.map { (Element(symbol: symbols[$0])!, Int(charges[$0])!, String(amounts[$0])) }.sorted {
                $0.0 < $1.0
            }
            let ions = parts.map { ionText($0.0, charge: $0.1) }.joined(separator: " ")
            expected[c[0], default: []].insert(ions + " / " + parts.map(\.2).joined(separator: " "))
        }
        for (system, largest, list) in [("Cs Pb I", "5", "icsd24"), ("Cu Zn Sn S", "6", "pymatgen_sp"), ("S O", "8", "wiki")] {
            let schema = CandidateSchema([CandidateColumn(name: "oxidation_states", kind: .text)])
            let source = try EnumerationSource(rules(system, largest, list, species: true), schema: schema)
            var found: Set<String> = []
            for batch in try allBatches(source) {
                for row in 0..<batch.count {
                    let amounts = batch.composition(row).amounts.map { numberText($0) }.joined(separator: " ")
                    found.insert(batch.textColumns[0][row] + " / " + amounts)
                }
            }
            #expect(found == expected[system])
        }
    }
}
