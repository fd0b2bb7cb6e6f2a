import MaterialsCore

/// A number of each element, or a list of elements that a law or guideline names, with where it comes from.
///
/// A list names forms (`bauxite`, `silicon metal`, `hexavalent chromium`); each says which elements it stands for and with what effect,
/// so that a carbide is not flagged for graphite.
public struct ElementTable: Sendable {
    /// What the table holds.
    public enum Kind: String, Sendable {
        /// A number of each element; missing is NaN.
        case quantity
        /// Elements that are listed, or to be reviewed.
        case list
    }

    /// What a form of a list means for an element that it stands for.
    public enum Effect: String, Sendable {
        /// The element is on the list.
        case listed
        /// Whether the element is on the list depends on what a composition does not tell: valence, mineral, or metal.
        case review
        /// The form says nothing of the element in a material.
        case none
    }

    /// One entry of a list, as its source words it.
    public struct Form: Sendable {
        /// Words of the source.
        public let text: String
        /// Elements it stands for.
        public let elements: [Element]
        /// What it means for them.
        public let effect: Effect
        /// Weight fraction in the material up to which the source tolerates each of them; nil where it sets none.
        public let limit: Double?
        /// Why the effect is that.
        public let rule: String

        /// An entry by atomic numbers.
        init(_ text: String, _ atomicNumbers: [Int], _ effect: Effect, limit: Double? = nil, rule: String) {
            (self.text, self.effect, self.limit, self.rule) = (text, effect, limit, rule)
            elements = atomicNumbers.map { Element(atomicNumber: $0)! }
        }
    }

    /// Name in plans.
    public let name: String
    /// What it is, in words.
    public let title: String
    /// What it holds.
    public let kind: Kind
    /// Unit of the numbers; nil for lists and pure numbers.
    public let unit: String?
    /// Year of the source.
    public let year: Int
    /// Who published it, with DOI or document.
    public let source: String
    /// Edition, date, or part of the source.
    public let version: String
    /// Terms of use.
    public let license: String
    /// By atomic number: the number, or 1 for listed elements and 0 for others.
    public let values: [Double]
    /// Entries of a list; empty for numbers.
    public let forms: [Form]

    /// Numbers by atomic number (the first is unused).
    public init(
        _ name: String, title: String, unit: String? = nil, year: Int, source: String, version: String, license: String, values: [Double]
    ) {
        precondition(values.count == Element.symbols.count)
        (self.name, self.title, self.unit, self.year) = (name, title, unit, year)
        (self.source, self.version, self.license, self.values) = (source, version, license, values)
        (kind, forms) = (.quantity, [])
    }

    /// A list of forms.
    init(_ name: String, title: String, year: Int, source: String, version: String, license: String, forms: [Form]) {
        (self.name, self.title, self.year, self.forms) = (name, title, year, forms)
        (self.source, self.version, self.license) = (source, version, license)
        (kind, unit) = (.list, nil)
        var values = [Double](repeating: 0, count: Element.symbols.count)
        for form in forms where form.effect == .listed { for e in form.elements { values[Int(e.atomicNumber)] = 1 } }
        self.values = values
    }

    /// Elements with a value, or listed ones, by atomic number.
    public var elements: [Element] {
        (1..<values.count).filter { kind == .list ? values[$0] == 1 : !values[$0].isNaN }.map { Element(atomicNumber: $0)! }
    }

    /// Elements to be reviewed that are not listed by another form.
    public var reviewElements: [Element] {
        let found = Set(forms.filter { $0.effect == .review }.flatMap(\.elements))
        return found.filter { values[Int($0.atomicNumber)] == 0 }.sorted()
    }

    /// Year and edition, for reports: `2024, OJ L 2024/1252 of 3 May 2024`.
    public var edition: String { "\(year), \(version)" }
}

extension ElementTable {
    /// The list as the filter `restrict` takes it; nil for a table of numbers.
    public var list: ElementList? {
        if kind != .list { return nil }
        var list = ElementList(name: name, edition: edition)
        for e in elements { list.listed[Int(e.atomicNumber)] = true }
        for e in reviewElements { list.review[Int(e.atomicNumber)] = true }
        for form in forms where form.effect != .none {
            guard let limit = form.limit else { continue }
            for e in form.elements { list.limits[Int(e.atomicNumber)] = limit }
        }
        return list
    }
}
