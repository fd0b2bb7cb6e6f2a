import MaterialsCore

/// A known structure whose ions are replaced.
///
/// A site is all positions that an element holds. Its cell is rescaled so that the contacts of ions fit:
///
///     s = Σ nᵢⱼ (r'ᵢ + r'ⱼ) / Σ nᵢⱼ (rᵢ + rⱼ)  over cations i and anions j in contact (`IonContacts`); every lattice vector × s
///
/// - Scope: crystal radii of the ions at the coordination that they have in the prototype (the nearest tabulated).
struct Prototype {
    let structure: CrystalStructure
    let composition: Composition
    /// Charges in the order of the composition; nil where charges do not matter.
    let charges: [Int]?
    private let elementOf: [Int]
    private let contacts: IonContacts?

    /// - Errors: `no-charges` where its elements have no states that are neutral together and charges matter.
    init(_ structure: CrystalStructure, rules: SubstitutionRules, assignment: ChargeAssignment) throws(CandidateDefect) {
        self.structure = structure
        composition = structure.composition
        let places = composition.atomicNumbers
        elementOf = structure.atomicNumbers.map { z in places.firstIndex(of: z)! }
        guard rules.keepsCharge else {
            (charges, contacts) = (nil, nil)
            return
        }
        guard let charges = assignment.charges(of: composition) else {
            throw CandidateDefect(
                "no-charges",
                "no oxidation states of \(rules.oxidationStates.name) make \(composition.reducedFormula) neutral; nothing is replaced in it"
            )
        }
        self.charges = charges
        if case .listed = rules.choice, !rules.rescalesVolume {
            contacts = nil
        } else {
            contacts = IonContacts(structure, elementOf: elementOf, charges: charges)
        }
    }

    private func element(_ place: Int) -> Element { Element(atomicNumber: Int(composition.atomicNumbers[place]))! }

    private func radius(_ element: Element, at place: Int) -> Double? {
        guard let charges, let contacts else { return nil }
        return IonicRadius.crystal(element, charge: charges[place], coordination: contacts.coordination[place])
    }

    /// Slots of the rules in this prototype: the place in the composition each stands for (nil where it has none), and the options that
    /// may stand there.
    func slots(_ rules: SubstitutionRules) -> [(place: Int?, options: [Int])] {
        switch rules.choice {
        case .listed(let lists):
            return lists.map { list in
                let z = list.ion.element.atomicNumber
                guard let place = composition.atomicNumbers.firstIndex(of: z),
                    list.ion.charge == nil || charges == nil || list.ion.charge == charges![place]
                else { return (nil, []) }
                return (place, list.by.indices.filter { mayStand(list.by[$0], at: place, rules) })
            }
        case .similar(let similarity):
            return (0..<SubstitutionRules.largestPrototype).map { place in
                guard place < composition.elementCount, similarity.replaced.isEmpty || similarity.replaced.contains(element(place)) else {
                    return (nil, [])
                }
                return (place, similarity.elements.indices.filter { isAlike(similarity.elements[$0], at: place, similarity, rules) })
            }
        }
    }

    private func mayStand(_ ion: SubstitutionRules.Ion, at place: Int, _ rules: SubstitutionRules) -> Bool {
        guard let charges else { return true }
        return (ion.charge == nil || ion.charge == charges[place])
            && rules.oxidationStates.states[Int(ion.element.atomicNumber)].contains(charges[place])
    }

    private func isAlike(
        _ other: Element, at place: Int, _ similarity: SubstitutionRules.Similarity, _ rules: SubstitutionRules
    ) -> Bool {
        let own = element(place)
        guard other != own, rules.oxidationStates.states[Int(other.atomicNumber)].contains(charges![place]),
            let r = radius(own, at: place), let s = radius(other, at: place)
        else { return false }
        let chi = IonTable.electronegativity
        return abs(s - r) <= similarity.radius * abs(r)
            && abs(chi[Int(other.atomicNumber)] - chi[Int(own.atomicNumber)]) <= similarity.electronegativity
    }

    /// The structure with other elements at some places, and how much larger its volume is; nil where two places would hold one element.
    ///
    /// - Errors: `no-radius` where the volume is to be rescaled and an ion has no radius.
    func replacing(_ replacements: [(place: Int, by: Element)], rules: SubstitutionRules) throws(CandidateDefect) -> (
        CrystalStructure, Double
    )? {
        var elements = (0..<composition.elementCount).map(element)
        for r in replacements { elements[r.place] = r.by }
        guard Set(elements).count == elements.count else { return nil }
        let scale = rules.rescalesVolume && !replacements.isEmpty ? try self.scale(elements) : 1
        let l = structure.lattice
        let lattice = scale == 1 ? l : Lattice(a: scale * l.a, b: scale * l.b, c: scale * l.c)
        let replaced = CrystalStructure(
            lattice: lattice, periodicity: structure.periodicity, atomicNumbers: elementOf.map { elements[$0].atomicNumber },
            positions: structure.positions, occupancies: structure.occupancies, sites: structure.sites)
        return (replaced, scale * scale * scale)
    }

    private func scale(_ elements: [Element]) throws(CandidateDefect) -> Double {
        guard let contacts, let charges else { return 1 }
        let n = elements.count
        var (before, after) = (0.0, 0.0)
        for cation in 0..<n {
            for anion in 0..<n where contacts.counts[cation * n + anion] > 0 {
                let weight = Double(contacts.counts[cation * n + anion])
                for place in [cation, anion] {
                    guard let old = radius(element(place), at: place), let new = radius(elements[place], at: place) else {
                        let missing = radius(element(place), at: place) == nil ? element(place) : elements[place]
                        throw CandidateDefect(
                            "no-radius",
                            "\(ionText(missing, charge: charges[place])) has no radius to rescale by; volume: keep takes the cell as it is")
                    }
                    before += weight * old
                    after += weight * new
                }
            }
        }
        return before > 0 && after > 0 ? after / before : 1
    }
}
