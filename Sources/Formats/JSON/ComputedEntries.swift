import MaterialsCore

/// Energy of a calculation with what decides whether it may stand beside others, as pymatgen's computed entries hold it.
public struct ComputedEntry: Sendable {
    /// `entry_id`, else the position in the file from 1.
    public var id: String
    /// Atoms of the cell.
    public var composition: Composition
    /// Energy of the cell as calculated, eV.
    public var energyEV: Double
    /// What is added to it, eV.
    public var correctionEV: Double
    /// `run_type`, or the functional where it stands by that name; empty where nothing is said.
    public var runType: String
    /// Names of the schemes that its corrections come from, sorted.
    public var schemes: [String]

    /// Energy with its correction, eV/atom.
    public var energyEVPerAtom: Double { (energyEV + correctionEV) / composition.atomCount }
}

/// Computed entries in JSON or JSON lines, with structures or without.
///
/// - Input:   one entry, a list, or a list under `data`, `entries`, `results` or `docs`; `ComputedEntry`, `ComputedStructureEntry` and `PDEntry`.
/// - Output:  energies of whole cells in eV; the correction is that of the entry, else the sum of its adjustments.
/// - Scope:   charges of species are dropped. Rejected: `bad-json`, `bad-composition`, `missing-energy`.
public enum ComputedEntries {
    private static let layout = JSONLayout(
        recordNames: ["@class", "@module", "entry_id", "energy", "composition"], listNames: ["data", "entries", "results", "docs"],
        readsTables: false)

    /// Reads all entries of a file, and what could not be used.
    public static func read(_ input: ByteInput) throws -> (entries: [ComputedEntry], rejections: [Rejection]) {
        let reader = try JSONRecordReader(input, layout)
        var (entries, rejections): ([ComputedEntry], [Rejection]) = ([], [])
        var position = 0
        while true {
            do {
                guard let record = try reader.next() else { break }
                entries.append(try entry(record, position))
            } catch let defect as CandidateDefect {
                rejections.append(
                    Rejection(index: CandidateIndex(source: 0, position: position), id: "\(position + 1)", stage: .read, defect: defect))
            }
            position += 1
        }
        return (entries, rejections)
    }

    private static func entry(_ record: StructureRecord, _ position: Int) throws(CandidateDefect) -> ComputedEntry {
        let document = try JSONDocument(record.bytes)
        let root = document.root
        guard let energy = document.member(root, "energy").flatMap(document.number), energy.isFinite else {
            throw CandidateDefect("missing-energy", "the entry has no finite 'energy'")
        }
        let adjustments = adjustments(document, root)
        let correction = document.member(root, "correction").flatMap(document.number) ?? adjustments.reduce(0) { $0 + $1.energy }
        guard correction.isFinite else { throw CandidateDefect("missing-energy", "the correction of the entry is not finite") }
        let parameters = document.member(root, "parameters") ?? document.member(root, "data")
        let runType = parameters.flatMap { document.member($0, "run_type") ?? document.member($0, "functional") }.flatMap(document.string)
        let id = document.member(root, "entry_id") ?? document.member(root, "material_id") ?? document.member(root, "task_id")
        return ComputedEntry(
            id: id.map(document.shown) ?? "\(position + 1)", composition: try composition(document, root), energyEV: energy,
            correctionEV: correction, runType: runType ?? "", schemes: Set(adjustments.compactMap(\.scheme)).sorted())
    }

    /// Amounts by species, a formula, or the atoms of the structure.
    private static func composition(_ document: JSONDocument, _ root: JSONDocument.Value) throws(CandidateDefect) -> Composition {
        guard let value = document.member(root, "composition") else {
            guard let structure = document.member(root, "structure") else {
                throw CandidateDefect("bad-composition", "the entry has no 'composition'")
            }
            return try PymatgenStructure.read(document, structure).composition
        }
        if let formula = document.string(value) {
            do throws(FormulaError) { return try Composition(formula: formula) } catch {
                throw CandidateDefect("bad-composition", "'\(formula)' is no formula")
            }
        }
        var parts: [(element: Element, amount: Double)] = []
        for (name, amount) in document.members(value) {
            if document.shown(name).hasPrefix("@") { continue }
            let number = SpeciesSymbol.atomicNumber(document.stringBytes(name).span)
            guard let element = Element(atomicNumber: Int(number)), let amount = document.number(amount), amount >= 0, amount.isFinite
            else {
                throw CandidateDefect("bad-composition", "'\(document.shown(name))' of the composition is no element with an amount")
            }
            parts.append((element, amount))
        }
        let result = Composition(parts)
        guard result.elementCount > 0, result.atomCount.isFinite else {
            throw CandidateDefect("bad-composition", "the composition holds no atoms")
        }
        return result
    }

    /// What each adjustment adds, eV, and the scheme that it belongs to.
    private static func adjustments(_ document: JSONDocument, _ root: JSONDocument.Value) -> [(energy: Double, scheme: String?)] {
        guard let list = document.member(root, "energy_adjustments") else { return [] }
        return document.elements(list).map { item in
            func number(_ name: StaticString) -> Double? { document.member(item, name).flatMap(document.number) }
            let atoms = number("n_atoms") ?? 1
            let energy =
                number("value") ?? number("adj_per_atom").map { $0 * atoms }
                ?? number("adj_per_deg").map { $0 * atoms * (number("temp") ?? 0) } ?? 0
            let scheme = document.member(item, "cls").flatMap { document.member($0, "@class") }.flatMap(document.string)
            return (energy, scheme)
        }
    }
}
