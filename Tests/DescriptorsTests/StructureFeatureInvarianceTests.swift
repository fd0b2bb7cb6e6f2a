import Descriptors
import MaterialsCore
import TestSupport
import Testing

/// Real, symmetric crystals: the descriptors of whole structures must not see how they are written down.
@Suite struct StructureFeatureInvarianceTests {
    static let cases: [(name: String, settings: [(String, Setting.Value)])] = [
        ("density", []), ("dimensionality", []), ("radial-distribution", [("bin_size", .number(0.05)), ("cutoff", .number(6))]),
        ("partial-radial-distribution", [("species", .list([Setting(.text("Al")), Setting(.text("O"))])), ("cutoff", .number(6))]),
        ("space-group", []), ("structural-complexity", []), ("xray-powder", []),
    ]

    @Test(arguments: cases.map(\.name)) func realCrystalsAsTheyMayBeWritten(_ name: String) throws {
        let item = Self.cases.first { $0.name == name }!
        let descriptor = try StructureFeatureReferenceTests.make(item.name, item.settings)
        var random = RandomCrystals(seed: 77)
        for item in try referenceCrystals("references/structure_features/crystals.csv.gz").filter({ $0.crystal.count <= 12 }).prefix(12) {
            let crystal = item.crystal
            let row = try StructureFeatureReferenceTests.values(descriptor, crystal)
            let mirror = [CartesianVector(0, 1, 0), CartesianVector(1, 0, 0), CartesianVector(0, 0, 1)]
            let others = [
                crystal.shifted(by: random.shift()), crystal.transformed(by: random.rotation()),
                crystal.permuted(random.permutation(crystal.count)), crystal.supercell(2, 1, 1), crystal.sheared(),
                crystal.transformed(by: mirror),
            ]
            for (index, other) in others.enumerated() {
                let found = try StructureFeatureReferenceTests.values(descriptor, other)
                // Enantiomorphic groups are counted as different: P3₁ and P3₂.
                let skipped = name == "space-group" && index == 5 ? 1 : 0
                let isSame = zip(row, found).dropFirst(skipped).allSatisfy { StructureFeatureReferenceTests.agree($0, $1, scale: 1e4) }
                #expect(isSame, "\(item.name), change \(index)")
            }
        }
    }
}
