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
        likeliest(Ions(composition), above: 0)?.charges
    }

    /// Species that each have one state.
    struct Ions {
        var atomicNumbers: [UInt8]
        var amounts: [Double]
        var count: Int { amounts.count }

        init(_ composition: Composition) { (atomicNumbers, amounts) = (composition.atomicNumbers, composition.amounts) }
    }

    /// The neutral choice of the largest share above one that is known.
    func likeliest(_ ions: Ions, above share: Double) -> (share: Double, charges: [Int])? {
        // Charge that the species from each one on can reach.
        var (lowest, highest) = ([Double](repeating: 0, count: ions.count + 1), [Double](repeating: 0, count: ions.count + 1))
        for m in ions.amounts.indices.reversed() {
            let charges = states[Int(ions.atomicNumbers[m])].map { Double($0.charge) * ions.amounts[m] }
            guard let least = charges.min(), let most = charges.max() else { return nil }
            (lowest[m], highest[m]) = (lowest[m + 1] + least, highest[m + 1] + most)
        }
        let tolerance = 1e-6 * ions.amounts.reduce(0, +)
        var best: (share: Double, charges: [Int])?
        func search(_ chosen: [Int], charge: Double, share sofar: Double) {
            let m = chosen.count
            if sofar <= best?.share ?? share || charge + lowest[m] > 2 * tolerance || charge + highest[m] < -2 * tolerance { return }
            if m == ions.count {
                if abs(charge) <= tolerance, passes(ions, chosen) { best = (sofar, chosen) }
                return
            }
            for s in states[Int(ions.atomicNumbers[m])] {
                search(chosen + [s.charge], charge: charge + Double(s.charge) * ions.amounts[m], share: sofar * s.share)
            }
        }
        search([], charge: 0, share: 1)
        return best
    }

    private func passes(_ ions: Ions, _ charges: [Int]) -> Bool {
        var extremes = ElectronegativityTest.Extremes()
        for (z, charge) in zip(ions.atomicNumbers, charges) {
            extremes.insert(charge: charge, electronegativity: IonTable.electronegativity[Int(z)])
        }
        return charges.contains { $0 > 0 } && charges.contains { $0 < 0 } && extremes.pass(test)
    }
}
