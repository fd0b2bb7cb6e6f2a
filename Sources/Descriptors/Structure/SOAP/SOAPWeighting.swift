import MaterialsCore

/// How the density of an atom depends on its distance from the centre.
///
///     poly   c (1 + 2 (r/r0)³ − 3 (r/r0)²)^m up to r0, 0 beyond
///     pow    c / (d + (r/r0)^m)
///     exp    c / (d + exp(−r/r0))
///
/// - Source: M. A. Caro, Phys. Rev. B 100, 024112 (2019), doi:10.1103/PhysRevB.100.024112 (poly); M. J. Willatt, F. Musil, M. Ceriotti,
///   Phys. Chem. Chem. Phys. 20, 29661 (2018), doi:10.1039/C8CP05921G (pow)
struct SOAPWeighting: Sendable {
    enum Function: String, CaseIterable, Sendable { case poly, pow, exp }

    /// None: 1 at every distance.
    var function: Function?
    /// Scale of distances, Å.
    var r0 = 1.0
    var c = 1.0
    var d = 0.0
    var m = 1.0
    /// Weight at which `pow` and `exp` end where no cutoff is given.
    var threshold = 0.01
    /// Weight of what sits on the centre, whatever the function says.
    var centre: Double?

    /// No weighting.
    init() {}

    /// Reads the keys `function`, `r0`, `c`, `d`, `m`, `threshold` and `w0`, each only where it means something.
    init(settings: inout Settings) throws {
        if settings.keys.contains("function") { function = try settings.choice("function", default: .poly) }
        if settings.keys.contains("w0") { centre = try settings.number("w0", default: 1, in: 0...1e6) }
        if let function {
            guard settings.keys.contains("r0") else { throw Settings.error(settings.line, "\(settings.subject) needs 'r0'") }
            r0 = try settings.number("r0", default: 1, in: 1e-3...1e3)
            c = try settings.number("c", default: 1, in: 0...1e6)
            if function != .exp { m = try settings.number("m", default: 1, in: 0...1e3) }
            if function != .poly {
                d = try settings.number("d", default: 0, in: 0...1e6)
                threshold = try settings.number("threshold", default: 0.01, in: 1e-12...1)
            }
            if function == .pow, d == 0, centre == nil {
                throw Settings.error(settings.line, "\(settings.subject) is infinite at the centre; give 'd' or 'w0'")
            }
        }
        try settings.finish()
    }

    /// Distance at which the function has faded, Å; nil without a function.
    var reach: Double? {
        switch function {
        case nil: nil
        case .poly: r0
        case .pow: r0 * PortableMath.pow(c / threshold - d, 1 / m)
        case .exp: r0 * PortableMath.log(c / threshold - d)
        }
    }

    /// True where every atom weighs 1.
    var isConstant: Bool { function == nil && centre == nil }

    /// Weight of an atom at a distance.
    func callAsFunction(_ distance: Double) -> Double {
        if distance == 0, let centre { return centre }
        let x = distance / r0
        switch function {
        case nil: return 1
        case .poly: return distance > r0 ? 0 : c * PortableMath.pow(max(0, (1 + 2 * (x * x * x)) - 3 * (x * x)), m)
        case .pow: return c / (d + PortableMath.pow(x, m))
        case .exp: return c / (d + PortableMath.exp(-x))
        }
    }
}
