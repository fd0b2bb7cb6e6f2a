import MaterialsCore

/// What one, two or three atoms are described by.
enum ManyBodyGeometry: String, CaseIterable, Sendable {
    case atomicNumber = "atomic_number"
    case distance
    case inverseDistance = "inverse_distance"
    case angle
    case cosine

    /// Atoms it takes.
    var order: Int {
        switch self {
        case .atomicNumber: 1
        case .distance, .inverseDistance: 2
        case .angle, .cosine: 3
        }
    }
}

/// How much a pair or a triple counts.
enum ManyBodyWeighting: Sendable {
    /// All the same.
    case unity
    /// `exp(-scale · x)` as long as x ≤ reach; x is the distance of two atoms, or the way round three.
    case exponential(scale: Double, reach: Double)
    /// `1 / r²` within a cutoff.
    case inverseSquare(cutoff: Double)
    /// `f(r_ij) f(r_jk)` with `f = 1 + y (r/cutoff)^(y+1) - (y+1) (r/cutoff)^y`.
    case smoothCutoff(cutoff: Double, sharpness: Double)
}

/// How a spectrum is scaled.
enum ManyBodyNormalization: String, CaseIterable, Sendable {
    case none, l2
    case atoms = "n_atoms"
    case valleOganov = "valle_oganov"
}

/// Settings that `mbtr` and `local-mbtr` share, under DScribe's names.
struct ManyBodySettings: Sendable {
    var geometry: ManyBodyGeometry
    var grid: GaussianGrid
    var weighting: ManyBodyWeighting
    var isNormalized: Bool
    var normalization: ManyBodyNormalization
    var species: SpeciesIndex
    var isPeriodic: Bool

    /// Weights that the reference code takes for a number of atoms.
    enum WeightingFunction: String, CaseIterable {
        case unity, exp
        case inverseSquare = "inverse_square"
        case smoothCutoff = "smooth_cutoff"
    }

    init(settings: inout Settings, normalization defaultNormalization: ManyBodyNormalization) throws {
        geometry = try settings.geometry()
        grid = try settings.grid(geometry)
        species = try SpeciesIndex(settings: &settings) ?? .any
        isPeriodic = try settings.boolean("periodic", default: true)
        weighting = try settings.weighting(geometry)
        isNormalized = try settings.boolean("normalize_gaussians", default: true)
        normalization = try settings.choice("normalization", default: defaultNormalization)
        try settings.finish()
        if isPeriodic, geometry.order > 1, case .unity = weighting {
            let line = settings.line(of: "weighting")
            throw Settings.error(line, "\(settings.subject): crystals need a weighting that falls off; 'unity' goes with 'periodic: false'")
        }
        if normalization == .valleOganov, !isPeriodic || geometry.order == 1 {
            let line = settings.line(of: "normalization")
            throw Settings.error(line, "\(settings.subject): 'valle_oganov' is for distances and angles of periodic structures")
        }
    }

    /// Distance up to which neighbours count, in Å; nil: all atoms.
    ///
    /// A little more than the cutoff, so that an atom on it counts wherever rounding puts it.
    var cutoff: Double? {
        let slack = 1 + 1e-10
        switch weighting {
        case .unity: return nil
        case .exponential(_, let reach): return (geometry.order == 3 ? reach / 2 : reach) * slack
        case .inverseSquare(let cutoff), .smoothCutoff(let cutoff, _): return cutoff * slack
        }
    }

    /// The factor that all values have in common.
    var gaussianScale: Double { isNormalized ? 1 : grid.sigma * (2 * Double.pi).squareRoot() }
}

extension Settings {
    /// `geometry: distance` or, as DScribe has it, `geometry: {function: distance}`.
    fileprivate mutating func geometry() throws -> ManyBodyGeometry {
        guard let setting = setting("geometry"), case .mapping = setting.value else {
            return try choice("geometry", default: .inverseDistance)
        }
        var inner = try Settings(setting, subject: "geometry")
        _ = try inner.requiredText("function")
        let found = try inner.choice("function", default: ManyBodyGeometry.distance)
        try inner.finish()
        return found
    }

