import MaterialsCore

/// How often each rooted subtree of bonded atoms occurs, hashed into a fixed number of bins.
///
///     label_0(i) = hash(Z_i)      label_t+1(i) = hash(label_t(i), sorted label_t of the bonded atoms)
///
/// - Input:    a structure, and a rule that joins atoms (see `GraphRule`): `bonds`, `tolerance`, `cutoff`, `neighbors`, `bridges`
/// - Output:   for each iteration from 0 to `iterations` (default 3) `bins` features (default 64), `wl <t> <bin>`: the share of atoms
///   whose label falls into the bin
/// - Scope:    ordered structures of any periodicity; the errors of `CrystalGraphBuilder`. `labels` are `element` (default), `group` of the
///   periodic table, or `none` (the net alone)
/// - Numerics: shares are exact counts over the number of atoms. Labels are 64-bit: hash(x) is the finaliser of SplitMix64 of x, and a
///   sequence x₁ x₂ … is hashed as h ← hash(h ⊕ x_k), from the label of the atom itself (+ 0x9e3779b97f4a7c15, wrapping). The bin is the
///   label modulo `bins`; unlike labels may share one
/// - Cost:     a sort of the bonds of each atom per iteration
/// - Source:   N. Shervashidze, P. Schweitzer, E. J. van Leeuwen, K. Mehlhorn, K. M. Borgwardt, J. Mach. Learn. Res. 12, 2539 (2011).
///   Difference: labels are hashed and not numbered, so that rows do not depend on each other
public struct WeisfeilerLehmanDescriptor: StructureDescriptor {
    /// What an atom's first label says.
    enum Labels: String, CaseIterable { case element, group, none }

    /// `weisfeiler-lehman`.
    public static let name = "weisfeiler-lehman"
    /// Where it is defined.
    public static let references = [
        Citation(
            "N. Shervashidze, P. Schweitzer, E. J. van Leeuwen, K. Mehlhorn, K. M. Borgwardt, J. Mach. Learn. Res. 12, 2539 (2011)")
    ]
    /// All.
    public static let invariances: Invariances = .all
    /// Molecules and layers too.
    public static let supportsOpenAxes = true

    private let builder: CrystalGraphBuilder
    private let iterations: Int
    private let bins: Int
    private let labels: Labels

    /// Reads `iterations` (0 to 10), `bins` (2 to 4,096), `labels` and the rule of the bonds.
    public init(settings: inout Settings) throws {
        iterations = try settings.integer("iterations", default: 3, in: 0...10)
        bins = try settings.integer("bins", default: 64, in: 2...4096)
        labels = try settings.choice("labels", default: .element)
        builder = CrystalGraphBuilder(try settings.graphRule())
        try settings.finish()
    }

    /// Bins of the first iteration, then of the next.
    public var featureNames: [String] { (0...iterations).flatMap { t in (0..<bins).map { "wl \(t) \($0)" } } }

    /// Fills one row.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        let net = try builder.net(crystal)
        for k in features.indices { features[k] = 0 }
        var current = net.atomicNumbers.map { Self.hash(firstLabel($0)) }
        for t in 0...iterations {
            if t > 0 { current = Self.refined(current, net) }
            for label in current { features[t * bins + Int(label % UInt64(bins))] += 1 }
        }
        for k in features.indices { features[k] /= Double(net.nodeCount) }
    }

    private func firstLabel(_ atomicNumber: UInt8) -> UInt64 {
        switch labels {
        case .element: UInt64(atomicNumber)
        case .group: UInt64(Element.groups[Int(atomicNumber)])
        case .none: 0
        }
    }

    private static func refined(_ labels: [UInt64], _ net: CrystalGraphColumn) -> [UInt64] {
        var next = labels
        var around: [UInt64] = []
        for i in labels.indices {
            around.removeAll(keepingCapacity: true)
            for e in net.edges(ofNode: i) { around.append(labels[Int(net.targets[e])]) }
            around.sort()
            var h = labels[i] &+ 0x9e37_79b9_7f4a_7c15
            for label in around { h = hash(h ^ label) }
            next[i] = hash(h)
        }
        return next
    }

    /// The finaliser of SplitMix64.
    static func hash(_ x: UInt64) -> UInt64 {
        var z = x
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }
}
