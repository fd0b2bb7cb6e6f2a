import MaterialsCore

/// What a drawing of a system of two or three elements shows: every composition, which are stable, and the lines between them.
///
/// - Output:   two elements: x is the fraction of the second, y the formation energy in eV/atom. Three: corners of an equilateral
///             triangle of side 1, the first element at (0, 0), the second at (1, 0), the third on top.
public struct PhaseDiagramFigure: Sendable {
    /// A composition.
    public struct Point: Sendable, Equatable {
        /// Formula.
        public let label: String
        /// Position.
        public let x: Double
        /// Position.
        public let y: Double
        /// Formation energy, eV/atom.
        public let formationEnergyEVPerAtom: Double
        /// Energy above the hull, eV/atom; 0 where stable.
        public let energyAboveHullEVPerAtom: Double
        /// True for a candidate, which is no part of the hull.
        public let isCandidate: Bool
    }

    /// Symbols of the elements, ascending atomic number.
    public let elements: [String]
    /// Points: elements, phases, candidates.
    public private(set) var points: [Point]
    /// Lines between stable points, as pairs of positions in `points`, each once, the lower first.
    public let lines: [[Int]]

    /// Draws a system.
    /// - Parameter candidates: compositions within the system and their formation energies
    /// - Errors: `.usage` for other than two or three elements
    public init(
        _ diagram: PhaseDiagram, system: ChemicalSystem, candidates: [(composition: Composition, formationEnergy: Double)] = []
    ) throws {
        guard (2...3).contains(system.count) else {
            throw MatSieveError.usage("a figure shows two or three elements, \(system.name) has \(system.count)")
        }
        var part = PhaseSystem(diagram, system: system)
        var search = HullSearch(diagram)
        let phases = part.graph.phases
        elements = phases.atomicNumbers.map { Element.symbols[Int($0)] }
        points = phases.atomicNumbers.map { z in
            Self.point(Composition(sortedAtomicNumbers: [z], amounts: [1]), 0, phases, &search)
        }
        var place: [Int: Int] = [:]
        for p in diagram.rangesWithin(system).joined() {
            place[p] = points.count
            let entry = diagram.phases[p].entry
            points.append(Self.point(diagram.compositions[entry], diagram.formationEnergies[entry], phases, &search))
        }
        for c in candidates { points.append(Self.point(c.composition, c.formationEnergy, phases, &search, isCandidate: true)) }
        var pairs: Set<[Int]> = []
        for facet in part.graph.facets(from: 0) {
            let members = part.graph.columns(of: facet).map { phases.phases[Int($0)] }.map { $0 < 0 ? -1 - $0 : place[$0]! }.sorted()
            for (i, a) in members.enumerated() { for b in members[(i + 1)...] { pairs.insert([a, b]) } }
        }
        lines = pairs.sorted { $0.lexicographicallyPrecedes($1) }
    }

    private static func point(
        _ composition: Composition, _ energy: Double, _ phases: CompetingPhases, _ search: inout HullSearch, isCandidate: Bool = false
    ) -> Point {
        let x = phases.fractions(of: composition)
        let above = withoutRounding(energy - search.hullEnergy(of: composition))
        let isBinary = x.count == 2
        return Point(
            label: composition.reducedFormula, x: isBinary ? x[1] : x[1] + x[2] / 2, y: isBinary ? energy : x[2] * (0.75).squareRoot(),
            formationEnergyEVPerAtom: energy, energyAboveHullEVPerAtom: isCandidate ? above : max(0, above), isCandidate: isCandidate)
    }
}
