import MaterialsCore

/// The oxidation states that a composition most likely has: one an element, neutral together, commonest first.
///
///     maximise Π count(element, state) / Σ count(element, ·) over neutral choices that pass the electronegativity test
///
/// - Scope: nil where no choice is neutral, as for metals.
/// - Numerics: neutral to 10⁻⁶ of the atoms; products in ascending atomic number; of equal ones the first.
/// - Source: occurrences in the ICSD as in pymatgen 2026.10.24.
struct ChargeAssignment {
    private let states: [[(charge: Int, share: Double)]]
    private let test: ElectronegativityTest

    init(_ list: OxidationStateList, test: ElectronegativityTest) {
        self.test = test
        var counts = [[Int: Int]](repeating: [:], count: 119)
        for o in IonTable.occurrences { counts[o.atomicNumber][o.charge] = o.count }
        states = list.states.enumerated().map { z, charges in
            // A state that the list has and nobody counted is rarer than any that was.
            let weights = charges.map { Double(counts[z][$0] ?? 0) + 0.5 }
            let sum = weights.reduce(0, +)
            return zip(charges, weights).filter { $0.0 != 0 }.map { ($0.0, $0.1 / sum) }
        }
    }

    /// Charge of each element, in the order of the composition.
    func charges(of composition: Composition) -> [Int]? {
        var best: (share: Double, charges: [Int])?
        search(composition, chosen: [], charge: 0, share: 1, &best)
        return best?.charges
    }

    private func search(
        _ composition: Composition, chosen: [Int], charge: Double, share: Double, _ best: inout (share: Double, charges: [Int])?
    ) {
        if let best, share <= best.share { return }
        let m = chosen.count
        if m == composition.elementCount {
            if abs(charge) <= 1e-6 * composition.atomCount, passes(composition, chosen) { best = (share, chosen) }
            return
        }
        for s in states[Int(composition.atomicNumbers[m])] {
            search(
                composition, chosen: chosen + [s.charge], charge: charge + Double(s.charge) * composition.amounts[m],
                share: share * s.share,
                &best)
        }
    }

    private func passes(_ composition: Composition, _ charges: [Int]) -> Bool {
        var ions = ElectronegativityTest.Extremes()
        for (z, charge) in zip(composition.atomicNumbers, charges) {
            ions.insert(charge: charge, electronegativity: IonTable.electronegativity[Int(z)])
        }
        return charges.contains { $0 > 0 } && charges.contains { $0 < 0 } && ions.pass(test)
    }
}
