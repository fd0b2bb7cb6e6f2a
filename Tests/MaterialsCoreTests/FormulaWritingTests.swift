import Foundation
import MaterialsCore
import Testing

@Suite struct FormulaWritingTests {
    /// 1,553 formulas as pymatgen reads and writes them.
    @Test func agreesWithPymatgen() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Datasets/references/formulas/formulas.csv").standardizedFileURL
        let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n").dropFirst()
        #expect(lines.count > 1500)
        for line in lines {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            let composition = try Composition(formula: cells[0])
            let amounts = cells[1].split(separator: " ").map { $0.split(separator: ":") }
            #expect(amounts.count == composition.elementCount, "\(line)")
            for pair in amounts {
                let (element, amount) = (try #require(Element(symbol: String(pair[0]))), try #require(Double(pair[1])))
                // The other code adds repeated elements in another order.
                #expect(abs(composition[element] - amount) <= 1e-14 * amount, "\(line)")
            }
            #expect(composition.reducedFormula == cells[2], "\(line)")
            #expect(composition.hillFormula == cells[3], "\(line)")
            #expect(composition.chemicalSystem == cells[4], "\(line)")
        }
    }

    @Test func writesKnownFormulas() throws {
        func reduced(_ text: String) throws -> String { try Composition(formula: text).reducedFormula }
        #expect(try reduced("Li4Fe4P4O16") == "LiFePO4")
        #expect(try reduced("Ca6P4O16") == "Ca3(PO4)2")
        #expect(try reduced("Li2O2") == "Li2O2")
        #expect(try reduced("O4") == "O2")
        #expect(try reduced("Ba0.5Sr0.5TiO3") == "Ba0.5Sr0.5Ti1O3")
        #expect(try reduced("Fe0.1Fe0.2O") == "Fe0.3O1")
        #expect(try Composition(formula: "CH3COOH").hillFormula == "C2H4O2")
        #expect(try Composition(formula: "HNaO").hillFormula == "HNaO")
        #expect(try Composition(formula: "TiSrO3").alphabeticalFormula == "O3SrTi")
        #expect(try Composition(formula: "FeO").chemicalSystem == "Fe-O")
    }

    /// What is written reads back as the same proportions, and writing it again changes nothing.
    @Test func writtenFormulasReadBack() throws {
        var random = SplitMix64(seed: 13)
        for _ in 0..<5000 {
            let parts = (0...random.nextInt(below: 5)).map { _ in
                (element: Element(atomicNumber: 1 + random.nextInt(below: 118))!, amount: Double(1 + random.nextInt(below: 12)))
            }
            let composition = Composition(parts)
            #expect(try Composition(formula: composition.hillFormula) == composition)
            #expect(try Composition(formula: composition.alphabeticalFormula) == composition)
            let reduced = try Composition(formula: composition.reducedFormula)
            #expect(reduced.reducedFormula == composition.reducedFormula)
            let ratio = composition.atomCount / reduced.atomCount
            #expect(zip(reduced.amounts, composition.amounts).allSatisfy { abs($0 * ratio - $1) < 1e-9 })
        }
    }

    @Test func elementDataAreThoseOfTheTable() throws {
        let iron = Element(symbol: "Fe")!
        #expect(iron.atomicMass == 55.845 && iron.electronegativity == 1.83 && iron.group == 8 && iron.row == 4)
        #expect(Element(symbol: "He")!.electronegativity.isNaN)
        for table in [Element.atomicMasses.count, Element.electronegativities.count, Element.groups.count, Element.rows.count] {
            #expect(table == 119)
        }
    }
}
