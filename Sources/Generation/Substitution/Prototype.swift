import MaterialsCore

/// A known structure whose ions are replaced.
///
/// A place is all positions that an element holds, or those of one of its sites where the rules tell sites apart. Its cell is rescaled so that every contact grows by what the radii of its ions grow:
///
///     s = Σ (dᵢⱼ + Δrᵢ + Δrⱼ) / Σ dᵢⱼ  over cations i and anions j in contact (`IonContacts`); every lattice vector × s
///
/// - Scope: Δr from the crystal radii of both ions at the coordination that the place has in the prototype (`IonicRadius.pair`).
struct Prototype {
    let structure: CrystalStructure
    let composition: Composition
    /// What is replaced together.
    let places: PrototypePlaces
    /// Charges of the places; nil where charges do not matter.
    let charges: [Int]?
    private let contacts: IonContacts?

    /// - Parameter sites: tells sites apart; asked where the rules do
    /// - Errors: `no-charges` where its elements have no states that are neutral together and charges matter; `too-many-sites`, and what
    ///   `sites` throws, where sites are told apart.
    init(
        _ structure: CrystalStructure, rules: SubstitutionRules, assignment: ChargeAssignment, sites: (any SitePartition)? = nil
    ) throws(CandidateDefect) {
        self.structure = structure
        composition = structure.composition
        places = try Self.places(structure, composition, rules, sites)
        guard rules.keepsCharge else {
            (charges, contacts) = (nil, nil)
            return
        }
        guard let charges = assignment.charges(of: composition, on: places) else {
            throw CandidateDefect(
                "no-charges",
                "no oxidation states of \(rules.oxidationStates.name) make \(composition.reducedFormula) neutral; nothing is replaced in it"
            )
        }
        self.charges = charges
        if case .listed = rules.choice, !rules.rescalesVolume {
            contacts = nil
        } else {
            contacts = IonContacts(structure, placeOf: places.placeOf, charges: charges)
        }
    }

    private static func places(
        _ structure: CrystalStructure, _ composition: Composition, _ rules: SubstitutionRules, _ sites: (any SitePartition)?
    ) throws(CandidateDefect) -> PrototypePlaces {
        guard case .inequivalent(let most, let tolerance) = rules.sites, let sites else { return PrototypePlaces(structure, composition) }
        let places = PrototypePlaces(structure, composition, try sites.sites(of: structure, toleranceAngstrom: tolerance))
        for (place, ordinal) in places.ordinals.enumerated() where ordinal >= most && rules.concern(places.elements[place]) {
            let element = places.elements[place]
            throw CandidateDefect(
                "too-many-sites",
                "\(element.symbol) has \(places.places(of: element).count) sites in \(composition.reducedFormula); most_sites is \(most)")
        }
        return places
    }

    /// Radii of what is at a place and of what comes there.
    private func radii(_ new: Element, at place: Int) -> (old: Double, new: Double)? {
        guard let charges, let contacts else { return nil }
        return IonicRadius.pair(places.elements[place], new, charge: charges[place], coordination: contacts.coordination[place])
    }

    /// Slots of the rules in this prototype: the place that each stands for (nil where it has none), and the options that may stand there.
    func slots(_ rules: SubstitutionRules) -> [(place: Int?, options: [Int])] {
        let perElement = rules.sites.most
        switch rules.choice {
        case .listed(let lists):
            return lists.flatMap { list in
                let own = places.places(of: list.ion.element)
                return (0..<perElement).map { ordinal -> (place: Int?, options: [Int]) in
                    guard ordinal < own.count, list.ion.charge == nil || charges == nil || list.ion.charge == charges![own[ordinal]] else {
                        return (nil, [])
                    }
                    return (own[ordinal], list.by.indices.filter { mayStand(list.by[$0], at: own[ordinal], rules) })
                }
            }
        case .similar(let similarity):
            return (0..<SubstitutionRules.largestPrototype).flatMap { number in
                let own = number < composition.elementCount ? places.places(of: element(number)) : []
                return (0..<perElement).map { ordinal -> (place: Int?, options: [Int]) in
                    guard ordinal < own.count, similarity.replaced.isEmpty || similarity.replaced.contains(element(number)) else {
                        return (nil, [])
                    }
                    let place = own[ordinal]
                    return (place, similarity.elements.indices.filter { isAlike(similarity.elements[$0], at: place, similarity, rules) })
                }
            }
        }
    }

    private func element(_ number: Int) -> Element { Element(atomicNumber: Int(composition.atomicNumbers[number]))! }

    private func mayStand(_ ion: SubstitutionRules.Ion, at place: Int, _ rules: SubstitutionRules) -> Bool {
        guard let charges else { return true }
        return (ion.charge == nil || ion.charge == charges[place])
            && rules.oxidationStates.states[Int(ion.element.atomicNumber)].contains(charges[place])
    }

    private func isAlike(
        _ other: Element, at place: Int, _ similarity: SubstitutionRules.Similarity, _ rules: SubstitutionRules
    ) -> Bool {
        let own = places.elements[place]
        guard other != own, rules.oxidationStates.states[Int(other.atomicNumber)].contains(charges![place]),
            let (r, s) = radii(other, at: place)
        else { return false }
        let chi = IonTable.electronegativity
        return abs(s - r) <= similarity.radius * abs(r)
            && abs(chi[Int(other.atomicNumber)] - chi[Int(own.atomicNumber)]) <= similarity.electronegativity
    }

    /// The structure with other elements at some places, and how much larger its volume is; nil where places
    /// that different elements held would hold one.
    ///
    /// - Errors: `no-radius` where the volume is to be rescaled and an ion has no radius.
    func replacing(_ replacements: [(place: Int, by: Element)], rules: SubstitutionRules) throws(CandidateDefect) -> (
        CrystalStructure, Double
    )? {
        var elements = places.elements
        for r in replacements { elements[r.place] = r.by }
        guard !mixes(elements) else { return nil }
        let scale = rules.rescalesVolume ? try self.scale(replacements) : 1
        let l = structure.lattice
        let lattice = scale == 1 ? l : Lattice(a: scale * l.a, b: scale * l.b, c: scale * l.c)
        let replaced = CrystalStructure(
            lattice: lattice, periodicity: structure.periodicity, atomicNumbers: places.placeOf.map { elements[$0].atomicNumber },
            positions: structure.positions, occupancies: structure.occupancies, sites: structure.sites)
        return (replaced, scale * scale * scale)
    }

    /// True where one element would stand where different ones stood.
    private func mixes(_ elements: [Element]) -> Bool {
        elements.indices.contains { i in
            elements[..<i].indices.contains { elements[$0] == elements[i] && places.elements[$0] != places.elements[i] }
        }
    }

    private func scale(_ replacements: [(place: Int, by: Element)]) throws(CandidateDefect) -> Double {
        guard let contacts, let charges, contacts.totalLength > 0 else { return 1 }
        let n = places.elements.count
        var growth = 0.0
        for r in replacements {
            guard let radii = radii(r.by, at: r.place) else {
                let missing = IonicRadius.isKnown(r.by, charge: charges[r.place]) ? places.elements[r.place] : r.by
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
