import Foundation
import MaterialsCore
import Stability
import TestSupport
import Testing

/// Sums of a few products of about 10 eV, made in another order.
private let agreement = 1e-9

@Suite struct HullReferenceTests {
    @Test(arguments: ["Li-Fe-P-O", "Li-Fe-O", "Mn-O-Y"])
    func entriesAgreeWithPymatgen(_ system: String) throws {
        let table = try EntryTable("references/phase_diagrams/\(system).csv")
        let diagram = try PhaseDiagram(
            compositions: try table.compositions(), energiesEVPerAtom: table.numbers("energy_ev_per_atom"), kind: .total)
        var search = HullSearch(diagram)
        let above = table.numbers("energy_above_hull_ev_per_atom")
        let apart = table.numbers("decomposition_energy_ev_per_atom")
        for i in above.indices {
            let judgement = search.judgement(ofEntry: i)
            #expect(abs(judgement.energyAboveHull - max(0, above[i])) < agreement)
            #expect(apart[i].isNaN ? judgement.decompositionEnergy.isNaN : abs(judgement.decompositionEnergy - apart[i]) < agreement)
            let text = diagram.text(of: judgement.decomposition)
            #expect(shares(text, agreeWith: shares(table.columns["decomposition"]![i])), "\(i): \(text)")
        }
    }

    private func shares(_ text: String) -> [String: Double] {
        Dictionary(
            uniqueKeysWithValues: text.split(separator: " + ").map { part in
                let words = part.split(separator: " ")
                return (String(words[1]), Double(words[0])!)
            })
    }

    private func shares(_ text: String, agreeWith other: [String: Double]) -> Bool {
        let own = shares(text)
        return own.keys == other.keys && own.allSatisfy { abs($0.value - other[$0.key]!) < 2e-8 }
    }

    @Test(arguments: ["Li-Fe-P-O", "Li-Fe-O", "Mn-O-Y"])
    func windowsAgreeWithPymatgen(_ system: String) throws {
        let entries = try EntryTable("references/phase_diagrams/\(system).csv")
        let diagram = try PhaseDiagram(
            compositions: try entries.compositions(), energiesEVPerAtom: entries.numbers("energy_ev_per_atom"), kind: .total)
        var part = PhaseSystem(diagram, system: diagram.elements)
        let table = try EntryTable("references/phase_diagrams/\(system)_windows.csv")
        let (lowest, highest) = (table.numbers("lowest_ev"), table.numbers("highest_ev"))
        for i in lowest.indices {
            let phase = try composition(table.columns["phase"]![i])
            let element = Element(symbol: table.columns["element"]![i])!
            let found = part.window(of: phase)
            let window = try #require(found)
            let place = window.atomicNumbers.firstIndex(of: element.atomicNumber)!
            #expect(abs(window.upper[place] - highest[i]) < agreement)
            #expect(abs(window.corners.map { $0[place] }.min()! - lowest[i]) < agreement)
            // Nothing bounds what a phase does not hold; the elements bound all else from below.
            if phase[element] == 0 { #expect(window.lower[place] == -.infinity) }
            if phase.elementCount == window.atomicNumbers.count { #expect(window.lower[place] == window.corners.map { $0[place] }.min()!) }
        }
    }

    @Test func everyKnownCompositionAgreesWithLinearProgramming() throws {
        let known = try KnownCompositions.read.get()
        let diagram = known.diagram
        var rows: [String: Int] = [:]
        for (i, formula) in known.formulas.enumerated() { rows[formula] = i }
        let sample = try EntryTable("mp_stability/hull_reference_sample.csv.gz")
        let (apart, above) = (sample.numbers("e_decomp_exact_ev_per_atom"), sample.numbers("e_above_hull_exact_ev_per_atom"))
        let entries = sample.columns["formula"]!.map { rows[$0]! }
        var search = HullSearch(diagram)
        let judged = entries.map { search.judgement(ofEntry: $0) }
        for (i, judgement) in judged.enumerated() {
            #expect(abs(judgement.energyAboveHull - above[i]) < agreement)
            #expect(abs(judgement.decompositionEnergy - apart[i]) < agreement)
        }
        // What was asked before does not show.
        var again = HullSearch(diagram)
        for i in entries.indices.reversed() {
            let judgement = again.judgement(ofEntry: entries[i])
            #expect(judgement.energyAboveHull.bitPattern == judged[i].energyAboveHull.bitPattern)
            #expect(judgement.decompositionEnergy.bitPattern == judged[i].decompositionEnergy.bitPattern)
            #expect(judgement.decomposition == judged[i].decomposition)
        }
    }
}
