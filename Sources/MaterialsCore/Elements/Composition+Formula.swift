/// Compositions from formulas, and formulas from compositions.
extension Composition {
    /// Reads a formula; see `FormulaParser` for what it takes.
    /// - Errors: the column of the fault and what is wrong there.
    public init(formula: String) throws(FormulaError) {
        var parser = FormulaParser()
        let text = Array(formula.utf8)
        try parser.parse(text.span)
        self.init(sortedAtomicNumbers: parser.atomicNumbers, amounts: parser.amounts)
    }

    /// The formula of smallest whole numbers by rising electronegativity, as in `LiFePO4` and `Ca3(PO4)2`.
    ///
    /// Decimals are left as they are and then every amount is shown: `Ba0.5Sr0.5Ti1O3`.
    ///
    /// - Numerics: amounts within 1e-8 of a whole number count as whole; others are rounded to 8 decimals.
    /// - Source: the rules of pymatgen 2026.10 (`Composition.reduced_formula`, MIT licence), peroxides and diatomic gases included.
    public var reducedFormula: String {
        let parts = partsByElectronegativity
        let whole = parts.map { $0.amount.rounded() }
        let isWhole = zip(parts, whole).allSatisfy { abs($0.amount - $1) < 1e-8 && $1 < 0x1p53 }
        if !isWhole || !whole.contains(where: { $0 > 0 }) {
            return parts.map { $0.element.symbol + Self.amountText($0.amount) }.joined()
        }
        let counts = zip(parts, whole).filter { $1 > 0 }.map { (element: $0.element, count: Int($1)) }
        let divisor = counts.reduce(0) { greatestCommonDivisor($0, $1.count) }
        let formula = Self.withPolyanion(counts.map { ($0.element, $0.count / divisor) })
        return Self.unreducedFormulas[formula] ?? formula
    }

    /// Elements by rising electronegativity with their amounts as given, to the last bit and without exponents: it reads back the same.
    public var formula: String {
        partsByElectronegativity.map { $0.element.symbol + ($0.amount == 1 ? "" : plainDecimal($0.amount)) }.joined()
    }

    /// Carbon first, then hydrogen, then the rest by symbol; without carbon all by symbol. Amounts as given.
    public var hillFormula: String {
        let hasCarbon = atomicNumbers.contains(6)
        func rank(_ z: UInt8) -> Int { hasCarbon && z == 6 ? 0 : hasCarbon && z == 1 ? 1 : 2 }
        return text(
            ordered: parts.sorted {
                (rank($0.element.atomicNumber), $0.element.symbol) < (rank($1.element.atomicNumber), $1.element.symbol)
            })
    }

    /// All elements by symbol. Amounts as given.
    public var alphabeticalFormula: String { text(ordered: parts.sorted { $0.element.symbol < $1.element.symbol }) }

    /// Symbols in alphabetical order, as in `Fe-O`.
    public var chemicalSystem: String { parts.map(\.element.symbol).sorted().joined(separator: "-") }

    private var parts: [(element: Element, amount: Double)] {
        zip(atomicNumbers, amounts).map { (Element(atomicNumber: Int($0))!, $1) }
    }

    private var partsByElectronegativity: [(element: Element, amount: Double)] {
        func key(_ e: Element) -> (Double, String) { (e.electronegativity.isNaN ? .infinity : e.electronegativity, e.symbol) }
        return parts.sorted { key($0.element) < key($1.element) }
    }

    private func text(ordered: [(element: Element, amount: Double)]) -> String {
        ordered.map { $0.element.symbol + ($0.amount == 1 ? "" : Self.amountText($0.amount)) }.joined()
    }

    /// Eight decimals at most, so that sums of decimals read as people wrote them.
    private static func amountText(_ amount: Double) -> String {
        let rounded = (amount * 1e8).rounded() / 1e8
        return numberText(amount < 1e6 && rounded > 0 ? rounded : amount)
    }

    /// Two most electronegative elements that are alike form an anion where they share a factor: `(PO4)2`.
    private static func withPolyanion(_ parts: [(element: Element, count: Int)]) -> String {
        func text(_ parts: some Sequence<(element: Element, count: Int)>, over divisor: Int = 1) -> String {
            parts.map { $0.element.symbol + ($0.count == divisor ? "" : "\($0.count / divisor)") }.joined()
        }
        guard parts.count >= 3 else { return text(parts) }
        let anion = parts.suffix(2)
        let difference = parts[parts.count - 1].element.electronegativity - parts[parts.count - 2].element.electronegativity
        let factor = anion.reduce(0) { greatestCommonDivisor($0, $1.count) }
        guard difference < 1.65, factor > 1 else { return text(parts) }
        return text(parts.dropLast(2)) + "(\(text(anion, over: factor)))\(factor)"
    }

    /// What nobody writes with the smallest numbers.
    private static let unreducedFormulas = [
        "LiO": "Li2O2", "NaO": "Na2O2", "KO": "K2O2", "HO": "H2O2", "CsO": "Cs2O2", "RbO": "Rb2O2",
        "O": "O2", "N": "N2", "F": "F2", "Cl": "Cl2", "H": "H2",
    ]
}
