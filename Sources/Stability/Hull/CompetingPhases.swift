/// What competes in one chemical system, as the columns of a linear programme: the elements first, then the phases.
///
///     hull energy(x) = min Σ λ_j E_j   with   Σ λ_j a_j = x,  λ ≥ 0
///
/// Phases above the elements never compete and are left out.
struct CompetingPhases: Sendable {
    /// Elements of the system, ascending.
    let atomicNumbers: [UInt8]
    /// Number of columns.
    let count: Int
    /// Atom fraction of element i in column j at `i * count + j`.
    let fractions: [Double]
    /// Formation energy of each column, eV/atom.
    let energies: [Double]
    /// `energies` with ties decided.
    let costs: [Double]
    /// Phase of each column; for elements −1 − (their place).
    let phases: [Int]
    /// First column whose phase holds all elements of the system; such columns are the last ones.
    let firstOwn: Int

    /// Number of elements.
    var dimension: Int { atomicNumbers.count }

    init(_ system: ChemicalSystem, in diagram: PhaseDiagram) {
        let z = system.atomicNumbers
        let members = diagram.rangesWithin(system).joined().filter { diagram.phases[$0].formationEnergyEVPerAtom <= 0 }
        let count = z.count + members.count
        var fractions = [Double](repeating: 0, count: z.count * count)
        for i in z.indices { fractions[i * count + i] = 1 }
        for (m, p) in members.enumerated() {
            var next = 0
            let phase = diagram.phases[p]
            for (i, z) in z.enumerated() where phase.system.contains(z) {
                fractions[i * count + count - members.count + m] = phase.fractions[next]
                next += 1
            }
        }
        let own = members.firstIndex { diagram.phases[$0].system == system } ?? members.count
        (atomicNumbers, self.count, self.fractions, firstOwn) = (z, count, fractions, z.count + own)
        energies = [Double](repeating: 0, count: z.count) + members.map { diagram.phases[$0].formationEnergyEVPerAtom }
        costs =
            [Double](repeating: 0, count: z.count)
            + members.map { diagram.phases[$0].formationEnergyEVPerAtom + diagram.phases[$0].tieBreak }
        phases = z.indices.map { -1 - $0 } + members
    }

    /// The column of the composition `x`, or nil where it does not compete.
    func ownColumn(_ x: Span<Double>) -> Int? {
        if dimension == 1 { return 0 }
        var (low, high) = (firstOwn, count)
        while low < high {
            let middle = (low + high) / 2
            if fractions[middle] < x[0] - fractionTolerance { low = middle + 1 } else { high = middle }
        }
        while low < count, fractions[low] <= x[0] + fractionTolerance {
            if isColumn(low, x) { return low }
            low += 1
        }
        return nil
    }

    private func isColumn(_ column: Int, _ x: Span<Double>) -> Bool {
        for i in 0..<dimension where abs(fractions[i * count + column] - x[i]) > fractionTolerance { return false }
        return true
    }
}
