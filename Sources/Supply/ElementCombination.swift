/// How the values of a composition's elements make one number.
///
/// `w` is an element's share of the mass, `x` its share of the atoms, `v` its value in the table.
public enum ElementCombination: String, CaseIterable, Sendable {
    /// 1 where any element is listed, else 0.
    case any
    /// Share of the mass whose elements have a value: how much of a candidate the other numbers speak of.
    case knownMassFraction = "known_mass_fraction"
    /// The largest `v`.
    case maximum
    /// The largest `w` of a listed element over its limit; more than 1 is too much.
    case maximumLimitRatio = "maximum_limit_ratio"
    /// The largest `w` of a listed element.
    case maximumMassFraction = "maximum_mass_fraction"
    /// Share of the mass that is listed elements.
    case massFraction = "mass_fraction"
    /// Σ w v.
    case massWeightedMean = "mass_weighted_mean"
    /// The smallest `v`.
    case minimum
    /// Σ x v.
    case moleWeightedMean = "mole_weighted_mean"
    /// Share of the mass that is elements to be reviewed.
    case reviewMassFraction = "review_mass_fraction"

    /// What it can be asked of.
    public var kind: ElementTable.Kind {
        switch self {
        case .knownMassFraction, .maximum, .massWeightedMean, .minimum, .moleWeightedMean: .quantity
        case .any, .maximumLimitRatio, .maximumMassFraction, .massFraction, .reviewMassFraction: .list
        }
    }

    /// True where the result is in the unit of the table.
    public var keepsUnit: Bool { kind == .quantity && self != .knownMassFraction }
}

/// What becomes of a candidate with an element that the table has no value of.
public enum MissingElements: String, CaseIterable, Sendable {
    /// The mean, largest or smallest of the elements that have one; unknown where none has.
    case skip
    /// Its number is unknown (NaN).
    case unknown
}
