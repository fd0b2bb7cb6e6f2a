import MaterialsCore

/// What happens to a candidate for which a feature of charged species has no meaning: its amounts are not whole, the search for
/// oxidation states is too large, or there is no cation and anion.
public enum UndeterminedCharges: String, CaseIterable, Sendable {
    /// The features are NaN.
    case nan
    /// The candidate is rejected with `no-oxidation-states`.
    case reject
}

extension Settings {
    /// Reads `undetermined`: `nan` (default) or `reject`.
    mutating func undeterminedCharges() throws -> UndeterminedCharges { try choice("undetermined", default: .nan) }
}

extension UndeterminedCharges {
    /// Fills NaN, or rejects.
    func fill(_ features: inout MutableSpan<Double>, _ why: String) throws(CandidateDefect) {
        if self == .reject { throw CandidateDefect("no-oxidation-states", why) }
        for i in features.indices { features[i] = .nan }
    }
}

/// Species of a composition with at least one cation and one anion.
struct IonicSpecies {
    var cations: [ChargedSpecies]
    var anions: [ChargedSpecies]

    /// Nil where the oxidation states are undetermined or the compound is not ionic.
    init?(_ atomicNumbers: Span<UInt8>, _ amounts: Span<Double>) {
        guard let species = OxidationStateGuess.species(atomicNumbers, amounts) else { return nil }
        cations = species.filter { $0.charge > 0 }
        anions = species.filter { $0.charge < 0 }
        if cations.isEmpty || anions.isEmpty { return nil }
    }

    static let absence = "no neutral oxidation states with cations and anions (whole amounts are needed)"
}

extension WeightedValues {
    /// minimum, maximum, range, mean, std_dev into five features.
    func fillFive(_ features: inout MutableSpan<Double>, from first: Int) {
        (features[first], features[first + 1], features[first + 2]) = (minimum, maximum, range)
        (features[first + 3], features[first + 4]) = (mean, standardDeviation)
    }
}
