/// The hull of one chemical system, as far as it was needed: energies and decompositions of compositions that hold all its elements.
struct SystemHull: Sendable {
    private(set) var graph: FacetGraph
    /// Decomposition of a column's composition where that column itself is left out; made once each.
    private var withoutOwn: [Int: Mixture] = [:]

    var phases: CompetingPhases { graph.phases }
    /// About how many numbers it holds.
    var size: Int { graph.size }

    init(_ system: ChemicalSystem, in diagram: PhaseDiagram) {
        graph = FacetGraph(CompetingPhases(system, in: diagram))
    }

    /// What `x` is made of at the lowest energy.
    mutating func mixture(at x: Span<Double>) -> Mixture {
        let facet = graph.locate(x)
        return Mixture(graph.columns(of: facet).map(Int.init), graph.amounts, x, phases)
    }

    /// The lowest energy at `x`, eV/atom.
    mutating func energy(at x: Span<Double>) -> Double {
        let facet = graph.locate(x)
        var isInner = true
        for k in 0..<x.count where graph.amounts[k] <= supportTolerance { isInner = false }
        if isInner { return graph.energy(of: facet) }
        return Mixture(graph.columns(of: facet).map(Int.init), graph.amounts, x, phases).energy
    }

    /// What `x` is made of where nothing of its own composition may take part; nil for elements, of which nothing is left then.
    mutating func mixtureWithoutOwn(at x: Span<Double>) -> Mixture? {
        if x.count == 1 { return nil }
        let all = mixture(at: x)
        guard let own = phases.ownColumn(x), all.columns.contains(own) else { return all }
        if let known = withoutOwn[own] { return known }
        // The column's own fractions, so that what is kept does not depend on who asked first.
        let exact = (0..<x.count).map { phases.fractions[$0 * phases.count + own] }
        let basis = phases.facet(at: exact.span, excluding: own)
        let mixture = Mixture(basis.columns, basis.amounts(of: exact.span), exact.span, phases)
        withoutOwn[own] = mixture
        return mixture
    }
}

/// Amounts of columns that together have a composition and the lowest energy.
struct Mixture: Sendable {
    /// Columns with an amount, ascending.
    let columns: [Int]
    /// Atom fraction of each.
    let amounts: [Double]
    /// Σ amount · energy, eV/atom.
    let energy: Double

    /// The columns of a facet with their amounts; where some are absent the rest is solved for on its own, so that it does not
    /// matter which of the facets that share them was found.
    init(_ columns: [Int], _ amounts: [Double], _ x: Span<Double>, _ phases: CompetingPhases) {
        let present = columns.indices.filter { amounts[$0] > supportTolerance }
        self.columns = present.map { columns[$0] }
        self.amounts = present.count == columns.count ? amounts : solve(self.columns, x, phases)
        var sum = 0.0
        for (column, amount) in zip(self.columns, self.amounts) { sum += amount * phases.energies[column] }
        energy = sum
    }
}

/// Amounts of fewer columns than elements in a composition that they can make up, by elimination with the largest pivots.
private func solve(_ columns: [Int], _ x: Span<Double>, _ phases: CompetingPhases) -> [Double] {
    let (n, s) = (phases.dimension, columns.count)
    var rows = (0..<n).map { i in columns.map { phases.fractions[i * phases.count + $0] } + [x[i]] }
    for c in 0..<s {
        rows.swapAt(c, (c..<n).max { abs(rows[$0][c]) < abs(rows[$1][c]) }!)
        for r in (c + 1)..<max(n, c + 1) where rows[r][c] != 0 {
            let factor = rows[r][c] / rows[c][c]
            for k in c...s { rows[r][k] -= factor * rows[c][k] }
        }
    }
    var result = [Double](repeating: 0, count: s)
    for c in (0..<s).reversed() {
        var sum = rows[c][s]
        for k in (c + 1)..<max(s, c + 1) { sum -= rows[c][k] * result[k] }
        result[c] = sum / rows[c][c]
    }
    return result
}

/// Amounts up to this are none.
let supportTolerance = 1e-9
