import MaterialsCore

/// Answers questions about compositions and keeps the hulls of the chemical systems that it met.
///
///     var search = HullSearch(diagram)
///     search.hullEnergy(of: composition, excludingOwn: true)
///
/// - Output:   energies in eV/atom against the elements, amounts as atom fractions.
/// - Scope:    compositions whose elements all occur among the entries; see `PhaseDiagram.unknownElements`.
/// - Numerics: the energy of the lowest mixture to about 1e-12 eV/atom; phases within 1e-10 eV/atom of the hull may stand for it. The
///             same bits whatever was asked before.
/// - Cost:     facets are made when first needed; later compositions of the system take a walk of a few facets, the square of the
///             number of elements each.
public struct HullSearch: Sendable {
    /// What is searched.
    public let diagram: PhaseDiagram
    private var places: [ChemicalSystem: Int] = [:]
    private var hulls: [SystemHull] = []
    private var numbersHeld = 0
    /// The last system, so that compositions that come grouped need no look-up.
    private var currentAtomicNumbers: [UInt8] = []
    private var current = -1
    private var fractions: [Double] = []
    /// Beyond this many numbers the hulls are forgotten and made anew.
    private static let capacity = 1 << 23

    /// Starts with no hull.
    public init(_ diagram: PhaseDiagram) { self.diagram = diagram }

    /// The lowest energy of any mixture of the phases, eV/atom; 0 for elements.
    ///
    /// - Parameter excludingOwn: leaves every entry of the same composition out; elements stay, as all energies refer to them.
    public mutating func hullEnergy(of composition: Composition, excludingOwn: Bool = false) -> Double {
        hullEnergy(atomicNumbers: composition.atomicNumbers.span, amounts: composition.amounts.span, excludingOwn: excludingOwn)
    }

    /// The same of a row of a batch: ascending atomic numbers and their amounts.
    public mutating func hullEnergy(atomicNumbers: Span<UInt8>, amounts: Span<Double>, excludingOwn: Bool = false) -> Double {
        if atomicNumbers.count <= 1 { return 0 }
        if holdsTraces(amounts) {
            let whole = Composition(
                sortedAtomicNumbers: (0..<atomicNumbers.count).map { atomicNumbers[$0] }, amounts: (0..<amounts.count).map { amounts[$0] })
            return hullEnergy(of: withoutTraces(whole), excludingOwn: excludingOwn)
        }
        enter(atomicNumbers, amounts)
        let (place, x) = (current, fractions)
        if excludingOwn { return hulls[place].mixtureWithoutOwn(at: x.span)!.energy }
        return hulls[place].energy(at: x.span)
    }

    /// The lowest mixture of phases; nil where nothing is left: an element without its own.
    public mutating func decomposition(of composition: Composition, excludingOwn: Bool = false) -> Decomposition? {
        let composition = withoutTraces(composition)
        enter(composition.atomicNumbers.span, composition.amounts.span)
        let (place, x) = (current, fractions)
        if !excludingOwn { return Decomposition(hulls[place].mixture(at: x.span), hulls[place].phases) }
        guard let mixture = hulls[place].mixtureWithoutOwn(at: x.span) else { return nil }
        return Decomposition(mixture, hulls[place].phases)
    }

    /// Makes the system of a row the current one and its atom fractions those in hand.
    private mutating func enter(_ atomicNumbers: Span<UInt8>, _ amounts: Span<Double>) {
        if !isCurrent(atomicNumbers) { change(to: (0..<atomicNumbers.count).map { atomicNumbers[$0] }) }
        var total = 0.0
        for i in 0..<amounts.count { total += amounts[i] }
        for i in 0..<amounts.count { fractions[i] = amounts[i] / total }
    }

    private func holdsTraces(_ amounts: Span<Double>) -> Bool {
        var (total, least) = (0.0, Double.infinity)
        for i in 0..<amounts.count {
            total += amounts[i]
            least = min(least, amounts[i])
        }
        return least < total * fractionTolerance
    }

    private func isCurrent(_ atomicNumbers: Span<UInt8>) -> Bool {
        if current < 0 || atomicNumbers.count != currentAtomicNumbers.count { return false }
        for i in 0..<atomicNumbers.count where atomicNumbers[i] != currentAtomicNumbers[i] { return false }
        return true
    }

    private mutating func change(to atomicNumbers: [UInt8]) {
        if current >= 0 { numbersHeld += hulls[current].size }
        let system = ChemicalSystem(atomicNumbers)
        if numbersHeld > Self.capacity {
            hulls.removeAll()
            places.removeAll()
            numbersHeld = 0
        }
        (currentAtomicNumbers, fractions) = (atomicNumbers, [Double](repeating: 0, count: atomicNumbers.count))
        if let place = places[system] {
            current = place
            numbersHeld -= hulls[place].size
        } else {
            current = hulls.count
            places[system] = current
            hulls.append(SystemHull(system, in: diagram))
        }
    }
}

/// What a composition falls apart into.
public struct Decomposition: Sendable, Equatable {
    /// A product of it.
    public struct Product: Sendable, Equatable {
        /// Phase of the diagram; nil for an element.
        public let phase: Int?
        /// Atomic number where it is an element.
        public let element: UInt8?
        /// Share of the atoms.
        public let atomFraction: Double
    }

    /// Products, elements first, then by phase.
    public let products: [Product]
    /// Energy of the products, eV/atom.
    public let energyEVPerAtom: Double

    init(_ mixture: Mixture, _ phases: CompetingPhases) {
        energyEVPerAtom = mixture.energy
        products = zip(mixture.columns, mixture.amounts).map { column, amount in
            let phase = phases.phases[column]
            return Product(
                phase: phase < 0 ? nil : phase, element: phase < 0 ? phases.atomicNumbers[-1 - phase] : nil, atomFraction: amount)
        }
    }
}
