import MaterialsCore

/// A known structure whose ions are replaced.
///
/// A site is all positions that an element holds. Its cell is rescaled so that every contact grows by what the radii of its ions grow:
///
///     s = Σ (dᵢⱼ + Δrᵢ + Δrⱼ) / Σ dᵢⱼ  over cations i and anions j in contact (`IonContacts`); every lattice vector × s
///
/// - Scope: Δr from the crystal radii of both ions at the coordination that the site has in the prototype (`IonicRadius.pair`).
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

    /// Radii of what is at a place and of what comes there.
    private func radii(_ new: Element, at place: Int) -> (old: Double, new: Double)? {
        guard let charges, let contacts else { return nil }
        return IonicRadius.pair(element(place), new, charge: charges[place], coordination: contacts.coordination[place])
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
            let (r, s) = radii(other, at: place)
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
        let scale = rules.rescalesVolume ? try self.scale(replacements) : 1
        let l = structure.lattice
        let lattice = scale == 1 ? l : Lattice(a: scale * l.a, b: scale * l.b, c: scale * l.c)
        let replaced = CrystalStructure(
            lattice: lattice, periodicity: structure.periodicity, atomicNumbers: elementOf.map { elements[$0].atomicNumber },
            positions: structure.positions, occupancies: structure.occupancies, sites: structure.sites)
        return (replaced, scale * scale * scale)
    }

    private func scale(_ replacements: [(place: Int, by: Element)]) throws(CandidateDefect) -> Double {
        guard let contacts, let charges, contacts.totalLength > 0 else { return 1 }
        let n = composition.elementCount
        var growth = 0.0
        for r in replacements {
            guard let radii = radii(r.by, at: r.place) else {
                let missing = IonicRadius.isKnown(r.by, charge: charges[r.place]) ? element(r.place) : r.by
                throw CandidateDefect(
                    "no-radius",
                    "\(ionText(missing, charge: charges[r.place])) has no radius to rescale by; volume: keep takes the cell as it is")
            }
            let touching = (0..<n).reduce(0) { $0 + contacts.counts[r.place * n + $1] + contacts.counts[$1 * n + r.place] }
            growth += Double(touching) * (radii.new - radii.old)
        }
        let scale = 1 + growth / contacts.totalLength
        guard scale > 0.1 else {
            throw CandidateDefect("no-radius", "ions this small leave no room in the cell; volume: keep takes it as it is")
        }
        return scale
    }
}
