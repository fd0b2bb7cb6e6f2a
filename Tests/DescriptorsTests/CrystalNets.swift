import MaterialsCore

@testable import Descriptors

/// Crystals whose nets are known by heart.
enum CrystalNets {
    /// Atoms of one element in a cubic cell with edge `a`.
    static func cubic(_ a: Double, _ element: String, _ positions: [SIMD3<Double>], _ others: [String] = []) -> CrystalStructure {
        let lattice = Lattice(a: CartesianVector(a, 0, 0), b: CartesianVector(0, a, 0), c: CartesianVector(0, 0, a))
        return CrystalStructure(
            lattice: lattice, atomicNumbers: positions.indices.map { i in number(i < others.count ? others[i] : element) },
            positions: positions.map { FractionalPosition($0) })
    }

    static func number(_ symbol: String) -> UInt8 { Element(symbol: symbol)!.atomicNumber }

    static let faces: [SIMD3<Double>] = [SIMD3(0, 0, 0), SIMD3(0, 0.5, 0.5), SIMD3(0.5, 0, 0.5), SIMD3(0.5, 0.5, 0)]
    static let simpleCubic = cubic(3, "Po", [.zero])
    static let bodyCentred = cubic(2.87, "Fe", [.zero, SIMD3(repeating: 0.5)])
    static let faceCentred = cubic(4.05, "Al", faces)
    static let diamond = cubic(3.567, "C", faces + faces.map { $0 + SIMD3(repeating: 0.25) })
    /// The silicon atoms of sodalite.
    static let sodalite = cubic(
        8.9, "Si",
        [
            SIMD3(0.25, 0.5, 0), SIMD3(0.75, 0.5, 0), SIMD3(0, 0.25, 0.5), SIMD3(0, 0.75, 0.5), SIMD3(0.5, 0, 0.25), SIMD3(0.5, 0, 0.75),
            SIMD3(0.75, 0, 0.5), SIMD3(0.25, 0, 0.5), SIMD3(0.5, 0.75, 0), SIMD3(0.5, 0.25, 0), SIMD3(0, 0.5, 0.75), SIMD3(0, 0.5, 0.25),
        ])
    /// Two interpenetrating diamond nets of oxygen atoms with copper between them.
    static let cuprite = cubic(
        4.27, "Cu",
        [
            .zero, SIMD3(repeating: 0.5), SIMD3(0.25, 0.25, 0.25), SIMD3(0.75, 0.75, 0.25), SIMD3(0.75, 0.25, 0.75),
            SIMD3(0.25, 0.75, 0.75),
        ], ["O", "O"])
    /// α-quartz, P3₂21: L. Levien, C. T. Prewitt, D. J. Weidner, Am. Mineral. 65, 920 (1980).
    static var quartz: CrystalStructure {
        let lattice = Lattice(lengths: SIMD3(4.916, 4.916, 5.4054), degrees: SIMD3(90, 90, 120))!
        let (u, x, y, z) = (0.4697, 0.4135, 0.2669, 0.1191 + 2.0 / 3)
        let silicon: [SIMD3<Double>] = [SIMD3(u, 0, 2.0 / 3), SIMD3(0, u, 1.0 / 3), SIMD3(-u, -u, 0)]
        let oxygen: [SIMD3<Double>] = [
            SIMD3(x, y, z), SIMD3(-y, x - y, z + 2.0 / 3), SIMD3(y - x, -x, z + 1.0 / 3), SIMD3(y, x, -z),
            SIMD3(x - y, -y, 1.0 / 3 - z), SIMD3(-x, y - x, 2.0 / 3 - z),
        ]
        return CrystalStructure(
            lattice: lattice, atomicNumbers: [14, 14, 14] + [UInt8](repeating: 8, count: 6),
            positions: (silicon + oxygen).map { FractionalPosition($0) })
    }
    /// Layers 3.35 Å apart.
    static var graphite: CrystalStructure {
        CrystalStructure(
            lattice: Lattice(lengths: SIMD3(2.461, 2.461, 6.708), degrees: SIMD3(90, 90, 120))!, atomicNumbers: [6, 6, 6, 6],
            positions: [
                FractionalPosition(0, 0, 0.25), FractionalPosition(0, 0, 0.75), FractionalPosition(1.0 / 3, 2.0 / 3, 0.25),
                FractionalPosition(2.0 / 3, 1.0 / 3, 0.75),
            ])
    }
    /// One water molecule, no axis repeats.
    static var water: CrystalStructure {
        CrystalStructure(
            lattice: Lattice(lengths: SIMD3(10, 10, 10), degrees: SIMD3(90, 90, 90))!, periodicity: .none, atomicNumbers: [8, 1, 1],
            positions: [FractionalPosition(0, 0, 0), FractionalPosition(0.0957, 0, 0), FractionalPosition(-0.024, 0.0927, 0)])
    }

    /// Features of a crystal by name; settings as in a plan, numbers and words.
    static func features(_ name: String, _ crystal: CrystalStructure, _ settings: [(String, Setting.Value)] = []) throws -> [String: Double]
    {
        let mapping = Setting(.mapping(settings.map { (key: $0.0, line: 1, value: Setting($0.1, line: 1, source: "")) }))
        let descriptor = try DescriptorRegistry.make(name, settings: try Settings(mapping, subject: "descriptor '\(name)'"))
        let (row, defect) = StructureConformanceTests.describe(descriptor, crystal)
        if let defect { throw defect }
        return Dictionary(uniqueKeysWithValues: zip(descriptor.featureNames, row))
    }

    /// The graph of one crystal.
    static func graph(_ crystal: CrystalStructure, _ rule: GraphRule) throws -> CrystalGraphColumn {
        var graphs = CrystalGraphColumn()
        var builder = CrystalGraphBuilder(rule)
        try builder.append(crystal, to: &graphs)
        return graphs
    }
}
