import MaterialsCore
import Stability
import Testing

@Suite struct EntryTests {
    private func message(_ formulas: [String], _ energies: [Double], _ kind: PhaseDiagram.EnergyKind) -> String {
        do {
            _ = try PhaseDiagram(compositions: try formulas.map(composition), energiesEVPerAtom: energies, kind: kind)
            return ""
        } catch { return "\(error)" }
    }

    @Test func aMissingElementIsNamed() {
        let text = message(["Li", "Li2O", "LiFeO2"], [-1.9, -4.7, -6], .total)
        #expect(text.contains("elements O, Fe") || text.contains("elements O, Fe (2 entries hold O)"))
        #expect(text.contains("--energy-kind formation"))
    }

    @Test func elementsBelowZeroAreNoFormationEnergies() {
        #expect(message(["Li", "Li2O"], [-1.9, -4.7], .formation).contains("--energy-kind total"))
    }

    @Test func entriesWithoutEnergyAreNamed() {
        #expect(message(["NaCl", "Na2O"], [-1, .nan], .formation).contains("entry 2"))
        #expect(message([], [], .formation).contains("no entries"))
    }

    @Test func unknownElementsAreFound() throws {
        let diagram = try formationDiagram(["NaCl": -2])
        #expect(diagram.unknownElements(of: try composition("NaPuCl4")).map(\.symbol) == ["Pu"])
        #expect(diagram.unknownElements(of: try composition("NaCl3")).isEmpty)
    }

    @Test func wrongUnitsAreSeen() throws {
        let table = try EntryTable("references/phase_diagrams/Li-Fe-P-O.csv")
        let compositions = try table.compositions()
        let total = table.numbers("energy_ev_per_atom")
        let diagram = try PhaseDiagram(compositions: compositions, energiesEVPerAtom: total, kind: .total)
        let (right, atoms) = (diagram.formationEnergies, compositions.map(\.atomCount))
        func seen(_ energies: [Double], _ kind: PhaseDiagram.EnergyKind = .formation) -> String? {
            energyPlausibility(energies, atomCounts: atoms, kind: kind)
        }
        #expect(seen(right) == nil)
        #expect(seen(total, .total) == nil)
        #expect(seen(right.map { $0 * 1000 })!.contains("meV/atom"))
        #expect(seen(right.map { $0 * 96.485 })!.contains("kJ/mol"))
        #expect(seen(zip(right, atoms).map { $0 * $1 })!.contains("formula unit or cell"))
        #expect(seen(total) != nil)
        #expect(seen(right.map { $0 / 1000 })!.contains("far too little"))
    }

    @Test func theKnownCompositionsAreInTheRightUnit() throws {
        let diagram = try KnownCompositions.read.get().diagram
        let atoms = diagram.compositions.map(\.atomCount)
        #expect(energyPlausibility(diagram.formationEnergies, atomCounts: atoms, kind: .formation) == nil)
    }
}
