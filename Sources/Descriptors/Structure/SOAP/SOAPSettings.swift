import MaterialsCore

/// What the power spectrum keeps of the pairs of elements.
///
/// - Source: J. P. Darby, J. R. Kermode, G. Csányi, npj Comput. Mater. 8, 166 (2022), doi:10.1038/s41524-022-00847-y
enum SOAPCompression: String, CaseIterable, Sendable {
    /// All pairs of elements.
    case off
    /// One density of all elements.
    case mu2
    /// The density of each element with that of all.
    case mu1nu1
    /// Each element with itself.
    case crossover
}

/// How the sites of a structure become one row.
enum SOAPAverage: String, CaseIterable, Sendable {
    /// Coefficients are averaged, then multiplied.
    case inner
    /// Power spectra are averaged.
    case outer
}

/// The settings of `SOAPDescriptor`, checked.
struct SOAPSettings: Sendable {
    var species: SpeciesIndex
    /// One an element of `species`.
    var speciesWeights: [Double]
    var cutoff: Double
    var radialCount: Int
    var degree: Int
    var width: Double
    var weighting = SOAPWeighting()
    var average: SOAPAverage
    var compression: SOAPCompression

    init(settings: inout Settings) throws {
        let listed = try SpeciesIndex(settings: &settings)
        compression = try settings.choice("compression", default: listed == nil ? .mu2 : .off)
        if listed == nil, compression != .mu2 {
            throw Settings.error(
                settings.line(of: "compression"),
                "\(settings.subject) needs 'species' for compression '\(compression.rawValue)'; only 'mu2' can do without")
        }
        species = listed ?? .any
        speciesWeights = try Self.speciesWeights(&settings, species)
        radialCount = try settings.integer("n_max", default: 8, in: 1...24)
        degree = try settings.integer("l_max", default: 6, in: 0...20)
        width = try settings.number("sigma", default: 1, in: 0.05...10)
        average = try settings.choice("average", default: .outer)
        if let nested = settings.setting("weighting") {
            var inside = try Settings(nested, subject: "'weighting' of \(settings.subject)")
            weighting = try SOAPWeighting(settings: &inside)
        }
        cutoff = try Self.cutoff(&settings, weighting)
        try settings.finish()
    }

    /// `r_cut`, or where the weighting ends, or 5 Å.
    private static func cutoff(_ settings: inout Settings, _ weighting: SOAPWeighting) throws -> Double {
        let given = try settings.number("r_cut")
        let value = given ?? weighting.reach ?? 5
        guard value > 1, value <= 30 else {
            let key = given == nil && weighting.function != nil ? "the reach of 'weighting'" : "'r_cut'"
            throw Settings.error(settings.line(of: "r_cut"), "\(key) of \(settings.subject) must be above 1 and at most 30 Å")
        }
        return value
    }

    /// `species_weighting`: a number for each element of `species`.
    private static func speciesWeights(_ settings: inout Settings, _ species: SpeciesIndex) throws -> [Double] {
        guard let nested = settings.setting("species_weighting") else { return [Double](repeating: 1, count: species.count) }
        var inside = try Settings(nested, subject: "'species_weighting' of \(settings.subject)")
        let weights = try species.elements.map { element in
            guard let weight = try inside.number(element.symbol), weight.magnitude <= 1e6 else {
                throw Settings.error(nested.line, "\(inside.subject) needs a number for \(element.symbol)")
            }
            return weight
        }
        try inside.finish()
        return species.isAny ? [1] : weights
    }

    /// The kinds of atoms with coefficients of their own.
    var kinds: SpeciesIndex { compression == .mu2 ? .any : species }

    /// How far the Gaussians of atoms beyond the cutoff reach into it: where they have decayed to 10⁻³, Å.
    var padding: Double { width * (2 * PortableMath.log(1000)).squareRoot() }
}
