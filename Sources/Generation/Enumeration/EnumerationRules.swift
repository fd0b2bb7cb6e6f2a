import MaterialsCore

/// What an enumeration is of: which elements, in which oxidation states, how many together, and which tests decide.
public struct EnumerationRules: Sendable {
    /// Elements, ascending.
    public var elements: [Element]
    /// Distinct elements in a formula.
    public var components: ClosedRange<Int>
    /// Largest number of atoms of an element in a formula.
    public var maxCoefficient: Int
    /// States of the elements.
    public var oxidationStates: OxidationStateList
    /// Ions that do not occur, whatever the list says.
    public var excludedIons: [(element: Element, charge: Int)] = []
    /// Elements that do not occur together.
    public var excludedSystems: [[Element]] = []
    /// Every formula has all of these.
    public var required: [Element] = []
    /// Every formula has at least one of these, where there are any.
    public var anyOf: [Element] = []
    /// False leaves charges out of account: one position a stoichiometry.
    public var isChargeNeutral = true
    /// Which ions may stand together.
    public var electronegativityTest = ElectronegativityTest()
    /// Elements of which one may stand in two oxidation states.
    public var mixedValence: [Element] = []
    /// True where an element may be two different anions.
    public var repeatsAnions = true
    /// True where an element may be two different cations.
    public var repeatsCations = true
    /// True where a formula counts once for each set of oxidation states; false keeps the first.
    public var isSpeciesUnique = false

    /// Rules with the defaults for the rest.
    public init(elements: [Element], components: ClosedRange<Int>, maxCoefficient: Int, oxidationStates: OxidationStateList) {
        (self.elements, self.components) = (elements.sorted(), components)
        (self.maxCoefficient, self.oxidationStates) = (maxCoefficient, oxidationStates)
    }

    /// Oxidation states of an element under these rules.
    func states(of element: Element) -> [Int] {
        if !isChargeNeutral { return [0] }
        return oxidationStates.states[Int(element.atomicNumber)].filter { q in
            !excludedIons.contains { $0.element == element && $0.charge == q }
        }
    }

    /// What an element can bring.
    func choice(of element: Element) -> ElementChoice {
        let states = self.states(of: element)
        var pairs: [[Int]] = []
        if mixedValence.contains(element), maxCoefficient > 1 {
            for (i, a) in states.enumerated() {
                for b in states[(i + 1)...] where mayRepeat(a, b) { pairs.append([min(a, b), max(a, b)]) }
            }
        }
        return ElementChoice(
            element: element, electronegativity: IonTable.electronegativity[Int(element.atomicNumber)],
            plain: states.map { StateAssignment(states: [$0], largest: maxCoefficient) },
            mixed: pairs.map { StateAssignment(states: $0, largest: maxCoefficient) })
    }

    /// A state of 0 counts as an anion here, as in SMACT.
    private func mayRepeat(_ a: Int, _ b: Int) -> Bool {
        if a > 0, b > 0 { return repeatsCations }
        if a <= 0, b <= 0 { return repeatsAnions }
        return repeatsAnions || repeatsCations
    }
}
