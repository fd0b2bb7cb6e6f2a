import MaterialsCore

/// Sizes of the smallest rings in the net of bonded atoms.
///
/// A ring belongs to an angle: two bonds a–c and c–b of an atom c. Its size is the number of bonds of the shortest circuit that runs
/// through both, which is the shortest path from a to b that avoids c, and two more.
///
///     angles s = share of all angles whose shortest circuit has s bonds      rings s = Σ over those angles of circuits / s / atoms
///
/// - Input:    a structure, and a rule that joins atoms (see `GraphRule`): `bonds`, `tolerance`, `cutoff`, `neighbors`, `bridges`
/// - Output:   for each size from 3 to `largest` (default 10): `ring <s> angles` and `ring <s> per atom`; `open angles` (the share of
///   angles without a circuit up to that size) and `mean ring size` over the others (NaN where there are none)
/// - Scope:    ordered structures of any periodicity; the errors of `CrystalGraphBuilder` and `NetSearch`
/// - Numerics: counts of angles are exact; circuits are counted exactly up to 2⁵³. Where every circuit is the shortest of all its angles,
///   as in diamond or sodalite, `ring <s> per atom` is the number of rings of the net; an angle's circuit may have a shortcut, as at the
///   straight angles of the cubic net, and counts all the same
/// - Cost:     one search per bond: about 0.2 ms an atom in diamond, 1 ms in quartz's net with rings up to 10
/// - Source:   S. V. King, Nature 213, 1112 (1967), doi:10.1038/2131112a0; shortest circuits at angles are the point symbol of
///   V. A. Blatov, M. O'Keeffe, D. M. Proserpio, CrystEngComm 12, 44 (2010), doi:10.1039/b910671e
public struct RingStatisticsDescriptor: StructureDescriptor {
    /// `ring-statistics`.
    public static let name = "ring-statistics"
    /// Where it is defined.
    public static let references = [
        Citation("S. V. King, Nature 213, 1112 (1967)", doi: "10.1038/2131112a0"),
        Citation("V. A. Blatov, M. O'Keeffe, D. M. Proserpio, CrystEngComm 12, 44 (2010)", doi: "10.1039/b910671e"),
    ]
    /// All.
    public static let invariances: Invariances = .all
    /// Molecules and layers too.
    public static let supportsOpenAxes = true

    private let builder: CrystalGraphBuilder
    private let largest: Int

    /// Reads `largest` (3 to 20) and the rule of the bonds.
    public init(settings: inout Settings) throws {
        largest = try settings.integer("largest", default: 10, in: 3...20)
        builder = CrystalGraphBuilder(try settings.graphRule())
        try settings.finish()
    }

    /// Two labels a size, then the rest.
    public var featureNames: [String] {
        (3...largest).flatMap { ["ring \($0) angles", "ring \($0) per atom"] } + ["open angles", "mean ring size"]
    }

    /// Fills one row.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        let net = try builder.net(crystal)
        var census = try RingCensus(net, largest: largest)
        for c in 0..<net.nodeCount { try census.count(around: c) }
        let closed = census.angles.reduce(0, +)
        let all = closed + census.open
        for size in 3...largest {
            features[2 * (size - 3)] = all == 0 ? 0 : Double(census.angles[size]) / Double(all)
            features[2 * (size - 3) + 1] = census.circuits[size] / Double(size) / Double(net.nodeCount)
        }
        let bonds = census.angles.indices.reduce(0) { $0 + $1 * census.angles[$1] }
        features[2 * (largest - 2)] = all == 0 ? 0 : Double(census.open) / Double(all)
        features[2 * (largest - 2) + 1] = closed == 0 ? .nan : Double(bonds) / Double(closed)
    }
}

/// Counts the shortest circuits at the angles of a net.
struct RingCensus {
    private var search: NetSearch
    private let largest: Int
    /// Angles by the size of their circuits.
    private(set) var angles: [Int]
    /// Circuits at those angles.
    private(set) var circuits: [Double]
    /// Angles without a circuit.
    private(set) var open = 0

    init(_ net: CrystalGraphColumn, largest: Int) throws(CandidateDefect) {
        search = try NetSearch(net)
        self.largest = largest
        angles = [Int](repeating: 0, count: largest + 1)
        circuits = [Double](repeating: 0, count: largest + 1)
    }

    /// Counts at the angles of an atom: from each neighbour to all later ones.
    mutating func count(around center: Int) throws(CandidateDefect) {
        let edges = search.graph.edges(ofNode: center)
        var waiting: [Int] = []
        for e in edges {
            waiting.removeAll(keepingCapacity: true)
            waiting += e + 1..<edges.upperBound
            search.begin(Int(search.graph.targets[e]), search.graph.images[e].cells, center)
            var length = 0
            while !waiting.isEmpty, length + 2 < largest, search.shellCount(length) > 0 {
                try search.addShell()
                length += 1
                take(&waiting, size: length + 2)
            }
            open += waiting.count
        }
    }

    /// Takes the neighbours that were met in the last shell out of those waited for.
    private mutating func take(_ waiting: inout [Int], size: Int) {
        var left = 0
        for f in waiting {
            if let place = search.place(of: search.graph.targets[f], search.graph.images[f].cells) {
                angles[size] += 1
                circuits[size] += search.paths[place]
            } else {
                waiting[left] = f
                left += 1
            }
        }
        waiting.removeSubrange(left...)
    }
}
