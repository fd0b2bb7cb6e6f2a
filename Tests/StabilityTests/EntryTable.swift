import Foundation
import MaterialsCore
import Stability
import TestSupport

/// A table with texts and numbers by column.
struct EntryTable {
    let columns: [String: [String]]

    init(_ path: String) throws {
        let lines = String(decoding: try dataset(path), as: UTF8.self).split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        var columns: [String: [String]] = [:]
        for (c, name) in lines[0].enumerated() { columns[name] = lines.dropFirst().map { $0[c] } }
        self.columns = columns
    }

    func numbers(_ name: String) -> [Double] { columns[name]!.map { Double($0) ?? .nan } }
    func compositions() throws -> [Composition] { try columns["formula"]!.map { try Composition(formula: $0) } }
}

/// A diagram of formulas with formation energies.
func formationDiagram(_ entries: KeyValuePairs<String, Double>) throws -> PhaseDiagram {
    try PhaseDiagram(
        compositions: try entries.map { try Composition(formula: $0.key) }, energiesEVPerAtom: entries.map(\.value), kind: .formation)
}

func composition(_ formula: String) throws -> Composition { try Composition(formula: formula) }

/// The 85,014 compositions of `mp_stability`, read once.
struct KnownCompositions: Sendable {
    let formulas: [String]
    let diagram: PhaseDiagram

    static let read = Result { try KnownCompositions() }

    private init() throws {
        var (compositions, energies): ([Composition], [Double]) = ([], [])
        var formulas: [String] = []
        let lines = [UInt8](try dataset("mp_stability/formation_energy.csv.gz")).split(separator: 10).dropFirst()
        var parser = FormulaParser()
        for line in lines {
            let comma = line.firstIndex(of: UInt8(ascii: ","))!
            let formula = Array(line[..<comma])
            try parser.parse(formula.span)
            compositions.append(Composition(sortedAtomicNumbers: parser.atomicNumbers, amounts: parser.amounts))
            formulas.append(String(decoding: formula, as: UTF8.self))
            energies.append(Double(String(decoding: line[(comma + 1)...], as: UTF8.self))!)
        }
        self.formulas = formulas
        diagram = try PhaseDiagram(compositions: compositions, energiesEVPerAtom: energies, kind: .formation)
    }
}
