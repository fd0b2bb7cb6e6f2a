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
        var cells = [SIMD3<Int32>?](repeating: nil, count: net.nodeCount)
        var pending: [Int] = []
        for start in 0..<net.nodeCount where cells[start] == nil {
            cells[start] = .zero
            pending.append(start)
            var atoms = 0
            var translations = TranslationLattice()
            while let i = pending.popLast() {
                atoms += 1
                for e in net.edges(ofNode: i) {
                    let j = Int(net.targets[e])
                    let cell = cells[i]! &+ net.images[e].cells
                    if let known = cells[j] {
                        translations.insert(cell &- known)
                    } else {
                        cells[j] = cell
                        pending.append(j)
                    }
                }
            }
            components.append(Component(atoms: atoms, dimension: translations.rank, copies: translations.index))
        }
    }
}

/// The whole-number lattice that some translations span, as a triangular basis.
struct TranslationLattice {
    /// Row k starts with k zeros; a row of zeros is not in the basis.
    private var rows = [SIMD3<Int>](repeating: .zero, count: 3)

    /// Adds a translation.
    mutating func insert(_ translation: SIMD3<Int32>) {
        var v = SIMD3<Int>(truncatingIfNeeded: translation)
        for axis in 0..<3 where v[axis] != 0 {
            // Euclid's algorithm on this column leaves the divisor in the basis and the rest for the next axis.
            var r = rows[axis]
            while v[axis] != 0 {
                let quotient = r[axis] / v[axis]
                (r, v) = (v, r &- v &* SIMD3(repeating: quotient))
            }
            rows[axis] = r
        }
        reduce()
    }

    /// Keeps the entries above the diagonal small.
    private mutating func reduce() {
        for axis in [2, 1] where rows[axis][axis] != 0 {
            for above in 0..<axis {
                rows[above] = rows[above] &- rows[axis] &* SIMD3(repeating: rows[above][axis] / rows[axis][axis])
            }
        }
    }

    /// Independent directions.
    var rank: Int { (0..<3).count { rows[$0][$0] != 0 } }

    /// Cells for each translation of a lattice of rank 3; else 1.
    var index: Int { rank < 3 ? 1 : abs(rows[0].x * rows[1].y * rows[2].z) }
}
