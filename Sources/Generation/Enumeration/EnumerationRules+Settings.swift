import MaterialsCore

extension EnumerationRules {
    /// Reads the settings of `enumerate` in a plan, apart from `columns`, and leaves `finish()` to the caller.
    ///
    ///     elements: [Cu, Zn, Sn, S] or all       components: 2-4             max_coefficient: 8
    ///     oxidation_states: icsd24, … or {Fe: [2, 3], O: -2}                 charge_neutral: true
    ///     exclude: [Pb, Cu3+, Na-K]              contains: [O]               contains_any: [S, Se]
    ///     electronegativity_test: true           electronegativity_tolerance: 0
    ///     mixed_valence: false, true or [Fe]     repeat_anions: true         repeat_cations: true     species_unique: false
    public init(_ s: inout Settings) throws {
        let isNeutral = try s.boolean("charge_neutral", default: true)
        let list = try s.setting("oxidation_states", takes: OxidationStateList.words, default: "icsd24").map {
            try OxidationStateList($0, subject: s.subject)
        }
        let exclusions = try Exclusions(&s)
        let wished = try Self.elements(&s, isNeutral: isNeutral, list ?? OxidationStateList(named: "icsd24")!, exclusions.elements)
        let components = try Self.components(&s, elements: wished.count)
        let largest = try s.integer("max_coefficient", default: 8, in: 1...Self.largestCoefficient)
        self.init(
            elements: wished, components: components, maxCoefficient: largest, oxidationStates: list ?? OxidationStateList(named: "icsd24")!
        )
        isChargeNeutral = isNeutral
        (excludedIons, excludedSystems) = (exclusions.ions, exclusions.systems)
        required = try Self.subset("contains", &s, of: wished)
        anyOf = try Self.subset("contains_any", &s, of: wished)
        electronegativityTest = ElectronegativityTest(
            tolerance: try s.number("electronegativity_tolerance", default: 0, in: 0...4),
            isOn: try s.boolean("electronegativity_test", default: isNeutral))
        mixedValence = try Self.mixedValence(&s, of: wished)
        repeatsAnions = try s.boolean("repeat_anions", default: true)
        repeatsCations = try s.boolean("repeat_cations", default: true)
        isSpeciesUnique = try s.boolean("species_unique", default: false)
        try refuseContradictions(s)
    }

    /// Amounts up to here keep all charges and divisors in small tables.
    public static let largestCoefficient = 50

    private static func elements(
        _ s: inout Settings, isNeutral: Bool, _ list: OxidationStateList, _ excluded: [Element]
    ) throws -> [Element] {
        guard let names = try s.texts("elements"), !names.isEmpty else {
            throw Settings.error(s.line, "\(s.subject) needs 'elements': a list of symbols, or all")
        }
        let line = s.line(of: "elements")
        func hasStates(_ e: Element) -> Bool { !isNeutral || !list.states[Int(e.atomicNumber)].isEmpty }
        if names == ["all"] {
            return (1...118).compactMap(Element.init(atomicNumber:)).filter { hasStates($0) && !excluded.contains($0) }
        }
        let wished = try names.map { try Element(named: $0, line: line, subject: s.subject) }
        if let twice = wished.enumerated().first(where: { wished[..<$0.offset].contains($0.element) })?.element {
            throw Settings.error(line, "\(twice.symbol) is among the elements of \(s.subject) twice")
        }
        let left = wished.filter { !excluded.contains($0) }
        if let without = left.first(where: { !hasStates($0) }) {
            throw Settings.error(
                line,
                "\(without.symbol) has no oxidation state in \(list.name); leave it out, choose another list, or give states as oxidation_states: {\(without.symbol): [...]}"
            )
        }
        guard !left.isEmpty else { throw Settings.error(line, "'exclude' leaves no element in \(s.subject)") }
        return left.sorted()
    }

    /// `3`, `2-4`.
    private static func components(_ s: inout Settings, elements: Int) throws -> ClosedRange<Int> {
        let largest = min(elements, NeutralSearch.largestSystem)
        guard let text = try s.text("components") else { return min(2, largest)...min(4, largest) }
        let line = s.line(of: "components")
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int(trimmed($0)) }
        guard let low = ends.first ?? nil, let high = ends.last ?? nil, ends.count <= 2, low >= 1, high >= low else {
            throw Settings.error(line, "'components' of \(s.subject) must be a number of elements such as 3 or 2-4")
        }
        guard high <= NeutralSearch.largestSystem else {
            throw Settings.error(line, "'components' of \(s.subject) can be at most \(NeutralSearch.largestSystem)")
        }
        guard low <= elements else {
            throw Settings.error(line, "'components' of \(s.subject) asks for \(low) elements, but there are only \(elements)")
        }
        return low...min(high, elements)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let rest = text.drop { $0 == " " }
        return rest.prefix { $0 != " " }
    }

    private static func subset(_ key: String, _ s: inout Settings, of elements: [Element]) throws -> [Element] {
        try (s.texts(key) ?? []).map { name in
            let e = try Element(named: name, line: s.line(of: key), subject: s.subject)
            guard elements.contains(e) else {
                throw Settings.error(s.line(of: key), "'\(key)' of \(s.subject) names \(name), which is not among its elements")
            }
            return e
        }
    }

    private static func mixedValence(_ s: inout Settings, of elements: [Element]) throws -> [Element] {
        guard let setting = s.setting("mixed_valence", takes: "false, true or a list of elements", default: "false") else { return [] }
        if case .boolean(let isOn) = setting.value { return isOn ? elements : [] }
        return try subset("mixed_valence", &s, of: elements)
    }

    private func refuseContradictions(_ s: Settings) throws {
        for key in ["oxidation_states", "mixed_valence", "species_unique"] where !isChargeNeutral && s.keys.contains(key) {
            throw Settings.error(s.line(of: key), "'\(key)' of \(s.subject) says nothing with charge_neutral: false; leave one of them out")
        }
        if !isChargeNeutral, electronegativityTest.isOn {
            throw Settings.error(
                s.line(of: "electronegativity_test"),
                "the electronegativity test of \(s.subject) needs charges; leave out charge_neutral: false")
        }
        if Set(required).count > components.upperBound {
            throw Settings.error(
                s.line(of: "contains"),
                "'contains' of \(s.subject) asks for \(required.count) elements, 'components' for at most \(components.upperBound)")
        }
        for e in elements where states(of: e).isEmpty {
            throw Settings.error(
                s.line(of: "exclude"), "'exclude' of \(s.subject) leaves no oxidation state of \(e.symbol); exclude the element")
        }
    }

    /// What `exclude` names: elements, ions, and elements that do not stand together.
    private struct Exclusions {
        var elements: [Element] = []
        var ions: [(element: Element, charge: Int)] = []
        var systems: [[Element]] = []

        init(_ s: inout Settings) throws {
            for text in try s.texts("exclude") ?? [] {
                let parts = text.split(separator: "-")
                if let ion = ion(from: text) {
                    ions.append(ion)
                } else if parts.count > 1 {
                    systems.append(try parts.map { try Element(named: String($0), line: s.line(of: "exclude"), subject: s.subject) })
                } else {
                    elements.append(try Element(named: text, line: s.line(of: "exclude"), subject: s.subject))
                }
            }
        }
    }
}
