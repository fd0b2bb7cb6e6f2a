import MaterialsCore
import Testing

@testable import Models

@Suite struct RelativeTargetsTests {
    /// NaCl twice (two space groups), KCl, MgO, NaBr in rock salt, and CaF2.
    private func table() -> TrainingData {
        let rows: [(fractions: [(String, Double)], group: Double, target: Double)] = [
            ([("Na", 0.5), ("Cl", 0.5)], 225, -2.0), ([("Na", 0.5), ("Cl", 0.5)], 221, -1.9), ([("K", 0.5), ("Cl", 0.5)], 225, -2.1),
            ([("Mg", 0.5), ("O", 0.5)], 225, -3.0), ([("Na", 0.5), ("Br", 0.5)], 225, -1.7),
            ([("Ca", 1.0 / 3), ("F", 2.0 / 3)], 225, -4.2),
        ]
        let symbols = Array(Element.symbols.dropFirst())
        var features = FeatureMatrix(rows: rows.count, columns: 120)
        for (i, row) in rows.enumerated() {
            for (symbol, fraction) in row.fractions { features[i, symbols.firstIndex(of: symbol)!] = fraction }
            features[i, 118] = row.group
            features[i, 119] = row.fractions.count == 2 && row.target > -4 ? 2 : 3
        }
        return TrainingData(
            features: features, targets: rows.map(\.target), featureNames: symbols + ["space group number", "atoms in formula"],
            groups: [
                FeatureGroup(name: "element-fraction", columns: 0..<118), FeatureGroup(name: "space-group-column", columns: 118..<119),
                FeatureGroup(name: "cell-content", columns: 119..<120),
            ])
    }

    @Test func polymorphsAndIsotypesAreFoundWithoutOneself() throws {
        let data = table()
        let relatives = try #require(RelativeTargets(data))
        let own = relatives.features(data.features, areOwn: true)
        // NaCl: its polymorph, and of rock salts the one with potassium is nearest, before bromine and the oxide.
        #expect(own[0, 0] == 1 && own[0, 1] == -1.9 && own[0, 2] == -1.9 && own[0, 3] == -1.9)
        #expect((own[0, 4] - PortableMath.log(4)).magnitude < 1e-12)
        #expect([-2.1, -1.7].contains(own[0, 6]), "a chloride or a salt of sodium, not MgO")
        // CaF2 has no relatives.
        #expect(own[5, 0] == 0 && own[5, 1].isNaN && own[5, 4] == 0 && own[5, 5].isNaN)
        // Asked as a new row, NaCl is known twice.
        let new = relatives.features(data.features.selecting([0]), areOwn: false)
        #expect(new[0, 0] == 2 && new[0, 2] == -2.0 && new[0, 3] == -2.0 && new[0, 6] == -2.0 && new[0, 8] == 0)
    }

    @Test func anArchiveKeepsThem() throws {
        let data = table()
        let relatives = try #require(RelativeTargets(data))
        let again = try RelativeTargets(archive: relatives.archive, columns: 120)
        let (a, b) = (relatives.features(data.features, areOwn: false), again.features(data.features, areOwn: false))
        #expect(zip(a.values, b.values).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
        var broken = relatives.archive
        broken["elements"] = .integers([200], shape: [1])
        #expect(throws: MatSieveError.self) { try RelativeTargets(archive: broken, columns: 120) }
    }

    @Test func withoutFractionsThereAreNone() {
        let data = TrainingData(features: FeatureMatrix(rows: 3, columns: 1), targets: [1, 2, 3], featureNames: ["x"])
        #expect(RelativeTargets(data) == nil)
    }
}
