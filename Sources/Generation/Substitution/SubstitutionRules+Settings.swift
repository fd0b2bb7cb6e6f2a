import MaterialsCore

extension SubstitutionRules {
    /// Reads the settings of `substitute` in a plan, apart from what names the prototypes, and leaves `finish()` to the caller.
    ///
    ///     replace: {Pb2+: [Sn2+, Ge2+], I: [Br, Cl]}       or       similar: {radius: 0.15, electronegativity: 0.5, elements: all, of: [Ti]}
    ///     at_once: 2     oxidation_states: icsd24     same_charge: true     volume: rescale or keep     prototypes_too: false
    ///     sites: all or inequivalent     most_sites: 4     symprec: 0.01
    public init(_ s: inout Settings) throws {
        let list =
            try s.setting("oxidation_states", takes: OxidationStateList.words, default: "icsd24").map {
                try OxidationStateList($0, subject: s.subject)
            } ?? OxidationStateList(named: "icsd24")!
        let (lists, similar) = (
            s.setting("replace", takes: "ions with the ions that may stand in for each"),
            s.setting("similar", takes: "how alike ions must be")
        )
        guard (lists == nil) != (similar == nil) else {
            throw Settings.error(s.line, "\(s.subject) needs one of 'replace' (lists of ions) or 'similar' (how alike they must be)")
        }
        let choice: Choice
        if let lists {
            choice = .listed(try Self.lists(lists, subject: s.subject))
        } else {
            choice = .similar(try Similarity(similar!, subject: s.subject, list))
        }
        let sites = try Self.sites(&s)
        let slots = if case .listed(let l) = choice { l.count * sites.most } else { 1 }
        self.init(choice: choice, atOnce: try s.integer("at_once", default: min(slots, 8), in: 1...8), oxidationStates: list)
        self.sites = sites
        keepsCharge = try s.boolean("same_charge", default: true)
        rescalesVolume = try s.choice("volume", default: VolumeRule.rescale) == .rescale
        includesPrototypes = try s.boolean("prototypes_too", default: false)
        if !keepsCharge, case .similar = choice {
            throw Settings.error(
                s.line(of: "same_charge"), "'similar' of \(s.subject) compares ions of one charge; leave out same_charge: false")
        }
        if !keepsCharge, rescalesVolume {
            throw Settings.error(
                s.line(of: "same_charge"), "without charges there are no radii to rescale by in \(s.subject); give volume: keep")
        }
    }

    private enum VolumeRule: String, CaseIterable { case rescale, keep }
    private enum SiteRule: String, CaseIterable { case all, inequivalent }

    private static func sites(_ s: inout Settings) throws -> Sites {
        let rule = try s.choice("sites", default: SiteRule.all)
        if rule == .all, let key = ["most_sites", "symprec"].first(where: s.keys.contains) {
            throw Settings.error(s.line(of: key), "'\(key)' of \(s.subject) goes with sites: inequivalent")
        }
        guard rule == .inequivalent else { return .all }
        let most = try s.integer("most_sites", default: 4, in: 1...16)
        return .inequivalent(most: most, toleranceAngstrom: try s.number("symprec", default: 0.01, in: 1e-6...1))
    }

    private static func lists(_ setting: Setting, subject: String) throws -> [(ion: Ion, by: [Ion])] {
        var s = try Settings(setting, subject: "'replace' of \(subject)")
        let lists = try s.keys.map { key in
            let line = s.line(of: key)
            let ion = try Ion(key, line: line, subject: s.subject)
            let by = try (s.texts(key) ?? []).map { try Ion($0, line: line, subject: s.subject) }
            guard !by.isEmpty else { throw Settings.error(line, "'\(key)' in \(s.subject) needs at least one ion to stand in for it") }
            for b in by {
                if b.element == ion.element { throw Settings.error(line, "\(s.subject) replaces \(key) by itself") }
                if let from = ion.charge, let to = b.charge, from != to {
                    throw Settings.error(
                        line, "\(s.subject) replaces \(key) by an ion of another charge, \(ionText(b.element, charge: to))")
                }
            }
            return (ion, by)
        }
        guard !lists.isEmpty else { throw Settings.error(setting.line, "\(s.subject) names no ion") }
        guard Set(lists.map(\.0.element)).count == lists.count else {
            throw Settings.error(setting.line, "\(s.subject) names an element twice; one list an element")
        }
        return lists.map { (ion: $0.0, by: $0.1) }
    }
}

extension SubstitutionRules.Ion {
    /// `Pb2+` or `Pb`.
    init(_ text: String, line: Int, subject: String) throws {
        if let ion = ion(from: text) {
            self.init(element: ion.element, charge: ion.charge)
        } else {
            self.init(element: try Element(named: text, line: line, subject: subject))
        }
    }
}

extension SubstitutionRules.Similarity {
    init(_ setting: Setting, subject: String, _ list: OxidationStateList) throws {
        var s = try Settings(setting, subject: "'similar' of \(subject)")
        let names = try s.texts("elements") ?? ["all"]
        let line = s.line(of: "elements")
        let excluded = try Self.elements("exclude", &s)
        let elements =
            names == ["all"]
            ? (1...118).compactMap(Element.init(atomicNumber:)).filter { !list.states[Int($0.atomicNumber)].isEmpty }
            : try names.map { try Element(named: $0, line: line, subject: s.subject) }
        guard Set(elements).count == elements.count else { throw Settings.error(line, "an element is in 'elements' of \(s.subject) twice") }
        self.init(
            radius: try s.number("radius", default: 0.15, in: 0...1),
            electronegativity: try s.number("electronegativity", default: 0.5, in: 0...4),
            elements: elements.filter { !excluded.contains($0) },
            replaced: try Self.elements("of", &s))
        try s.finish()
    }

    private static func elements(_ key: String, _ s: inout Settings) throws -> [Element] {
        try (s.texts(key) ?? []).map { try Element(named: $0, line: s.line(of: key), subject: s.subject) }
    }
}
