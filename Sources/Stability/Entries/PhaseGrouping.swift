import MaterialsCore

/// Two compositions are one where no atom fraction differs by more.
let fractionTolerance = 1e-8

/// Atom fractions, in the order of the composition.
func atomFractions(_ composition: Composition) -> [Double] {
    let total = composition.atomCount
    return composition.amounts.map { $0 / total }
}

/// A composition without the elements whose atom fraction no comparison would see.
func withoutTraces(_ composition: Composition) -> Composition {
    let least = composition.atomCount * fractionTolerance
    guard composition.amounts.contains(where: { $0 < least }) else { return composition }
    let kept = composition.amounts.indices.filter { composition.amounts[$0] >= least }
    return Composition(
        sortedAtomicNumbers: kept.map { composition.atomicNumbers[$0] }, amounts: kept.map { composition.amounts[$0] })
}

/// Entries of equal composition brought together.
struct PhaseGrouping {
    /// By system, then by fractions.
    private(set) var phases: [PhaseDiagram.Phase] = []
    /// Phase of each entry; −1 for elements.
    private(set) var phaseOfEntry: [Int]

    init(_ compositions: [Composition], _ energies: [Double]) {
        let compositions = compositions.map(withoutTraces)
        phaseOfEntry = [Int](repeating: -1, count: compositions.count)
        let systems = compositions.map { ChemicalSystem($0.atomicNumbers) }
        let fractions = compositions.map(atomFractions)
        let order = compositions.indices.filter { compositions[$0].elementCount > 1 }.sorted { a, b in
            if systems[a] != systems[b] { return systems[a] < systems[b] }
            if fractions[a] != fractions[b] { return fractions[a].lexicographicallyPrecedes(fractions[b]) }
            return a < b
        }
        var first = 0
        while first < order.count {
            var end = first + 1
            while end < order.count, systems[order[end]] == systems[order[first]] { end += 1 }
            group(order[first..<end], systems[order[first]], fractions, energies)
            first = end
        }
    }

    /// The entries of one system, by fractions.
    private mutating func group(_ entries: ArraySlice<Int>, _ system: ChemicalSystem, _ fractions: [[Double]], _ energies: [Double]) {
        var groups: [(fractions: [Double], best: Int)] = []
        let firstPhase = phases.count
        for e in entries {
            // Equal compositions have first fractions within the tolerance, so only the last few groups can hold this one.
            var g = groups.count - 1
            while g >= 0, fractions[e][0] - groups[g].fractions[0] <= fractionTolerance, !areEqual(groups[g].fractions, fractions[e]) {
                g -= 1
            }
            if g >= 0, fractions[e][0] - groups[g].fractions[0] <= fractionTolerance {
                if (energies[e], e) < (energies[groups[g].best], groups[g].best) { groups[g].best = e }
            } else {
                g = groups.count
                groups.append((fractions[e], e))
            }
            phaseOfEntry[e] = firstPhase + g
        }
        phases += groups.map {
            PhaseDiagram.Phase(
                system: system, fractions: $0.fractions, formationEnergyEVPerAtom: energies[$0.best], entry: $0.best,
                tieBreak: tieBreak(system, $0.fractions))
        }
    }
}

/// True where no fraction differs by more than the tolerance.
func areEqual(_ a: [Double], _ b: [Double]) -> Bool {
    zip(a, b).allSatisfy { abs($0 - $1) <= fractionTolerance }
}

/// A small energy that depends on the composition alone, so that no two sets of phases are of exactly equal merit.
private func tieBreak(_ system: ChemicalSystem, _ fractions: [Double]) -> Double {
    var hash: UInt64 = 0x9e37_79b9_7f4a_7c15
    for (z, x) in zip(system.atomicNumbers, fractions) {
        var mixer = SplitMix64(seed: hash ^ (UInt64(z) << 56 | UInt64(x * 0x1p52)))
        hash = mixer.next()
    }
    return Double(hash >> 11) * 0x1p-53 * 1e-10
}
