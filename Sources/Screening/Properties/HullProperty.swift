import MaterialsCore
import Stability

/// Energy above the hull of some entries, of a property that holds energies: `{hull: {entries: known.csv, energy: e_form, of: formation_energy}}`.
///
/// - Input:  settings `entries`, `energy` (column; none for computed entries), `energy_kind` (formation or total), `of` (the property with the
///           candidates' energies of the same kind, eV/atom), `exclude_own_composition` (true), `allow_mixed` (false), `formula_column`, `id_column`,
///           `data_class`, `license`.
/// - Output: eV/atom, negative below the hull, with the standard deviation of the energy; `<name>_probability_stable`, missing where no
///           standard deviation is known. The hull counts as known.
/// - Scope:  candidates with an element that no entry holds are rejected as `no-reference`.
struct HullProperty: PropertyKind {
    static let name = "hull"
    static let summary = "energy above the hull of entries, of a property that holds energies, and the probability of being stable"
    static let example = "{hull: {entries: formation_energy.csv, of: formation_energy}}"

    /// Entries, as the plan has the path.
    let entries: String
    let excludesOwn: Bool
    /// Property with the energies.
    let energy: String
    private let columns: EnergyTable.Columns
    private let kind: PhaseDiagram.EnergyKind?
    private let allowsMixing: Bool
    private let dataClass: DataClass?
    private let license: String?

    init(_ settings: inout Settings, of property: PropertyHead) throws {
        var own = try Settings(settings.setting("hull")!, subject: "hull of '\(property.name)'")
        entries = try own.requiredText("entries")
        columns = EnergyTable.Columns(energy: try own.text("energy"), format: try own.text("format"), keys: try KeyColumns(&own))
        kind = try own.text("energy_kind").map { name in
            guard let kind = PhaseDiagram.EnergyKind(rawValue: name) else {
                throw Settings.error(own.line(of: "energy_kind"), "energy_kind '\(name)': give formation or total")
            }
            return kind
        }
        energy = try own.requiredText("of")
        excludesOwn = try own.boolean("exclude_own_composition", default: true)
        allowsMixing = try own.boolean("allow_mixed", default: false)
        dataClass = try DataClass(given: &own)
        license = try own.text("license")
        try own.finish()
    }

    var inputs: [String] { [energy] }
    var furtherColumns: [String] { ["probability_stable"] }
    var mayHaveSpread: Bool { true }

    func check(_ context: PropertyContext) throws { try EnergyTable.check(context.resolve(entries), columns) }

    func open(_ context: PropertyContext) throws -> OpenedProperty {
        let reference = try reference(path: context.resolve(entries), workers: context.workers)
        let provenance = reference.table.provenance
        let file = RunDescription.Input(
            role: Self.role(context.name), path: entries, sha256: reference.table.contentHash,
            dataClass: max(provenance.dataClass, dataClass ?? .open), license: license ?? provenance.license, source: provenance.source)
        var notes = reference.notes
        if let first = reference.table.rejections.first {
            notes.append("\(entries): \(reference.table.rejections.count) rows can't be used; the first: \(first.defect.detail)")
        }
        let computation = HullComputation(name: context.name, energy: energy, reference: reference, excludesOwn: excludesOwn)
        return OpenedProperty(computation: computation, files: [file], notes: notes)
    }

    /// The entries, read.
    func reference(path: String, workers: Workers) throws -> HullReference {
        try HullReference(path, columns, kind: kind, allowsMixing: allowsMixing, workers: workers)
    }

    /// What the entries are among the inputs of a run.
    static func role(_ property: String) -> String { "entries of \(property)" }
}

private struct HullComputation: PropertyComputation {
    let name: String
    let energy: String
    let reference: HullReference
    let excludesOwn: Bool
    private let searches: HullSearches

    init(name: String, energy: String, reference: HullReference, excludesOwn: Bool) {
        (self.name, self.energy, self.reference, self.excludesOwn) = (name, energy, reference, excludesOwn)
        searches = HullSearches(reference.diagram)
    }

    func columns(inputs: [PropertyDefinition]) throws -> [PropertyColumn] {
        if let unit = inputs[0].unit, !isEVPerAtom(unit) {
            throw MatSieveError.input("property '\(name)': '\(energy)' is in \(unit); a hull takes eV/atom, convert it")
        }
        return [PropertyColumn(unit: "eV/atom", hasSpread: inputs[0].hasSpread), PropertyColumn()]
    }

    func values(of batch: CandidateBatch, inputs: [PropertyValues], cache: inout FeatureCache) -> ComputedColumns {
        var above = [Double](repeating: .nan, count: batch.count)
        var defects: [(row: Int, defect: CandidateDefect)] = []
        searches.withSearch { search in
            for row in 0..<batch.count {
                let atoms = batch.compositionOffsets[row]..<batch.compositionOffsets[row + 1]
                let z = batch.atomicNumbers.span.extracting(atoms)
                if !reference.diagram.elements.containsAll(z) {
                    if let defect = reference.defect(batch.composition(row)) { defects.append((row, defect)) }
                } else if inputs[0].values[row].isFinite {
                    let hull = search.hullEnergy(
                        atomicNumbers: z, amounts: batch.amounts.span.extracting(atoms), excludingOwn: excludesOwn)
                    above[row] = withoutRounding(formationEnergy(inputs[0].values[row], batch, row) - hull)
                }
            }
        }
        let spread = inputs[0].spread
        let probabilities = above.indices.map { stabilityProbability(energyAboveHull: above[$0], spread: spread?[$0] ?? .nan) }
        return ComputedColumns([PropertyValues(values: above, spread: spread), PropertyValues(values: probabilities)], defects: defects)
    }

    private func formationEnergy(_ energy: Double, _ batch: CandidateBatch, _ row: Int) -> Double {
        reference.kind == .formation ? energy : reference.diagram.formationEnergy(of: batch.composition(row), energyEVPerAtom: energy)
    }
}
