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

    /// Where replacements come from.
    public var choice: Choice
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
        if includesPrototypes { return true }
        let elements: [Element]
        switch choice {
        case .listed(let lists): elements = lists.map(\.ion.element)
        case .similar(let s): elements = s.replaced
        }
        return elements.isEmpty || elements.contains { composition.atomicNumbers.contains($0.atomicNumber) }
    }

    /// A prototype has at most this many elements where similar ones are looked for.
    static let largestPrototype = 8

    /// Number of options of each slot: the lists, or the elements that may stand in for each element of a prototype.
    var slotOptions: [Int] {
        switch choice {
        case .listed(let lists): lists.map(\.by.count)
        case .similar(let s): [Int](repeating: s.elements.count, count: Self.largestPrototype)
        }
    }

    /// Everything that decides what comes out, as text.
    var canonicalText: String {
        func text(_ i: Ion) -> String { ionText(i.element, charge: i.charge ?? 0) }
        let source: String
        switch choice {
        case .listed(let lists): source = lists.map { text($0.ion) + ": " + $0.by.map(text).joined(separator: " ") }.joined(separator: "; ")
        case .similar(let s): source = "\(s.radius) \(s.electronegativity) \(s.elements.map(\.symbol)) \(s.replaced.map(\.symbol))"
        }
        return "\(source)\n\(atOnce) \(oxidationStates.states) \(keepsCharge) \(rescalesVolume) \(includesPrototypes)"
    }
}
