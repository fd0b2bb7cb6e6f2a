import MaterialsCore

/// What may stand in for what in known structures.
public struct SubstitutionRules: Sendable {
    /// An element, and the charge that is asked of it, if any.
    public struct Ion: Equatable, Sendable {
        /// The element.
        public var element: Element
        /// Its charge; nil takes any.
        public var charge: Int?

        /// Names an ion.
        public init(element: Element, charge: Int? = nil) { (self.element, self.charge) = (element, charge) }
    }

    /// Where replacements come from.
    public enum Choice: Sendable {
        /// The user's lists: an ion, and what may stand in for it.
        case listed([(ion: Ion, by: [Ion])])
        /// Ions of these elements with nearly the same radius and electronegativity.
        case similar(Similarity)
    }

    /// How alike two ions must be.
    public struct Similarity: Sendable {
        /// Largest difference of the crystal radii, relative to the replaced ion's.
        public var radius: Double
        /// Largest difference of the Pauling electronegativities.
        public var electronegativity: Double
        /// Elements that may stand in, ascending.
        public var elements: [Element]
        /// Elements that are replaced; empty is all.
        public var replaced: [Element]

        /// Asks for likeness.
        public init(radius: Double, electronegativity: Double, elements: [Element], replaced: [Element] = []) {
            (self.radius, self.electronegativity) = (radius, electronegativity)
            (self.elements, self.replaced) = (elements.sorted(), replaced)
        }
    }

    /// What is replaced together.
    public enum Sites: Equatable, Sendable {
        /// All positions of an element.
        case all
        /// The positions of one of an element's symmetry-inequivalent sites; at most so many an element, told apart within a tolerance in Å.
        case inequivalent(most: Int, toleranceAngstrom: Double)

        /// Places that an element may have.
        var most: Int { if case .inequivalent(let most, _) = self { most } else { 1 } }
    }

    /// Where replacements come from.
    public var choice: Choice
    /// What is replaced together.
    public var sites = Sites.all
    /// Ions that are replaced together, at most.
    public var atOnce: Int
    /// States that elements may have.
    public var oxidationStates: OxidationStateList
    /// False lets any element stand in, whatever its charge; lists of the user only.
    public var keepsCharge = true
    /// True scales the cell by the ions' radii.
    public var rescalesVolume = true
    /// True delivers the prototypes themselves as well.
    public var includesPrototypes = false

    /// Rules with the defaults for the rest.
    public init(choice: Choice, atOnce: Int, oxidationStates: OxidationStateList) {
        (self.choice, self.atOnce, self.oxidationStates) = (choice, atOnce, oxidationStates)
    }

    /// False where nothing can be replaced in what is made of these elements, so that nobody need look closer.
    func concern(_ composition: Composition) -> Bool {
        includesPrototypes || composition.atomicNumbers.contains { concern(Element(atomicNumber: Int($0))!) }
    }

    /// True where an element may be replaced.
    func concern(_ element: Element) -> Bool {
        switch choice {
        case .listed(let lists): lists.contains { $0.ion.element == element }
        case .similar(let s): s.replaced.isEmpty || s.replaced.contains(element)
        }
    }

    /// A prototype has at most this many elements where similar ones are looked for.
    static let largestPrototype = 8

    /// Number of options of each slot: the lists, or the elements that may stand in for each element of a prototype; once for each site.
    var slotOptions: [Int] {
        let ofElements: [Int]
        switch choice {
        case .listed(let lists): ofElements = lists.map(\.by.count)
        case .similar(let s): ofElements = [Int](repeating: s.elements.count, count: Self.largestPrototype)
        }
        return ofElements.flatMap { [Int](repeating: $0, count: sites.most) }
    }

    /// Everything that decides what comes out, as text.
    var canonicalText: String {
        func text(_ i: Ion) -> String { ionText(i.element, charge: i.charge ?? 0) }
        let source: String
        switch choice {
        case .listed(let lists): source = lists.map { text($0.ion) + ": " + $0.by.map(text).joined(separator: " ") }.joined(separator: "; ")
        case .similar(let s): source = "\(s.radius) \(s.electronegativity) \(s.elements.map(\.symbol)) \(s.replaced.map(\.symbol))"
        }
        var text = "\(source)\n\(atOnce) \(oxidationStates.states) \(keepsCharge) \(rescalesVolume) \(includesPrototypes)"
        if case .inequivalent(let most, let tolerance) = sites { text += " \(most) sites within \(tolerance)" }
        return text
    }
}
