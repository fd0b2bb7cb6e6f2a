import MaterialsCore
import TestSupport
import Testing

@testable import Generation

/// The generated tables against the files that they come from.
@Suite struct TableTests {
    private func words(_ file: String) throws -> [[String]] {
        String(decoding: try dataset("elements/smact/\(file)"), as: UTF8.self).split(whereSeparator: \.isNewline).filter { $0.first != "#" }
            .map { $0.split(whereSeparator: \.isWhitespace).map(String.init) }.filter { !$0.isEmpty }
    }

    @Test(arguments: [
        ("icsd16", "oxidation_states_icsd.txt"), ("icsd24", "oxidation_states_icsd24_filtered.txt"),
        ("pymatgen_sp", "oxidation_states_SP.txt"), ("smact14", "oxidation_states.txt"), ("wiki", "oxidation_states_wiki.txt"),
    ]) func oxidationStatesEqualTheirFile(name: String, file: String) throws {
        let list = try #require(OxidationStateList(named: name))
        var expected = [[Int]](repeating: [], count: 119)
        for line in try words(file) { expected[Int(Element(symbol: line[0])!.atomicNumber)] = line.dropFirst().map { Int($0)! } }
        #expect(list.states == expected && OxidationStateList.names.contains(name))
        #expect(list.states.joined().allSatisfy { abs($0) <= ionicChargeLimit })
    }

    @Test func electronegativitiesEqualTheirFile() throws {
        for line in try words("element_data.txt") {
            guard let e = Element(symbol: line[0]) else { continue }
            let (value, expected) = (IonTable.electronegativity[Int(e.atomicNumber)], Double(line[9]))
            #expect(expected == nil ? value.isNaN : value == expected, "\(line[0])")
        }
    }

    @Test func radiiAreThoseOfTheFile() throws {
        func radii(_ old: String, _ new: String, _ charge: Int, _ coordination: Int) -> [Double]? {
            IonicRadius.pair(Element(symbol: old)!, Element(symbol: new)!, charge: charge, coordination: coordination).map {
                [$0.old, $0.new]
            }
        }
        #expect(radii("Sr", "Ba", 2, 12) == [1.58, 1.75])
        // Germanium(II) has Shannon's coordination 6 only; tin(II) is fitted; krypton has none.
        #expect(radii("Pb", "Ge", 2, 12) == [1.33, 0.87])
        #expect(radii("Pb", "Sn", 2, 6) == [1.33, 1.139])
        #expect(radii("Pb", "Kr", 2, 6) == nil)
    }

    @Test(arguments: ["Fe3+", "S2-", "Cu+", "I-"]) func ionsAreReadAsTheyAreWritten(text: String) throws {
        let found = try #require(ion(from: text))
        #expect(ionText(found.element, charge: found.charge) == text)
        #expect(ion(from: "Fe") == nil && ion(from: "Xx2+") == nil && ion(from: "Fe0+") == nil && ion(from: "Na-K") == nil)
    }
}
