import MaterialsCore

/// A symmetry function of three atoms: G4 knows the side opposite of the centre, G5 does not.
struct ACSFTriple: Hashable, Sendable {
    var eta: Double
    var zeta: Double
    var lambda: Double
}

/// A symmetry function of two atoms, G2.
struct ACSFShell: Hashable, Sendable {
    var eta: Double
    var shift: Double
}

/// The settings of `ACSFDescriptor`, checked.
struct ACSFSettings: Sendable {
    /// What a row of a structure says about the rows of its atoms.
    enum Statistic: String, CaseIterable, Sendable { case mean, std, min, max }

    var species: SpeciesIndex
    var cutoff: Double
    var shells: [ACSFShell] = []
    /// Wave numbers of G3, 1/Å.
    var waves: [Double] = []
    var closed: [ACSFTriple] = []
    var open: [ACSFTriple] = []
    var statistics: [Statistic]

    init(settings: inout Settings) throws {
        species = try SpeciesIndex(settings: &settings) ?? .any
        cutoff = try settings.number("r_cut", default: 6, in: 0.1...30)
        statistics = try Self.statistics(&settings)
        let keys = ["g2_params", "g3_params", "g4_params", "g5_params"]
        if keys.contains(where: settings.keys.contains) {
            shells = try Self.parameters("g2_params", ["eta", "Rs"], &settings).map { ACSFShell(eta: $0[0], shift: $0[1]) }
            waves = try Self.parameters("g3_params", ["kappa"], &settings).map { $0[0] }
            closed = try Self.triples("g4_params", &settings)
            open = try Self.triples("g5_params", &settings)
        } else {
            shells = [1, 2, 3, 4, 5].map { ACSFShell(eta: 2, shift: $0) }
            closed = [1, 4].flatMap { zeta in [-1, 1].map { ACSFTriple(eta: 0.01, zeta: zeta, lambda: $0) } }
        }
        if shells.contains(where: { $0.eta <= 0 }) || (closed + open).contains(where: { $0.eta < 0 }) {
            throw Settings.error(settings.line, "eta of \(settings.subject) must be positive")
        }
        try settings.finish()
    }

    private static func statistics(_ settings: inout Settings) throws -> [Statistic] {
        guard let names = try settings.texts("statistics") else { return [.mean] }
        let found = try names.map { name in
            guard let statistic = Statistic(rawValue: name) else {
                let near = suggestion(for: name, among: Statistic.allCases.map(\.rawValue))
                throw Settings.error(settings.line(of: "statistics"), "'\(name)' is not a statistic of \(settings.subject)" + near)
            }
            return statistic
        }
        guard !found.isEmpty, Set(found).count == found.count else {
            throw Settings.error(settings.line(of: "statistics"), "'statistics' of \(settings.subject) must name each statistic once")
        }
        return found
    }

    private static func triples(_ key: String, _ settings: inout Settings) throws -> [ACSFTriple] {
        let found = try parameters(key, ["eta", "zeta", "lambda"], &settings)
        for values in found where !(values[1] >= 0 && values[1] <= 1e3 && values[2].magnitude <= 1) {
            throw Settings.error(
                settings.line(of: key), "'\(key)' of \(settings.subject) needs zeta from 0 to 1000 and lambda from -1 to 1")
        }
        return found.map { ACSFTriple(eta: $0[0], zeta: $0[1], lambda: $0[2]) }
    }

    /// A list of lists of numbers, or of numbers where there is one name; each combination once.
    private static func parameters(_ key: String, _ names: [String], _ settings: inout Settings) throws -> [[Double]] {
        let line = settings.line(of: key)
        let expected = "'\(key)' of \(settings.subject) must be a list of "
        let found = try (settings.list(key) ?? []).map { entry in
            var values: [Double] = []
            var numbers = [entry]
            if names.count > 1, case .list(let inner) = entry.value { numbers = inner }
            for number in numbers { if case .number(let n) = number.value, n.magnitude <= 1e6 { values.append(n) } }
            guard values.count == names.count, values.count == numbers.count else {
                throw Settings.error(line, expected + (names.count > 1 ? "[\(names.joined(separator: ", "))]" : "numbers"))
            }
            return values
        }
        guard Set(found).count == found.count else { throw Settings.error(line, "'\(key)' of \(settings.subject) names a function twice") }
        return found
    }
}
