import MaterialsCore

extension CompositionValidity {
    /// Reads SMACT's options under SMACT's names, and leaves `finish()` to the caller.
    ///
    ///     use_pauling_test: true     include_alloys: true     mixed_valence: false
    ///     oxidation_states: icsd24        or        consensus: 3     commonality: low
    public init(_ s: inout Settings) throws {
        if let given = s.setting("oxidation_states", takes: OxidationStateList.words) {
            if let key = ["consensus", "commonality"].first(where: s.keys.contains) {
                throw Settings.error(
                    s.line(of: key), "'\(key)' of \(s.subject) counts states of the ICSD; leave out 'oxidation_states' or '\(key)'")
            }
            self.init(oxidationStates: try OxidationStateList(given, subject: s.subject))
        } else {
            let consensus = try s.integer("consensus", default: 3, in: 1...1_000_000)
            self.init(oxidationStates: OxidationStateList(consensus: consensus, commonality: try Self.commonality(&s)))
        }
        test.isOn = try s.boolean("use_pauling_test", default: true)
        includesAlloys = try s.boolean("include_alloys", default: true)
        allowsMixedValence = try s.boolean("mixed_valence", default: false)
    }

    private enum Share: String, CaseIterable { case low, medium, high, main }

    /// `low`, `medium`, `high`, `main`, or percent.
    private static func commonality(_ s: inout Settings) throws -> OxidationStateList.Commonality {
        if case .number(_)? = s.setting("commonality", takes: "low, medium, high, main, or percent", default: "low")?.value {
            return .percent(try s.number("commonality", default: 0, in: 0...100))
        }
        switch try s.choice("commonality", default: Share.low) {
        case .low: return .percent(0)
        case .medium: return .percent(10)
        case .high: return .percent(50)
        case .main: return .main
        }
    }
}
