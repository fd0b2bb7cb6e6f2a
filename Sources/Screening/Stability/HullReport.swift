import MaterialsCore
import Reporting
import Stability

/// What the report shows of the stability of the best: phase diagrams of their systems, chemical potentials at which they would form.
///
/// Made at the finish from the entries, which are read anew, so that a run in one piece and merged shards show the same; entries that
/// changed since, or are gone, are said in their place.
struct HullReport {
    private(set) var diagrams: [ReportedPhaseDiagram] = []
    private(set) var windows: [ReportedStabilityWindow] = []
    private(set) var warnings: [BilingualText] = []

    /// Candidates of the ranking that are looked at.
    private static let bestCount = 10
    private static let diagramLimit = 3
    /// Beyond it a window says little and takes long.
    private static let elementLimit = 6

    /// Nil where the plan has no hull; its first one counts.
    init?(_ plan: ScreeningPlan, _ description: RunDescription, _ ranked: [RankedCandidate]) {
        guard let property = plan.properties.first(where: { $0.kind is HullProperty }), let hull = property.kind as? HullProperty,
            let energy = description.properties.firstIndex(where: { $0.name == hull.energy }),
            let above = description.properties.firstIndex(where: { $0.name == property.name }),
            let input = description.inputs.first(where: { $0.role == HullProperty.role(property.name) })
        else { return nil }
        if ranked.isEmpty { return }
        guard let reference = try? hull.reference(path: plan.resolve(hull.entries), workers: Workers(threads: 1)) else {
            warnings = [
                BilingualText(en: "\(hull.entries) can't be read any more: no phase diagrams", ja: "\(hull.entries) を読み込めないため、状態図はありません")
            ]
            return
        }
        guard reference.table.contentHash == input.sha256 else {
            warnings = [
                BilingualText(en: "\(hull.entries) changed since the run: no phase diagrams", ja: "\(hull.entries) が実行後に変更されたため、状態図はありません")
            ]
            return
        }
        let candidates = ranked.map(\.candidate).filter { $0.values[energy].isFinite && $0.composition.elementCount > 1 }
        let judged = candidates.map {
            Candidate(
                id: $0.id, composition: $0.composition, system: ChemicalSystem($0.composition.atomicNumbers),
                formationEnergy: reference.diagram.formationEnergy(of: $0.composition, energyEVPerAtom: $0.values[energy]),
                isStable: $0.values[above] <= 0)
        }
        draw(judged, reference.diagram)
        for candidate in judged.prefix(Self.bestCount) where candidate.isStable && candidate.system.count <= Self.elementLimit {
            if let window = candidate.window(reference.diagram, excludesOwn: hull.excludesOwn) { windows.append(window) }
        }
    }

    private mutating func draw(_ candidates: [Candidate], _ diagram: PhaseDiagram) {
        var drawn: [ChemicalSystem] = []
        for best in candidates.prefix(Self.bestCount) where drawn.count < Self.diagramLimit {
            guard (2...3).contains(best.system.count), !drawn.contains(best.system) else { continue }
            drawn.append(best.system)
            let inside = candidates.filter { $0.system.isSubset(of: best.system) }.map { ($0.composition, $0.formationEnergy) }
            if let figure = try? PhaseDiagramFigure(diagram, system: best.system, candidates: inside) {
                diagrams.append(ReportedPhaseDiagram(figure))
            }
        }
    }
}

/// A ranked candidate with its energy.
private struct Candidate {
    let id: String
    let composition: Composition
    let system: ChemicalSystem
    let formationEnergy: Double
    let isStable: Bool

    /// The window that it would have among the entries of its system.
    func window(_ diagram: PhaseDiagram, excludesOwn: Bool) -> ReportedStabilityWindow? {
        var (compositions, energies): ([Composition], [Double]) = ([], [])
        for phase in diagram.phases(within: system) {
            if excludesOwn, diagram.isSame(phase, composition) { continue }
            compositions.append(diagram.compositions[phase.entry])
            energies.append(phase.formationEnergyEVPerAtom)
        }
        guard
            let own = try? PhaseDiagram(
                compositions: compositions + [composition], energiesEVPerAtom: energies + [formationEnergy], kind: .formation)
        else { return nil }
        var part = PhaseSystem(own, system: system)
        guard let window = part.window(of: composition) else { return nil }
        return ReportedStabilityWindow(
            id: id, formula: composition.reducedFormula, elements: window.atomicNumbers.map { Element.symbols[Int($0)] },
            lowest: window.lower.map { $0.isFinite ? withoutRounding($0) : nil }, highest: window.upper.map(withoutRounding))
    }
}
