import MaterialsCore
import Reporting
import Stability
import Storage

/// A file about one chemical system, as `Li-Fe-O=FILE` names it.
public struct SystemOutput: Sendable {
    /// Elements.
    public var system: ChemicalSystem
    /// File.
    public var path: String

    /// Reads `SYSTEM=FILE`.
    /// - Errors: `.usage` for what is no system or names no file
    public init(_ text: String, option: String) throws {
        let parts = text.split(separator: "=", maxSplits: 1)
        guard parts.count == 2 else {
            throw MatSieveError.usage("\(option) \(text): give a chemical system and a file, as in Li-Fe-O=FILE")
        }
        var system = ChemicalSystem()
        for symbol in parts[0].split(separator: "-") {
            guard let element = Element(symbol: String(symbol)) else {
                throw MatSieveError.usage("\(option) \(text): '\(symbol)' is no element; give a chemical system, as in Li-Fe-O")
            }
            system.insert(element.atomicNumber)
        }
        (self.system, path) = (system, String(parts[1]))
    }
}

extension StabilityTable {
    /// Draws a system with the candidates that lie in it.
    func writeFigure(_ output: SystemOutput, _ diagram: PhaseDiagram, _ judgement: Judgement?) throws {
        try requireEnding(output.path, [".svg"])
        try requireKnown(output.system, diagram)
        var candidates: [(composition: Composition, formationEnergy: Double)] = []
        if let judgement {
            for (row, composition) in judgement.table.compositions.enumerated()
            where composition.elementCount > 1 && ChemicalSystem(composition.atomicNumbers).isSubset(of: output.system) {
                candidates.append((composition, judgement.formationEnergies[row]))
            }
        }
        let figure = try PhaseDiagramFigure(diagram, system: output.system, candidates: candidates)
        try AtomicFile.write(Array(PhaseDiagramChart.file(ReportedPhaseDiagram(figure)).utf8), to: output.path)
    }

    /// Writes the chemical potentials of every stable phase of a system: `phase,element,lowest_ev,highest_ev`.
    func writeWindows(_ output: SystemOutput, _ diagram: PhaseDiagram) throws {
        try requireEnding(output.path, [".csv", ".csv.gz"])
        try requireKnown(output.system, diagram)
        var part = PhaseSystem(diagram, system: output.system)
        var writer = CSVWriter(header: ["phase", "element", "lowest_ev", "highest_ev"])
        for composition in diagram.compositions(within: output.system) {
            guard let window = part.window(of: composition) else { continue }
            for (i, z) in window.atomicNumbers.enumerated() {
                writer.write(composition.reducedFormula)
                writer.write(Element.symbols[Int(z)])
                writer.write(window.lower[i].isFinite ? withoutRounding(window.lower[i]) : .nan)
                writer.write(withoutRounding(window.upper[i]))
                writer.endRow()
            }
        }
        try AtomicFile.write(writer.take(), to: output.path)
    }

    private func requireKnown(_ system: ChemicalSystem, _ diagram: PhaseDiagram) throws {
        let unknown = system.atomicNumbers.filter { !diagram.elements.contains($0) }
        guard let first = unknown.first else { return }
        throw MatSieveError.usage("\(entries): no entry holds \(Element.symbols[Int(first)]), so there is no diagram of \(system.name)")
    }
}

extension ReportedPhaseDiagram {
    /// The figure of a hull.
    init(_ figure: PhaseDiagramFigure) {
        self.init(
            elements: figure.elements,
            points: figure.points.map {
                Point(
                    label: $0.label, x: $0.x, y: $0.y, formationEnergy: $0.formationEnergyEVPerAtom,
                    energyAboveHull: $0.energyAboveHullEVPerAtom, isCandidate: $0.isCandidate)
            }, lines: figure.lines)
    }
}
