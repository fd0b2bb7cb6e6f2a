import MaterialsCore
import Stability
import Storage

/// The judged rows of a table.
struct Judgement: Sendable {
    let table: EnergyTable
    let areEntries: Bool
    let reference: HullReference
    private(set) var rows: [StabilityJudgement]
    /// Against the elements, eV/atom.
    let formationEnergies: [Double]

    /// Judges all rows, system by system, on several threads.
    init(_ table: EnergyTable, _ reference: HullReference, areEntries: Bool, workers: Workers) throws {
        (self.table, self.reference, self.areEntries) = (table, reference, areEntries)
        let diagram = reference.diagram
        let formation =
            areEntries
            ? diagram.formationEnergies
            : table.compositions.indices.map { diagram.formationEnergy(of: table.compositions[$0], energyEVPerAtom: table.energies[$0]) }
        formationEnergies = formation
        let systems = table.compositions.map { ChemicalSystem($0.atomicNumbers) }
        let order = systems.indices.sorted { systems[$0] != systems[$1] ? systems[$0] < systems[$1] : $0 < $1 }
        var found = [StabilityJudgement?](repeating: nil, count: order.count)
        var (next, done) = (0, 0)
        let interruption = workers.interruption
        try BatchScheduler<[StabilityJudgement]>(threads: workers.threads, isCancelled: { interruption.isRequested }).run(
            next: { () -> ArraySlice<Int>? in
                guard next < order.count else { return nil }
                defer { next = min(next + 4096, order.count) }
                return order[next..<min(next + 4096, order.count)]
            },
            process: { part in
                var search = HullSearch(diagram)
                return part.map {
                    areEntries
                        ? search.judgement(ofEntry: $0) : search.judgement(of: table.compositions[$0], formationEnergy: formation[$0])
                }
            },
            commit: { part in
                for judgement in part {
                    found[order[done]] = judgement
                    done += 1
                }
            })
        if interruption.isRequested { throw MatSieveError.stopped("stopped by \(interruption.cause); no output was written, run it again") }
        rows = found.map { $0! }
    }
}

extension Judgement {
    /// Rows on the hull or below it.
    var stableCount: Int { rows.count { $0.energyAboveHull <= 0 } }

    /// How well the energies find what is stable, where true ones are known.
    var metrics: DiscoveryMetrics? {
        table.trueEnergies.map { actual in
            // The hull is the same for both, so the energies above it differ by the energies' difference.
            let above = actual.indices.map { withoutRounding(rows[$0].energyAboveHull + actual[$0] - table.energies[$0]) }
            return DiscoveryMetrics(true: above, predicted: rows.map(\.energyAboveHull))
        }
    }

    /// What people should mind of the result.
    var notes: [String] {
        let alone = rows.indices.filter { row in
            table.compositions[row].elementCount > 1 && rows[row].decomposition.products.allSatisfy { $0.element != nil }
                && !reference.diagram.hasCompounds(beside: table.compositions[row])
        }
        let compounds = table.compositions.count { $0.elementCount > 1 }
        guard let first = alone.first, alone.count * 2 > compounds || !areEntries else { return [] }
        let system = ChemicalSystem(table.compositions[first].atomicNumbers).name
        return [
            "\(alone.count) of \(compounds) compounds have no other compound of their elements among the entries (the first: "
                + "\(table.compositions[first].reducedFormula)) and are judged against the elements alone; if compounds of \(system) are known, "
                + "the entries are not closed: add them"
        ]
    }

    private static let columns: [(name: String, unit: String)] = [
        ("energy_ev_per_atom", "eV/atom"), ("energy_above_hull_ev_per_atom", "eV/atom"), ("decomposition_energy_ev_per_atom", "eV/atom"),
    ]
    private static let spreadColumns: [(name: String, unit: String?)] = [
        ("energy_above_hull_std_ev_per_atom", "eV/atom"), ("stability_probability", nil),
    ]

    private func numbers(_ row: Int) -> [Double] { [table.energies[row], rows[row].energyAboveHull, rows[row].decompositionEnergy] }

    private func spreadNumbers(_ row: Int) -> [Double] {
        guard let spread = table.spreads?[row] else { return [] }
        return [spread, stabilityProbability(energyAboveHull: rows[row].energyAboveHull, spread: spread)]
    }

    private func decomposition(_ row: Int) -> String { reference.diagram.text(of: rows[row].decomposition) }

    /// Writes a table by the ending of its name.
    func write(to output: String, dataClass: DataClass) throws {
        if output.hasSuffix(".h5") { return try writeStore(to: output, dataClass: dataClass) }
        let file = try AtomicFile(path: output)
        let spreads = table.spreads == nil ? [] : Self.spreadColumns.map(\.name)
        var writer = CSVWriter(header: ["id", "formula"] + Self.columns.map(\.name) + ["decomposition"] + spreads)
        for row in rows.indices {
            writer.write(table.ids[row])
            writer.write(table.compositions[row].reducedFormula)
            for number in numbers(row) { writer.write(number) }
            writer.write(decomposition(row))
            for number in spreadNumbers(row) { writer.write(number) }
            writer.endRow()
            if writer.bytes.count > 1 << 20 { try file.write(writer.take()) }
        }
        try file.write(writer.take())
        try file.commit()
    }

    private func writeStore(to output: String, dataClass: DataClass) throws {
        let definitions =
            Self.columns.map { PropertyDefinition(name: $0.name, unit: $0.unit) }
            + (table.spreads == nil ? [] : Self.spreadColumns.map { PropertyDefinition(name: $0.name, unit: $0.unit) })
        let writer = try TableFileWriter(
            path: output, layout: TableLayout(properties: definitions, texts: ["decomposition"]),
            attributes: ["data_class": dataClass.rawValue])
        let values = rows.indices.map { numbers($0) + spreadNumbers($0) }
        try writer.append(
            TableRows(
                ids: TextColumn(table.ids), formulas: TextColumn(table.compositions.map(\.reducedFormula)),
                properties: definitions.indices.map { c in values.map { $0[c] } }, features: nil,
                texts: [TextColumn(rows.indices.map(decomposition))]))
        try writer.finish()
    }
}
