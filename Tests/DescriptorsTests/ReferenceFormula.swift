import MaterialsCore

/// Reads the formulas of the reference tables: symbols, amounts, brackets; nil for anything else, deuterium and tritium too.
func referenceComposition(_ formula: String) -> Composition? {
    var rest = Substring(
        formula.replacing("[", with: "(").replacing("]", with: ")").replacing("{", with: "(").replacing("}", with: ")").replacing(
            " ", with: ""))
    guard let parts = group(&rest), rest.isEmpty, !parts.isEmpty else { return nil }
    let kept = parts.filter { $0.amount > 0 }
    return kept.isEmpty ? nil : Composition(kept)
}

private func group(_ rest: inout Substring) -> [(element: Element, amount: Double)]? {
    var parts: [(element: Element, amount: Double)] = []
    while let first = rest.first, first != ")" {
        if first == "(" {
            rest.removeFirst()
            guard let inner = group(&rest), rest.popFirst() == ")" else { return nil }
            let factor = amount(&rest)
            parts += inner.map { ($0.element, $0.amount * factor) }
        } else {
            guard let match = rest.prefixMatch(of: /[A-Z][a-z]?/) else { return nil }
            guard let element = Element(symbol: String(match.output)) else { return nil }
            rest = rest[match.range.upperBound...]
            parts.append((element, amount(&rest)))
        }
    }
    return parts
}

private func amount(_ rest: inout Substring) -> Double {
    guard let match = rest.prefixMatch(of: /[0-9]*\.?[0-9]+(e[-+]?[0-9]+)?/) else { return 1 }
    rest = rest[match.range.upperBound...]
    return Double(match.output.0)!
}
