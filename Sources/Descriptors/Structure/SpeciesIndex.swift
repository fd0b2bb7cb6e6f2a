import MaterialsCore

/// The elements that a descriptor tells apart, in ascending atomic number; or none of them, when all atoms count as one kind.
struct SpeciesIndex: Sendable {
    /// Ascending; empty where atoms are not told apart.
    let elements: [Element]
    /// By atomic number: place among the kinds, or -1.
    private let places: [Int]

    /// All atoms are of one kind.
    static let any = SpeciesIndex(elements: [])

    init(elements: [Element]) {
        self.elements = elements
        var places = [Int](repeating: elements.isEmpty ? 0 : -1, count: 256)
        for (place, element) in elements.enumerated() { places[Int(element.atomicNumber)] = place }
        self.places = places
    }

    /// Reads `species`: symbols, duplicates removed; nil where the key is missing.
    init?(settings: inout Settings) throws {
        guard let symbols = try settings.texts("species") else { return nil }
        let line = settings.line(of: "species")
        if symbols.isEmpty { throw Settings.error(line, "'species' of \(settings.subject) must name an element") }
        let elements = try symbols.map { symbol in
            guard let element = Element(symbol: symbol) else {
                let near = suggestion(for: symbol, among: Element.symbols.dropFirst())
                throw Settings.error(line, "'\(symbol)' in 'species' of \(settings.subject) is not an element" + near)
            }
            return element
        }
        self.init(elements: Set(elements).sorted())
    }

    /// Kinds of atoms.
    var count: Int { max(1, elements.count) }
    /// True where atoms are not told apart.
    var isAny: Bool { elements.isEmpty }
    /// Name of a kind in labels.
    func label(_ place: Int) -> String { isAny ? "any" : elements[place].symbol }

    /// Kind of each atom.
    /// - Throws: `unknown-species` for an element that is not in the list.
    func places(of crystal: CrystalStructure, for descriptor: String) throws(CandidateDefect) -> [Int] {
        var result: [Int] = []
        result.reserveCapacity(crystal.count)
        for z in crystal.atomicNumbers {
            let place = places[Int(z)]
            if place < 0 {
                throw CandidateDefect("unknown-species", "\(Element.symbols[Int(z)]) is not among the species of \(descriptor)")
            }
            result.append(place)
        }
        return result
    }
}
