import MaterialsCore

/// Which oxidation states each element may have.
///
/// - Source: the lists of SMACT 4.0 under SMACT's names; D. W. Davies et al., J. Open Source Softw. 4, 1361 (2019),
///   doi:10.21105/joss.01361.
public struct OxidationStateList: Equatable, Sendable {
    /// `icsd24`, …; `given` where the user lists them.
    public let name: String
    /// States by atomic number, in the order of the list; the first entry is unused.
    public let states: [[Int]]

    /// Names of the lists that are built in.
    public static let names = ["icsd16", "icsd24", "pymatgen_sp", "smact14", "wiki"]

    /// What a setting of it takes.
    static let words = names.joined(separator: ", ") + ", or states by element such as {Fe: [2, 3]}"

    /// The list of a name; nil where there is none.
    public init?(named name: String) {
        switch name {
        case "icsd16": states = OxidationStateTables.icsd16
        case "icsd24": states = OxidationStateTables.icsd24
        case "pymatgen_sp": states = OxidationStateTables.pymatgenSP
        case "smact14": states = OxidationStateTables.smact14
        case "wiki": states = OxidationStateTables.wiki
        default: return nil
        }
        self.name = name
    }

    /// A list of the user's own; elements that are not in it have no states.
    public init(_ given: some Sequence<(element: Element, states: [Int])>) {
        var states = [[Int]](repeating: [], count: 119)
        for g in given { states[Int(g.element.atomicNumber)] = g.states }
        (name, self.states) = ("given", states)
    }

    /// Reads a name, or a mapping of elements to their states: `{Fe: [2, 3], O: -2}`.
    init(_ setting: Setting, subject: String) throws {
        switch setting.value {
        case .text(let name):
            guard let list = Self(named: name) else {
                throw Settings.error(
                    setting.line, "'\(name)' is not a list of oxidation states of \(subject)" + suggestion(for: name, among: Self.names))
            }
            self = list
        case .mapping(let entries): self.init(try entries.map { try Self.states($0.key, $0.value, line: $0.line, subject: subject) })
        default:
            throw Settings.error(
                setting.line,
                "'oxidation_states' of \(subject) must be one of \(Self.names.joined(separator: ", ")) or a mapping such as {Fe: [2, 3]}")
        }
    }

    private static func states(
        _ symbol: String, _ value: Setting, line: Int, subject: String
    ) throws -> (element: Element, states: [Int]) {
        let element = try Element(named: symbol, line: line, subject: subject)
        let items: [Setting] = if case .list(let l) = value.value { l } else { [value] }
        let numbers = try items.map { item in
            guard case .number(let n) = item.value, let q = Int(exactly: n), abs(q) <= ionicChargeLimit else {
                throw Settings.error(item.line, "an oxidation state of \(symbol) in \(subject) must be a whole number from -9 to 9")
            }
            return q
        }
        guard Set(numbers).count == numbers.count else {
            throw Settings.error(line, "\(symbol) has an oxidation state twice in \(subject)")
        }
        return (element, numbers)
    }
}

/// No oxidation state lies beyond it.
let ionicChargeLimit = 9

extension Element {
    /// The element of a symbol in a plan.
    init(named symbol: String, line: Int, subject: String) throws {
        guard let e = Element(symbol: symbol) else {
            throw Settings.error(
                line, "'\(symbol)' in \(subject) is not an element" + suggestion(for: symbol, among: Self.symbols.dropFirst()))
        }
        self = e
    }
}

/// `Fe3+`, `S2-`, `Cu+`; the bare symbol without a charge.
func ionText(_ element: Element, charge: Int) -> String {
    if charge == 0 { return element.symbol }
    return element.symbol + (abs(charge) == 1 ? "" : "\(abs(charge))") + (charge > 0 ? "+" : "-")
}

/// Reads `Fe3+`, `S2-`, `Cu+`; nil where it is not an ion.
func ion(from text: String) -> (element: Element, charge: Int)? {
    guard let sign = text.last, sign == "+" || sign == "-" else { return nil }
    let body = text.dropLast()
    let symbol = body.prefix { !$0.isASCII || !$0.isNumber }
    let digits = body.dropFirst(symbol.count)
    guard let element = Element(symbol: String(symbol)), let n = digits.isEmpty ? 1 : Int(digits), n > 0, n <= ionicChargeLimit else {
        return nil
    }
    return (element, sign == "+" ? n : -n)
}
