import MaterialsCore

/// The phases that compete: the lowest formation energy of every composition of a set of entries, elements at 0.
///
///     formation energy = energy − Σ fraction(element) · reference(element)      (eV/atom)
///
/// - Input:    entries with formation energies, or with total energies where every element has an entry of its own; several entries
///             of one composition are polymorphs, and the lowest counts.
/// - Scope:    any number of elements; compositions are equal where no atom fraction differs by more than 1e-8, and
///             elements below that are as good as absent.
/// - Errors:   `.input` for entries without energy or composition, for elements without reference (named), for elements whose
///             formation energy is below 0.
/// - Numerics: ties below 1e-10 eV/atom are decided by the compositions alone, so neither the order of the entries nor that of
///             queries shows in a result.
/// - Cost:     one sort.
public struct PhaseDiagram: Sendable {
    /// What the energies of entries are.
    public enum EnergyKind: String, Sendable, CaseIterable {
        /// Against the elements, which are 0 and need no entry.
        case formation
        /// Of the calculation; each element needs an entry.
        case total
    }

    /// One composition of two or more elements with its lowest energy.
    public struct Phase: Sendable {
        /// Elements of it.
        public let system: ChemicalSystem
        /// Atom fractions by ascending atomic number.
        public let fractions: [Double]
        /// Lowest formation energy, eV/atom.
        public let formationEnergyEVPerAtom: Double
        /// The entry that has it; the first of equals.
        public let entry: Int
        /// What decides between phases of equal merit, eV/atom.
        let tieBreak: Double
    }

    /// Phases of two or more elements, by system and then by fractions.
    public let phases: [Phase]
    /// Chemical systems that have phases, ascending.
    public let systems: [ChemicalSystem]
    /// Compositions of the entries.
    public let compositions: [Composition]
    /// Formation energies of the entries, eV/atom.
    public let formationEnergies: [Double]
    /// Elements that occur among the entries.
    public let elements: ChemicalSystem
    /// Reference energy by atomic number, eV/atom; NaN where there is none.
    public let references: [Double]
    /// Phases of each system.
    let ranges: [ChemicalSystem: Range<Int>]
    /// Phase of each entry; −1 for elements.
    let phaseOfEntry: [Int]

    /// Brings the entries of a set together.
    public init(compositions: [Composition], energiesEVPerAtom: [Double], kind: EnergyKind) throws {
        precondition(compositions.count == energiesEVPerAtom.count)
        guard !compositions.isEmpty else { throw MatSieveError.input("the reference has no entries; a hull needs some") }
        let references = try elementalReferences(compositions, energiesEVPerAtom, kind)
        let formation = compositions.indices.map {
            kind == .formation ? energiesEVPerAtom[$0] : energyAgainstElements(compositions[$0], energiesEVPerAtom[$0], references)
        }
        let grouped = PhaseGrouping(compositions, formation)
        (phases, phaseOfEntry) = (grouped.phases, grouped.phaseOfEntry)
        (self.compositions, formationEnergies, self.references) = (compositions, formation, references)
        elements = ChemicalSystem(compositions.lazy.flatMap(\.atomicNumbers))
        var ranges: [ChemicalSystem: Range<Int>] = [:]
        var systems: [ChemicalSystem] = []
        var first = 0
        for i in phases.indices where i + 1 == phases.count || phases[i + 1].system != phases[i].system {
            ranges[phases[i].system] = first..<i + 1
            systems.append(phases[i].system)
            first = i + 1
        }
        (self.ranges, self.systems) = (ranges, systems)
    }

    /// Elements of a composition for which nothing is known here, ascending.
    public func unknownElements(of composition: Composition) -> [Element] {
        composition.atomicNumbers.filter { !elements.contains($0) }.map { Element(atomicNumber: Int($0))! }
    }

    /// Formation energy of a composition whose energy is of the same kind as the entries'.
    public func formationEnergy(of composition: Composition, energyEVPerAtom energy: Double) -> Double {
        energyAgainstElements(composition, energy, references)
    }

    /// True where some entry of the composition's elements is a compound of another composition.
    public func hasCompounds(beside composition: Composition) -> Bool {
        let composition = withoutTraces(composition)
        let x = atomFractions(composition)
        let system = ChemicalSystem(composition.atomicNumbers)
        return rangesWithin(system).contains { range in
            range.contains { phases[$0].system != system || !areEqual(phases[$0].fractions, x) }
        }
    }

    /// Phases of two or more elements that all belong to a system.
    public func phases(within system: ChemicalSystem) -> [Phase] { rangesWithin(system).joined().map { phases[$0] } }

    /// True where a phase has that composition.
    public func isSame(_ phase: Phase, _ composition: Composition) -> Bool {
        let composition = withoutTraces(composition)
        return phase.system == ChemicalSystem(composition.atomicNumbers) && areEqual(phase.fractions, atomFractions(composition))
    }

    /// Compositions of the elements of a system and of its phases, each once.
    public func compositions(within system: ChemicalSystem) -> [Composition] {
        system.atomicNumbers.map { Composition(sortedAtomicNumbers: [$0], amounts: [1]) }
            + rangesWithin(system).joined().map { compositions[phases[$0].entry] }
    }

    /// Ranges of the phases whose elements all belong to `system`, in the order of `phases`.
    func rangesWithin(_ system: ChemicalSystem) -> [Range<Int>] {
        let z = system.atomicNumbers
        guard z.count < 20, 1 << z.count < systems.count else {
            return systems.filter { $0.isSubset(of: system) }.map { ranges[$0]! }
        }
        var found: [Range<Int>] = []
        for mask in 1..<(1 << z.count) where mask.nonzeroBitCount > 1 {
            var part = ChemicalSystem()
            for (i, z) in z.enumerated() where mask >> i & 1 == 1 { part.insert(z) }
            if let range = ranges[part] { found.append(range) }
        }
        return found.sorted { $0.lowerBound < $1.lowerBound }
    }
}
