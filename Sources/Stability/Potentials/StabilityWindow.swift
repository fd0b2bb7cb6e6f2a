import MaterialsCore

/// The chemical potentials at which a phase is stable: a polytope with one corner a facet of the hull that holds the phase.
///
///     Σ x_i μ_i = formation energy of the phase,    Σ a_ij μ_i ≤ formation energy of every phase j,    μ_i ≤ 0
///
/// - Output:   potentials against the elements, eV an atom of the element; −∞ where nothing bounds an element from below, as one that the
///             phase does not hold.
/// - Numerics: corners closer than 1e-8 eV are one.
/// - Source:   S. P. Ong, L. Wang, B. Kang, G. Ceder, Chem. Mater. 20, 1798 (2008), doi:10.1021/cm702327g; the corners are those of
///             the grand potential diagram.
public struct StabilityWindow: Sendable {
    /// Elements of the system, ascending.
    public let atomicNumbers: [UInt8]
    /// Corners, one potential an element each.
    public let corners: [[Double]]
    /// Lowest potential of each element.
    public let lower: [Double]
    /// Highest potential of each element.
    public let upper: [Double]
}

/// A chemical system with every facet at hand: for windows and figures.
public struct PhaseSystem: Sendable {
    let diagram: PhaseDiagram
    var graph: FacetGraph

    /// The part of a diagram that lies within some elements; all of them must occur among the entries.
    public init(_ diagram: PhaseDiagram, system: ChemicalSystem) {
        self.diagram = diagram
        graph = FacetGraph(CompetingPhases(system, in: diagram))
    }

    /// The window of a composition within the system; nil where no phase of that composition lies on the hull.
    ///
    /// - Cost: the facets that hold the phase; thousands where eight or nine elements are in play.
    public mutating func window(of composition: Composition) -> StabilityWindow? {
        let x = graph.phases.fractions(of: composition)
        let start = graph.locate(x.span)
        let holding = graph.columns(of: start).enumerated().filter { graph.amounts[$0.offset] > supportTolerance }
        guard holding.count == 1, let column = holding.first?.element else { return nil }
        let facets = graph.facets(from: start, holding: column)
        var corners: [[Double]] = []
        for facet in facets {
            let corner = graph.potentials(of: facet)
            if !corners.contains(where: { zip($0, corner).allSatisfy { abs($0 - $1) < 1e-8 } }) { corners.append(corner) }
        }
        let n = graph.phases.dimension
        var lower = (0..<n).map { i in corners.map { $0[i] }.min()! }
        for facet in facets { open(facet, column, &lower) }
        return StabilityWindow(
            atomicNumbers: graph.phases.atomicNumbers, corners: corners.sorted { $0.lexicographicallyPrecedes($1) }, lower: lower,
            upper: (0..<n).map { i in corners.map { $0[i] }.max()! })
    }

    /// Takes away the lower bounds of elements whose potential may fall for ever.
    private mutating func open(_ facet: Int, _ column: Int32, _ lower: inout [Double]) {
        let n = graph.phases.dimension
        for (place, other) in graph.columns(of: facet).enumerated() where other != column {
            if graph.neighbor(of: facet, across: place) != nil { continue }
            let direction = graph.openDirection(of: facet, across: place)
            for i in 0..<n where direction[i] < -pivotTolerance { lower[i] = -.infinity }
        }
    }
}

extension CompetingPhases {
    /// Atom fractions in the order of the system's elements; 0 for those that the composition lacks.
    func fractions(of composition: Composition) -> [Double] {
        let total = composition.atomCount
        return atomicNumbers.map { composition[Element(atomicNumber: Int($0))!] / total }
    }
}
