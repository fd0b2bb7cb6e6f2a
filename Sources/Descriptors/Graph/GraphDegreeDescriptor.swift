import MaterialsCore

/// How many bonds the atoms have, and how long they are.
///
///     degree: minimum, maximum, mean, deviation (mean absolute) over the atoms        length: the same over the bonds, Å
///
/// - Input:    a structure, and a rule that joins atoms (see `GraphRule`): `bonds`, `tolerance`, `cutoff`, `neighbors`, `bridges`
/// - Output:   four features of the degrees, four of the lengths; with `pairs: blocks` two more for each pair of blocks of the periodic
///   table (s, p, d, f), with `pairs: species` two for each pair of the elements in `species`: bonds per atom (of all atoms), and their
///   mean length (Å)
/// - Scope:    ordered structures of any periodicity; the errors of `CrystalGraphBuilder`. Lengths are NaN where there is no bond
/// - Numerics: lengths are added up in ascending order, so that the order of the atoms does not matter
/// - Cost:     that of the neighbour list and a sort
/// - Source:   statistics of the crystal graph of T. Xie, J. C. Grossman, Phys. Rev. Lett. 120, 145301 (2018),
///   doi:10.1103/PhysRevLett.120.145301
public struct GraphDegreeDescriptor: StructureDescriptor {
    /// Which pairs have features of their own.
    enum Pairs: String, CaseIterable { case none, blocks, species }

    /// `graph-degree`.
    public static let name = "graph-degree"
    /// The crystal graph.
    public static let references = [
        Citation("T. Xie, J. C. Grossman, Phys. Rev. Lett. 120, 145301 (2018)", doi: "10.1103/PhysRevLett.120.145301")
    ]
    /// All.
    public static let invariances: Invariances = .all
    /// Molecules and layers too.
    public static let supportsOpenAxes = true

    private static let statistics = ["minimum", "maximum", "mean", "deviation"]
    private let builder: CrystalGraphBuilder
    /// Kind of each atomic number; negative for those that are in no pair.
    private let kinds: [Int]
    private let kindNames: [String]

    /// Reads `pairs` (`none`, `blocks`, `species`), `species` (symbols) and the rule of the bonds.
    public init(settings: inout Settings) throws {
        let pairs = try settings.choice("pairs", default: settings.keys.contains("species") ? Pairs.species : .none)
        let species = try settings.elements("species").sorted()
        if (pairs == .species) == species.isEmpty {
            throw Settings.error(settings.line(of: "pairs"), "'pairs: species' and a list 'species' of elements go together")
        }
        switch pairs {
        case .none: (kindNames, kinds) = ([], [Int](repeating: -1, count: 119))
        case .blocks:
            kindNames = ElementBlock.allCases.map(\.rawValue)
            kinds = (0...118).map { z in z == 0 ? -1 : ElementBlock.allCases.firstIndex(of: ElementBlock(atomicNumber: z))! }
        case .species:
            kindNames = species.map(\.symbol)
            kinds = (0...118).map { z in species.firstIndex { Int($0.atomicNumber) == z } ?? -1 }
        }
        builder = CrystalGraphBuilder(try settings.graphRule())
        try settings.finish()
    }

    private var pairNames: [String] {
        kindNames.indices.flatMap { a in kindNames.indices[a...].map { b in "\(kindNames[a])-\(kindNames[b])" } }
    }

    /// Statistics of degrees and lengths, then two labels a pair.
    public var featureNames: [String] {
        Self.statistics.map { "degree \($0)" } + Self.statistics.map { "bond length \($0)" }
            + pairNames.flatMap { ["\($0) bonds per atom", "\($0) bond length mean"] }
    }

    /// Fills one row.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        let net = try builder.net(crystal)
        let degrees = (0..<net.nodeCount).map { Double(net.edges(ofNode: $0).count) }
        fill(Self.summary(of: degrees), at: 0, &features)
        fill(Self.summary(of: net.distances), at: 4, &features)
        if kindNames.isEmpty { return }
        var lengths = [[Double]](repeating: [], count: pairNames.count)
        for e in 0..<net.edgeCount {
            let (a, b) = (kinds[Int(net.atomicNumbers[Int(net.sources[e])])], kinds[Int(net.atomicNumbers[Int(net.targets[e])])])
            // A bond between two kinds is met from both ends, and so is one within a kind.
            if a >= 0, b >= 0 { lengths[pairIndex(min(a, b), max(a, b))].append(net.distances[e]) }
        }
        for (p, list) in lengths.enumerated() {
            features[8 + 2 * p] = Double(list.count) / 2 / Double(net.nodeCount)
            features[9 + 2 * p] = Self.summary(of: list).mean
        }
    }

    private func pairIndex(_ a: Int, _ b: Int) -> Int { a * kindNames.count - a * (a - 1) / 2 + (b - a) }

    private typealias Summary = (minimum: Double, maximum: Double, mean: Double, deviation: Double)

    private func fill(_ s: Summary, at first: Int, _ features: inout MutableSpan<Double>) {
        (features[first], features[first + 1], features[first + 2], features[first + 3]) = (s.minimum, s.maximum, s.mean, s.deviation)
    }

    private static func summary(of values: [Double]) -> Summary {
        if values.isEmpty { return (.nan, .nan, .nan, .nan) }
        let sorted = values.sorted()
        let mean = sorted.reduce(0, +) / Double(sorted.count)
        let deviation = sorted.reduce(0) { $0 + abs($1 - mean) } / Double(sorted.count)
        return (sorted[0], sorted[sorted.count - 1], mean, deviation)
    }
}

/// Blocks of the periodic table.
enum ElementBlock: String, CaseIterable {
    case s, p, d, f

    /// La and Ac start the f block, Lu and Lr belong to the d block, He to the s block.
    init(atomicNumber z: Int) {
        let group = Element.groups[z]
        self = (57...70).contains(z) || (89...102).contains(z) ? .f : group <= 2 || z == 2 ? .s : group >= 13 ? .p : .d
    }
}
