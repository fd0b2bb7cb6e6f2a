import MaterialsCore

/// Which atoms of a structure a graph joins.
///
///     covalent   d ≤ r_i + r_j + tolerance; an atom that has no such neighbour is joined to those within 1.1 times its nearest distance
///     cutoff     d ≤ cutoff
///     nearest    j is among the `neighbors` nearest of i; those up to `tolerance` further away than the last are ties, and kept
///
/// `symmetric` adds the reverse of every edge; `covalent` and `cutoff` have it anyway. Elements in `bridges` are taken out, and the atoms
/// that one of them joined are joined to each other: with `[O]` a silicate becomes its net of silicon atoms.
///
/// - Source: radii of B. Cordero et al., Dalton Trans. 2832 (2008), doi:10.1039/b801115j. The nearest neighbours are chosen as by
///   T. Xie, J. C. Grossman, Phys. Rev. Lett. 120, 145301 (2018), doi:10.1103/PhysRevLett.120.145301, but ties are kept, as by
///   K. Choudhary, B. DeCost, npj Comput. Mater. 7, 185 (2021), doi:10.1038/s41524-021-00650-1.
public struct GraphRule: Equatable, Sendable {
    /// How neighbours are chosen.
    public enum Kind: String, CaseIterable, Sendable { case covalent, cutoff, nearest }

    /// How neighbours are chosen.
    public var kind: Kind
    /// Longest edge of `cutoff`, Å.
    public var cutoffAngstrom = 5.0
    /// Edges of an atom in `nearest`, ties not counted.
    public var neighbors = 12
    /// What is added to the sum of the radii, or to the distance of the last neighbour, Å.
    public var toleranceAngstrom: Double
    /// True where every edge also runs backwards.
    public var isSymmetric: Bool
    /// Atomic numbers that are contracted.
    public var bridges: [UInt8] = []

    /// An atom without a covalent bond is joined to its neighbours up to this multiple of the nearest distance.
    static let shellRatio = 1.1

    /// Covalent radii; the default tolerance is 0.25 Å.
    public static func covalent(tolerance: Double = 0.25) -> GraphRule {
        GraphRule(kind: .covalent, toleranceAngstrom: tolerance, isSymmetric: true)
    }

    /// All within a cutoff in Å.
    public static func cutoff(_ cutoff: Double) -> GraphRule {
        GraphRule(kind: .cutoff, cutoffAngstrom: cutoff, toleranceAngstrom: 0, isSymmetric: true)
    }

    /// The nearest, with ties within a tolerance in Å.
    public static func nearest(_ neighbors: Int, tolerance: Double = 0.001, symmetric: Bool = false) -> GraphRule {
        GraphRule(kind: .nearest, neighbors: neighbors, toleranceAngstrom: tolerance, isSymmetric: symmetric)
    }

    /// The rule in words that programs can compare.
    public var text: String {
        let ends =
            (isSymmetric ? ", symmetric" : "")
            + (bridges.isEmpty ? "" : ", bridges " + bridges.map { Element.symbols[Int($0)] }.joined(separator: " "))
        switch kind {
        case .covalent: return "covalent radii + \(toleranceAngstrom) Å" + ends
        case .cutoff: return "cutoff \(cutoffAngstrom) Å" + ends
        case .nearest: return "nearest \(neighbors), ties within \(toleranceAngstrom) Å" + ends
        }
    }
}

extension Settings {
    /// Reads how the atoms of a net are joined: `bonds` (`covalent`, `cutoff`, `nearest`), `cutoff` (Å), `neighbors`, `tolerance` (Å),
    /// `bridges` (symbols of elements).
    mutating func graphRule() throws -> GraphRule {
        let kind = try choice("bonds", default: GraphRule.Kind.covalent)
        let standard: Double = kind == .covalent ? 0.25 : 0.001
        let tolerance = try number("tolerance", default: standard, in: 0...2)
        let cutoff = try number("cutoff", default: 5, in: 0.1...50)
        let neighbors = try integer("neighbors", default: 12, in: 1...1000)
        for (key, owner) in [("cutoff", GraphRule.Kind.cutoff), ("neighbors", .nearest)] where keys.contains(key) && kind != owner {
            throw Self.error(line(of: key), "'\(key)' of \(subject) goes with 'bonds: \(owner.rawValue)'")
        }
        var rule = GraphRule(
            kind: kind, cutoffAngstrom: cutoff, neighbors: neighbors, toleranceAngstrom: tolerance, isSymmetric: true)
        rule.bridges = try elements("bridges").map(\.atomicNumber).sorted()
        return rule
    }

    /// A list of element symbols; empty where the key is not there.
    mutating func elements(_ key: String) throws -> [Element] {
        try (texts(key) ?? []).map { symbol in
            guard let element = Element(symbol: symbol) else {
                throw Self.error(
                    line(of: key),
                    "'\(symbol)' in '\(key)' of \(subject) is no element"
                        + suggestion(for: symbol, among: Array(Element.symbols.dropFirst())))
            }
            return element
        }
    }
}
