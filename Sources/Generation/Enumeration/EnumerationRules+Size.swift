import MaterialsCore

extension EnumerationRules {
    /// What an enumeration beyond the limit is told: its size, and what each of some changes would leave.
    func tooLarge(_ count: UInt128) -> MatSieveError {
        var ways: [String] = []
        func offer(_ text: String, _ change: (inout EnumerationRules) -> Void) {
            var smaller = self
            change(&smaller)
            let left = CompositionSpace(smaller).count
            if left < count { ways.append("\(text) leaves \(Self.countText(left))") }
        }
        if components.upperBound > components.lowerBound {
            let fewer = components.lowerBound...components.upperBound - 1
            offer("components: \(fewer.lowerBound)-\(fewer.upperBound)") { $0.components = fewer }
        }
        if maxCoefficient > 1 { offer("max_coefficient: \(maxCoefficient / 2)") { $0.maxCoefficient /= 2 } }
        if !mixedValence.isEmpty { offer("mixed_valence: false") { $0.mixedValence = [] } }
        if oxidationStates.name != "pymatgen_sp", isChargeNeutral, let list = OxidationStateList(named: "pymatgen_sp") {
            offer("oxidation_states: pymatgen_sp") { $0.oxidationStates = list }
        }
        if required.isEmpty, let oxygen = elements.first(where: { $0.symbol == "O" }) {
            offer("contains: [O]") { $0.required = [oxygen] }
        }
        return .usage(
            "enumerate: \(Self.countText(count)) stoichiometries would be tested; at most \(Self.countText(UInt128(EnumerationSource.largestCount))) can be."
                + " Narrow it: list fewer elements" + ways.map { "; " + $0 }.joined())
    }

    /// Digits in groups of three.
    static func countText(_ count: UInt128) -> String {
        if count == .max { return "more than 3 × 10^38" }
        let digits = Array("\(count)")
        return String(digits.enumerated().flatMap { i, c in i > 0 && (digits.count - i) % 3 == 0 ? [",", c] : [c] })
    }

    /// Everything that decides what comes out, as text.
    var canonicalText: String {
        let states = elements.map { e in
            "\(e.symbol) \(self.states(of: e)) \(IonTable.electronegativity[Int(e.atomicNumber)]) \(mixedValence.contains(e))"
        }
        func symbols(_ elements: [Element]) -> String { elements.map(\.symbol).joined(separator: " ") }
        return """
            \(states.joined(separator: "; "))
            \(components) \(maxCoefficient) \(isChargeNeutral) \(electronegativityTest.isOn) \(electronegativityTest.tolerance)
            \(repeatsAnions) \(repeatsCations) \(isSpeciesUnique)
            \(symbols(required)) | \(symbols(anyOf)) | \(excludedSystems.map(symbols).joined(separator: ", "))
            """
    }
}
