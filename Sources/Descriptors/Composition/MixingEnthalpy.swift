import MaterialsCore

/// Mixing enthalpies of liquid binary alloys, kJ/mol, as a full table over atomic numbers.
///
/// - Source: A. Takeuchi, A. Inoue, Mater. Trans. 46, 2817 (2005), doi:10.2320/matertrans.46.2817
struct MixingEnthalpy: Sendable {
    private static let side = lastTabulatedElement + 1
    private let table: [Double]
    private let rejectsMissing: Bool

    init(missing: MissingElementValue) {
        rejectsMissing = missing == .reject
        let elements = MixingEnthalpyTable.elements
        let known = MixingEnthalpyTable.enthalpies.filter { !$0.isNaN }
        let standIn = missing == .impute ? known.reduce(0, +) / Double(known.count) : .nan
        var table = [Double](repeating: standIn, count: Self.side * Self.side)
        var next = MixingEnthalpyTable.enthalpies.makeIterator()
        for (i, a) in elements.enumerated() {
            for b in elements[(i + 1)...] {
                guard let value = next.next() else { preconditionFailure("the table ends early") }
                if value.isNaN { continue }
                (table[a * Self.side + b], table[b * Self.side + a]) = (value, value)
            }
        }
        self.table = table
    }

    /// |4 Σ xᵢ xⱼ Hᵢⱼ| over the pairs, at least 10⁻⁶ so that it can divide; fractions sum to 1.
    func ofAlloy(_ atomicNumbers: Span<UInt8>, _ fractions: Span<Double>) throws(CandidateDefect) -> Double {
        var sum = 0.0
        for i in fractions.indices {
            for j in 0..<i { sum += fractions[i] * fractions[j] * (try pair(atomicNumbers[i], atomicNumbers[j])) }
        }
        let enthalpy = abs(4 * sum)
        return enthalpy < 1e-6 ? 1e-6 : enthalpy
    }

    private func pair(_ a: UInt8, _ b: UInt8) throws(CandidateDefect) -> Double {
        let value = table[Int(a) * Self.side + Int(b)]
        if value.isNaN && rejectsMissing {
            let partner = Element(atomicNumber: Int(b))?.symbol ?? "element \(b)"
            throw CandidateDefect.noElementValue(a, property: "mixing enthalpy with \(partner)")
        }
        return value
    }
}
