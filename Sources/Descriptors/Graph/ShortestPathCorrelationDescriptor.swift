import MaterialsCore

/// How element properties of atoms go together that are d bonds apart.
///
///     product_d = Σ_i Σ_j∈shell d(i) w_i w_j / Σ_i N_d(i)        difference_d = Σ_i Σ_j∈shell d(i) |w_i − w_j| / Σ_i N_d(i)
///
/// - Input:    a structure, and a rule that joins atoms (see `GraphRule`): `bonds`, `tolerance`, `cutoff`, `neighbors`, `bridges`
/// - Output:   for each property and each distance from 0 to `distance` (default 4): `<property> product <d>`, and from 1 on
///   `<property> difference <d>`. NaN where no atoms are that far apart, or an element has no value
/// - Scope:    ordered structures of any periodicity; the errors of `CrystalGraphBuilder` and `NetSearch`. `properties` are among
///   `electronegativity` (Pauling), `covalent-radius` (Å), `valence-electrons`, `group`, `row`, `atomic-number`, `mendeleev-number`
///   (default: the first three)
/// - Numerics: atoms are counted by pairs of elements first, so values are exact counts times products, added up in ascending atomic number:
///   neither the order of the atoms nor the cell changes a bit
/// - Cost:     one search per atom, as `coordination-sequence` with that many shells
/// - Source:   G. Moreau, P. Broto, Nouv. J. Chim. 4, 359 (1980); differences as by J. P. Janet, H. J. Kulik, J. Phys. Chem. A 121, 8939
///   (2017), doi:10.1021/acs.jpca.7b08750. Difference: means over the pairs, since a crystal has no end
public struct ShortestPathCorrelationDescriptor: StructureDescriptor {
    /// `shortest-path-correlation`.
    public static let name = "shortest-path-correlation"
    /// Where it is defined.
    public static let references = [
        Citation("G. Moreau, P. Broto, Nouv. J. Chim. 4, 359 (1980)"),
        Citation("J. P. Janet, H. J. Kulik, J. Phys. Chem. A 121, 8939 (2017)", doi: "10.1021/acs.jpca.7b08750"),
    ]
    /// All.
    public static let invariances: Invariances = .all
    /// Molecules and layers too.
    public static let supportsOpenAxes = true

    private let builder: CrystalGraphBuilder
    private let distance: Int
    private let properties: [GraphProperty]

    /// Reads `distance` (1 to 20), `properties` and the rule of the bonds.
    public init(settings: inout Settings) throws {
        distance = try settings.integer("distance", default: 4, in: 1...20)
        let names = try settings.texts("properties") ?? GraphProperty.allCases.prefix(3).map(\.rawValue)
        let all = GraphProperty.allCases.map(\.rawValue)
        let line = settings.line(of: "properties")
        properties = try names.map { name in
            guard let property = GraphProperty(rawValue: name) else {
                throw Settings.error(line, "'\(name)' is no property of shortest-path-correlation" + suggestion(for: name, among: all))
            }
            return property
        }
        if properties.isEmpty || Set(properties).count < properties.count {
            throw Settings.error(line, "give each of 'properties' of shortest-path-correlation once, and at least one")
        }
        builder = CrystalGraphBuilder(try settings.graphRule())
        try settings.finish()
    }

    /// Products, then differences, property by property.
    public var featureNames: [String] {
        properties.flatMap { p in
            (0...distance).map { "\(p.rawValue) product \($0)" } + (1...distance).map { "\(p.rawValue) difference \($0)" }
        }
    }

    /// Fills one row.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        let counts = try PairCounts(builder.net(crystal), distance: distance)
        var next = 0
        for property in properties {
            for d in 0...distance {
                features[next] = counts.mean(d) { property.values[$0] * property.values[$1] }
                next += 1
            }
            for d in 1...distance {
                features[next] = counts.mean(d) { abs(property.values[$0] - property.values[$1]) }
                next += 1
            }
        }
    }
}

/// Ordered pairs of elements by the bonds between their atoms.
private struct PairCounts {
    private let elements: [Int]
    /// By distance, element of i, element of j.
    private var counts: [Double]

    init(_ net: CrystalGraphColumn, distance: Int) throws(CandidateDefect) {
        var search = try NetSearch(net)
        elements = Set(net.atomicNumbers).sorted().map { Int($0) }
        let width = elements.count
        counts = [Double](repeating: 0, count: (distance + 1) * width * width)
        var kind = [Int](repeating: 0, count: 256)
        for (k, z) in elements.enumerated() { kind[z] = k }
        let kinds = net.atomicNumbers.map { kind[Int($0)] }
        for i in 0..<net.nodeCount {
            try search.explore(from: i, depth: distance)
            for d in 0...distance {
                let row = (d * width + kinds[i]) * width
                for n in search.shell(d) { counts[row + kinds[Int(search.nodes[n])]] += 1 }
            }
        }
    }

    /// Mean over the pairs at a distance; NaN where there is none.
    func mean(_ distance: Int, _ value: (Int, Int) -> Double) -> Double {
        let width = elements.count
        var (sum, all) = (0.0, 0.0)
        for a in 0..<width {
            for b in 0..<width {
                let count = counts[(distance * width + a) * width + b]
                if count == 0 { continue }
                all += count
            }
        }
        if all == 0 { return .nan }
        // Shares are the same for every cell, sums are not.
        for a in 0..<width {
            for b in 0..<width {
                let count = counts[(distance * width + a) * width + b]
                if count > 0 { sum += (count / all) * value(elements[a], elements[b]) }
            }
        }
        return sum
    }
}

/// Element properties for correlations.
enum GraphProperty: String, CaseIterable {
    case electronegativity
    case covalentRadius = "covalent-radius"
    case valenceElectrons = "valence-electrons"
    case group, row
    case atomicNumber = "atomic-number"
    case mendeleevNumber = "mendeleev-number"

    /// By atomic number.
    var values: [Double] {
        switch self {
        case .electronegativity: PymatgenTable.electronegativity
        case .covalentRadius: CovalentRadius.angstrom
        case .valenceElectrons: MagpieTable.valence
        case .group: Self.groups
        case .row: Self.rows
        case .atomicNumber: Self.numbers
        case .mendeleevNumber: MagpieTable.mendeleevNumber
        }
    }

    private static let groups = Element.groups.map { Double($0) }
    private static let rows = Element.rows.map { Double($0) }
    private static let numbers = (0...118).map { Double($0) }
}
