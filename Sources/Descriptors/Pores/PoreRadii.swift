import MaterialsCore

/// Radii that make atoms hard spheres, by atomic number.
///
/// - `ccdc`: van der Waals radii of A. Bondi, J. Phys. Chem. 68, 441 (1964), doi:10.1021/j100785a001, with hydrogen 1.09 Å of R. S. Rowland, R.
///   Taylor, J. Phys. Chem. 100, 7384 (1996), doi:10.1021/jp953141+, and 2.00 Å for elements without one: the set of the Cambridge
///   Crystallographic Data Centre, which Zeo++ takes by default
/// - `zeolite`: 1.35 Å for every atom, as the zeolite association's tables state for oxygen; their numbers follow from 1.32 Å (a sphere
///   that passes the oxygens of a ring passes the smaller atoms between them)
/// - `none`: points; distances to nuclei
enum PoreRadii: String, CaseIterable {
    case ccdc, zeolite, none

    /// Radius of an element, Å.
    func radius(_ atomicNumber: UInt8) -> Double {
        switch self {
        case .ccdc: Self.vanDerWaals[atomicNumber] ?? 2
        case .zeolite: 1.35
        case .none: 0
        }
    }

    private static let vanDerWaals: [UInt8: Double] = [
        1: 1.09, 2: 1.40, 3: 1.82, 6: 1.70, 7: 1.55, 8: 1.52, 9: 1.47, 10: 1.54, 11: 2.27, 12: 1.73, 14: 2.10, 15: 1.80, 16: 1.80,
        17: 1.75, 18: 1.88, 19: 2.75, 28: 1.63, 29: 1.40, 30: 1.39, 31: 1.87, 33: 1.85, 34: 1.90, 35: 1.85, 36: 2.02, 46: 1.63,
        47: 1.72, 48: 1.58, 49: 1.93, 50: 2.17, 52: 2.06, 53: 1.98, 54: 2.16, 78: 1.72, 79: 1.66, 80: 1.55, 81: 1.96, 82: 2.02,
        92: 1.86,
    ]
}

/// Radii as settings give them: a set, and elements with radii of their own.
struct PoreRadiiSettings: Sendable {
    private let values: [Double]

    /// Reads `radii` (`ccdc`, `zeolite`, `none`) and `element_radii` ({O: 1.35, …}, Å).
    init(_ settings: inout Settings) throws {
        let set = try settings.choice("radii", default: PoreRadii.ccdc)
        var values = (0...118).map { set.radius(UInt8($0)) }
        if let own = settings.setting("element_radii") {
            guard case .mapping(let entries) = own.value else {
                throw Settings.error(own.line, "'element_radii' must be a mapping such as {O: 1.35, Si: 0}")
            }
            for (symbol, line, value) in entries {
                guard let element = Element(symbol: symbol) else { throw Settings.error(line, "'\(symbol)' is no element symbol") }
                guard case .number(let radius) = value.value, radius >= 0, radius <= 5 else {
                    throw Settings.error(line, "the radius of \(symbol) must be a number from 0 to 5 (Å)")
                }
                values[Int(element.atomicNumber)] = radius
            }
        }
        self.values = values
    }

    /// Radius of each atom, Å.
    func radii(of crystal: CrystalStructure) -> [Double] { crystal.atomicNumbers.map { values[Int($0)] } }
}
