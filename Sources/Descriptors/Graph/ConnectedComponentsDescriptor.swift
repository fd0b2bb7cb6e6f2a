import MaterialsCore

/// Into what the net of bonded atoms falls: molecules, chains, layers, frameworks.
///
/// The dimension of a component is the number of independent directions in which it reaches its own images.
///
/// - Input:    a structure, and a rule that joins atoms (see `GraphRule`): `bonds`, `tolerance`, `cutoff`, `neighbors`, `bridges`
/// - Output:   `atoms in <d>D components` for d = 0…3 (shares that add up to 1); `largest dimension`; `3D nets` (how many frameworks
///   interpenetrate); `mean molecule size` and `largest molecule size` (atoms; 0 where there are no finite components)
/// - Scope:    ordered structures of any periodicity; the errors of `CrystalGraphBuilder`
/// - Numerics: whole numbers and one division; the same for every cell
/// - Cost:     linear in the bonds
/// - Source:   dimensions: P. M. Larsen, M. Pandey, M. Strange, K. W. Jacobsen, Phys. Rev. Materials 3, 034003 (2019),
///   doi:10.1103/PhysRevMaterials.3.034003; interpenetration: V. A. Blatov, L. Carlucci, G. Ciani, D. M. Proserpio, CrystEngComm 6, 377
///   (2004), doi:10.1039/b409722j
public struct ConnectedComponentsDescriptor: StructureDescriptor {
    /// `connected-components`.
    public static let name = "connected-components"
    /// Where it is defined.
    public static let references = [
        Citation(
            "P. M. Larsen, M. Pandey, M. Strange, K. W. Jacobsen, Phys. Rev. Materials 3, 034003 (2019)",
            doi: "10.1103/PhysRevMaterials.3.034003"),
        Citation("V. A. Blatov, L. Carlucci, G. Ciani, D. M. Proserpio, CrystEngComm 6, 377 (2004)", doi: "10.1039/b409722j"),
    ]
    /// All.
    public static let invariances: Invariances = .all
    /// Molecules and layers too.
    public static let supportsOpenAxes = true

    private let builder: CrystalGraphBuilder

    /// Reads the rule of the bonds.
    public init(settings: inout Settings) throws {
        builder = CrystalGraphBuilder(try settings.graphRule())
        try settings.finish()
    }

    /// Eight labels.
    public var featureNames: [String] {
        (0...3).map { "atoms in \($0)D components" }
            + ["largest dimension", "3D nets", "mean molecule size", "largest molecule size"]
    }

    /// Fills one row.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        let net = try builder.net(crystal)
        let components = NetComponents(net).components
        for k in features.indices { features[k] = 0 }
        var (molecules, largest) = (0, 0)
        for c in components {
            features[c.dimension] += Double(c.atoms)
            features[4] = max(features[4], Double(c.dimension))
            if c.dimension == 3 { features[5] += Double(c.copies) }
            if c.dimension == 0 {
                molecules += 1
                largest = max(largest, c.atoms)
            }
        }
        if molecules > 0 { (features[6], features[7]) = (features[0] / Double(molecules), Double(largest)) }
        for d in 0...3 { features[d] /= Double(net.nodeCount) }
    }
}

/// The connected components of a net.
struct NetComponents {
    /// A component, as often as the cell holds it.
    struct Component: Equatable {
        /// Atoms in the cell.
        var atoms: Int
        /// Independent directions of its translations, 0 to 3.
        var dimension: Int
        /// Separate copies that the cell's translations make of it, for three dimensions; else 1.
        var copies: Int
    }

    private(set) var components: [Component] = []

    /// Finds the components of the only graph of a column.
    init(_ net: CrystalGraphColumn) {
        var walk = PeriodicWalk(count: net.nodeCount)
        for start in 0..<net.nodeCount where !walk.hasMet(start) {
            let (nodes, translations) = walk.component(from: start) { node, body in
                for e in net.edges(ofNode: node) { body(Int(net.targets[e]), net.images[e].cells) }
            }
            components.append(Component(atoms: nodes.count, dimension: translations.rank, copies: translations.index))
        }
    }
}
