import MaterialsCore
import Stability

/// The entries of a hull with the phases that compete: what the command and the plan judge against.
struct HullReference: Sendable {
    let table: EnergyTable
    let kind: PhaseDiagram.EnergyKind
    let diagram: PhaseDiagram
    /// What people should mind of the entries.
    let notes: [String]

    /// Reads entries.
    /// - Parameters:
    ///   - kind: nil for total energies of computed entries, formation energies of tables
    ///   - allowsMixing: compares entries of different functionals or correction schemes as they are
    init(
        _ path: String, _ columns: EnergyTable.Columns, kind: PhaseDiagram.EnergyKind? = nil, allowsMixing: Bool = false, workers: Workers
    ) throws {
        table = try EnergyTable(path, columns, workers: workers)
        self.kind = kind ?? (table.levels == nil ? .formation : .total)
        var notes = table.notes
        do {
            if let levels = table.levels {
                guard self.kind == .total else {
                    throw MatSieveError.usage("computed entries hold total energies; leave --energy-kind formation out")
                }
                notes += try checkComparable(levels, allowsMixing: allowsMixing)
            }
            diagram = try PhaseDiagram(compositions: table.compositions, energiesEVPerAtom: table.energies, kind: self.kind)
        } catch let error as MatSieveError { throw MatSieveError(error.kind, "\(path): \(error.message)") }
        if let doubt = energyPlausibility(table.energies, atomCounts: table.compositions.map(\.atomCount), kind: self.kind) {
            notes.append("\(path): \(doubt)")
        } else if self.kind == .total,
            let doubt = energyPlausibility(
                diagram.formationEnergies, atomCounts: table.compositions.map(\.atomCount), kind: .formation)
        {
            notes.append("\(path): against the elements, \(doubt)")
        }
        self.notes = notes
    }

    /// Why a composition can't be judged; nil where it can.
    func defect(_ composition: Composition) -> CandidateDefect? {
        let unknown = diagram.unknownElements(of: composition)
        guard !unknown.isEmpty else { return nil }
        let names = unknown.map(\.symbol).joined(separator: ", ")
        return CandidateDefect(
            "no-reference",
            "no entry holds \(names), so the hull is not closed for \(composition.reducedFormula); add the entries with \(names)")
    }
}
