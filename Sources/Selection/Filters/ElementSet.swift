import MaterialsCore

/// A set of elements as bits, for tests that cost a few instructions a candidate.
public struct ElementSet: Equatable, Sendable {
    private var bits: UInt128 = 0

    /// A set of the given elements.
    public init(_ elements: some Sequence<Element> = []) {
        for e in elements { bits |= 1 << UInt128(e.atomicNumber) }
    }

    /// Reads a list of symbols, or a single one, from a plan; `subject` names the key in errors.
    public init(_ setting: Setting, subject: String) throws {
        let items: [Setting]
        if case .list(let list) = setting.value { items = list } else { items = [setting] }
        if items.isEmpty { throw Settings.error(setting.line, "'\(subject)' is empty; list elements, such as [Pb, Cd]") }
        self.init(try items.map { try Self.element($0, subject: subject) })
    }

    /// The elements of a row of a batch.
    init(_ batch: CandidateBatch, row: Int) {
        for i in batch.compositionOffsets[row]..<batch.compositionOffsets[row + 1] {
            bits |= 1 << UInt128(truncatingIfNeeded: batch.atomicNumbers[i])
        }
    }

    /// True where both have no element in common.
    public func isDisjoint(with other: ElementSet) -> Bool { bits & other.bits == 0 }
    /// True where every element is also in `other`.
    public func isSubset(of other: ElementSet) -> Bool { bits & ~other.bits == 0 }

    /// Symbols by atomic number: `Cu, Zn, S`.
    public var symbols: [String] { (1...118).filter { bits >> UInt128($0) & 1 == 1 }.map { Element.symbols[$0] } }

    /// A symbol; YAML takes `No` and `Y` for booleans, so those count as they were written.
    private static func element(_ setting: Setting, subject: String) throws -> Element {
        let symbol: String
        switch setting.value {
        case .text(let t): symbol = t
        case .boolean: symbol = setting.source
        default: throw Settings.error(setting.line, "'\(subject)' must be a list of element symbols, such as [Pb, Cd]")
        }
        guard let element = Element(symbol: symbol) else {
            let names = Element.symbols.dropFirst()
            let same = names.first { $0.lowercased() == symbol.lowercased() }
            let hint = same.map { "; did you mean '\($0)'?" } ?? "; use symbols such as Pb, Cd"
            throw Settings.error(setting.line, "'\(symbol)' in '\(subject)' is not an element" + hint)
        }
        return element
    }
}

/// Drops the rows whose elements fail `isKept`.
func filterElements(_ batch: CandidateBatch, keep: inout [Bool], isKept: (ElementSet) -> Bool) {
    for row in 0..<batch.count where keep[row] { keep[row] = isKept(ElementSet(batch, row: row)) }
}