    fileprivate mutating func grid(_ geometry: ManyBodyGeometry) throws -> GaussianGrid {
        let (low, high, count, sigma) = Self.defaultGrid(geometry)
        var inner = try setting("grid").map { try Settings($0, subject: "grid") } ?? Settings(subject: "grid")
        let minimum = try inner.number("min", default: low, in: -1e6...1e6)
        let maximum = try inner.number("max", default: high, in: -1e6...1e6)
        let points = try inner.integer("n", default: count, in: 2...10_000)
        guard minimum < maximum else { throw Self.error(inner.line, "'min' of grid must be below 'max'") }
        let range = maximum - minimum
        let width = try inner.number("sigma", default: min(sigma, range), in: range * 1e-6...range)
        try inner.finish()
        return GaussianGrid(minimum: minimum, maximum: maximum, count: points, sigma: width)
    }

    private static func defaultGrid(_ geometry: ManyBodyGeometry) -> (Double, Double, Int, Double) {
        switch geometry {
        case .atomicNumber: (1, 118, 118, 0.5)
        case .distance: (0, 6, 61, 0.2)
        case .inverseDistance: (0, 1, 101, 0.02)
        case .angle: (0, 180, 91, 4)
        case .cosine: (-1, 1, 101, 0.05)
        }
    }

    fileprivate mutating func weighting(_ geometry: ManyBodyGeometry) throws -> ManyBodyWeighting {
        let order = geometry.order
        guard let setting = setting("weighting") else {
            return order == 1 ? .unity : Self.exponential(order, cutoff: 6, threshold: 1e-3)
        }
        var inner = try Settings(setting, subject: "weighting")
        let function = try inner.choice("function", default: ManyBodySettings.WeightingFunction.unity)
        let allowed: [[ManyBodySettings.WeightingFunction]] = [[.unity], [.unity, .exp, .inverseSquare], [.unity, .exp, .smoothCutoff]]
        guard allowed[order - 1].contains(function) else {
            let names = allowed[order - 1].map(\.rawValue).joined(separator: ", ")
            throw Self.error(inner.line(of: "function"), "'\(function.rawValue)' does not go with \(geometry.rawValue): use \(names)")
        }
        let found = try inner.weighting(function, order)
        try inner.finish()
        return found
    }

    private mutating func weighting(_ function: ManyBodySettings.WeightingFunction, _ order: Int) throws -> ManyBodyWeighting {
        switch function {
        case .unity: return .unity
        case .inverseSquare: return .inverseSquare(cutoff: try cutoff())
        case .smoothCutoff:
            return .smoothCutoff(cutoff: try cutoff(), sharpness: try number("sharpness", default: 2, in: 0.01...100))
        case .exp:
            let threshold = try number("threshold", default: 1e-3, in: 1e-12...0.999)
            switch (try positive("scale"), try positive("r_cut")) {
            case (let scale?, nil): return .exponential(scale: scale, reach: -PortableMath.log(threshold) / scale)
            case (nil, let cutoff?): return Self.exponential(order, cutoff: cutoff, threshold: threshold)
            default: throw Self.error(line, "'exp' of weighting needs either 'scale' or 'r_cut'")
            }
        }
    }

    private mutating func cutoff() throws -> Double {
        guard let cutoff = try positive("r_cut") else { throw Self.error(line, "weighting needs 'r_cut'") }
        return cutoff
    }

    /// The way round three atoms within a cutoff of each other may be twice the cutoff.
    private static func exponential(_ order: Int, cutoff: Double, threshold: Double) -> ManyBodyWeighting {
        let reach = order == 3 ? 2 * cutoff : cutoff
        return .exponential(scale: -PortableMath.log(threshold) / reach, reach: reach)
    }
}
