import Formats
import MaterialsCore
import Stability
import Storage

/// Compositions with energies, read whole: the entries of a hull, or candidates to judge.
struct EnergyTable: Sendable {
    /// Labels.
    private(set) var ids: [String] = []
    private(set) var compositions: [Composition] = []
    /// As given, eV/atom.
    private(set) var energies: [Double] = []
    /// Standard deviations beside them; nil where the table has none.
    private(set) var spreads: [Double]?
    /// Energies to compare with; nil where none are asked for.
    private(set) var trueEnergies: [Double]?
    /// How the energies were calculated; nil for tables.
    private(set) var levels: [EntryLevel]?
    /// Rows that could not be used, in index order.
    private(set) var rejections: [Rejection] = []
    /// What people should mind of the table.
    private(set) var notes: [String] = []
    let provenance: SourceProvenance
    /// SHA-256 of what was read.
    let contentHash: String

    /// Where the numbers of a table stand.
    struct Columns {
        /// Energies; nil for computed entries.
        var energy: String?
        /// Energies to compare with.
        var trueEnergy: String?
        var format: String?
        var keys = KeyColumns()
    }

    /// True for a file that holds computed entries by its name, where no column of energies is named.
    static func holdsEntries(_ path: String, _ columns: Columns) -> Bool {
        guard columns.energy == nil, columns.format == nil || columns.format == "pymatgen-json" else { return false }
        let name = path.lowercased()
        return [".json", ".jsonl", ".ndjson"].contains { name.hasSuffix($0) || name.hasSuffix($0 + ".gz") }
    }

    /// Checks that the file and its columns are there, without reading rows.
    static func check(_ path: String, _ columns: Columns) throws {
        if holdsEntries(path, columns) { _ = try openByteInput(path: path) } else { _ = try open(path, columns) }
    }

    /// Reads a table or computed entries.
    init(_ path: String, _ columns: Columns, workers: Workers) throws {
        if Self.holdsEntries(path, columns) {
            let input = try openByteInput(path: path)
            (provenance, contentHash) = (SourceProvenance(path: path), try SHA256.hash(of: input.open()))
            try readEntries(input)
        } else {
            let (source, wanted) = try Self.open(path, columns)
            (provenance, contentHash) = (source.provenance, try source.contentHash())
            try readRows(source, wanted, workers)
        }
        guard !compositions.isEmpty else {
            let why = rejections.first.map { "; the first: \($0.defect.detail)" } ?? ""
            throw MatSieveError.input("\(path): no row can be used (\(rejections.count) unusable\(why))")
        }
    }

    private mutating func readEntries(_ input: ByteInput) throws {
        let (entries, rejected) = try ComputedEntries.read(input)
        (ids, compositions, energies) = (entries.map(\.id), entries.map(\.composition), entries.map(\.energyEVPerAtom))
        levels = entries.map { EntryLevel(runType: $0.runType, schemes: $0.schemes, isCorrected: $0.correctionEV != 0) }
        rejections = rejected
    }

    private struct Wanted {
        var energy: String
        var spread: String?
        var trueEnergy: String?
    }

    private static func open(_ path: String, _ columns: Columns) throws -> (any CandidateSource, Wanted) {
        let names = try CandidateInput.columnNames(path, format: columns.format)
        guard let energy = columns.energy else {
            throw MatSieveError.usage(
                "\(path): name the column with the energies in eV/atom with --energy (there are: \(names.joined(separator: ", ")))")
        }
        for name in [energy, columns.trueEnergy].compactMap(\.self) where !names.contains(name) {
            let isEntries = holdsEntries(path, Columns(format: columns.format))
            throw MatSieveError.usage(
                "\(path): has no column '\(name)'" + suggestion(for: name, among: names)
                    + (isEntries ? "; computed entries need no column of energies" : ""))
        }
        let spread = names.contains(energy + "_std") ? energy + "_std" : nil
        let wanted = Wanted(energy: energy, spread: spread, trueEnergy: columns.trueEnergy == energy ? nil : columns.trueEnergy)
        let request = columns.keys.request(
            [energy, spread, wanted.trueEnergy].compactMap { $0.map { CandidateColumn(name: $0, kind: .numeric) } }, structures: false)
        let source = try CandidateInput.open(path, format: columns.format, request: request)
        for column in source.schema.numeric {
            guard let unit = column.unit, !isEVPerAtom(unit) else { continue }
            throw MatSieveError.usage("\(path): column '\(column.name)' is in \(unit); a hull takes eV/atom, convert it")
        }
        return (source, wanted)
    }

    private mutating func readRows(_ source: any CandidateSource, _ wanted: Wanted, _ workers: Workers) throws {
        var tally = ReadTally()
        spreads = wanted.spread == nil ? nil : []
        trueEnergies = wanted.trueEnergy == nil ? nil : []
        try source.forEachBatch(
            workers, transform: { $0 },
            commit: { batch in
                tally.add(batch)
                append(batch, wanted)
            })
        rejections = (rejections + tally.rejections).sorted { $0.index < $1.index }
        notes = tally.notes + source.notes
    }

    private mutating func append(_ batch: CandidateBatch, _ wanted: Wanted) {
        let energy = batch.numericColumn(wanted.energy)!
        let spread = wanted.spread.map { batch.numericColumn($0)! }
        let comparison = wanted.trueEnergy.map { batch.numericColumn($0)! }
        for row in 0..<batch.count {
            let composition = batch.composition(row)
            guard energy[row].isFinite, composition.elementCount > 0 else {
                let detail = energy[row].isFinite ? "the row has no formula" : "column '\(wanted.energy)' has no finite energy"
                let reason = energy[row].isFinite ? "missing-formula" : "missing-energy"
                rejections.append(
                    Rejection(index: batch.indices[row], id: batch.ids[row], stage: .read, defect: CandidateDefect(reason, detail)))
                continue
            }
            ids.append(batch.ids[row])
            compositions.append(composition)
            energies.append(energy[row])
            if let spread { spreads!.append(spread[row]) }
            if let comparison { trueEnergies!.append(comparison[row]) }
        }
    }

    /// Adds a remark.
    mutating func note(_ line: String) { notes.append(line) }

    /// Only rows without a defect; the others are rejected with it.
    func filtered(_ defect: (Composition) -> CandidateDefect?) -> EnergyTable {
        var result = self
        let defects = compositions.map(defect)
        let rows = defects.indices.filter { defects[$0] == nil }
        result.ids = rows.map { ids[$0] }
        result.compositions = rows.map { compositions[$0] }
        result.energies = rows.map { energies[$0] }
        result.spreads = spreads.map { s in rows.map { s[$0] } }
        result.trueEnergies = trueEnergies.map { t in rows.map { t[$0] } }
        for (row, defect) in defects.enumerated() {
            guard let defect else { continue }
            result.rejections.append(
                Rejection(index: CandidateIndex(source: 0, position: row), id: ids[row], stage: .predict, defect: defect))
        }
        return result
    }
}

/// True for the unit of a hull as people write it; tables of models often say only eV.
func isEVPerAtom(_ unit: String) -> Bool { ["ev/atom", "ev per atom", "ev atom^-1", "ev"].contains(unit.lowercased()) }
