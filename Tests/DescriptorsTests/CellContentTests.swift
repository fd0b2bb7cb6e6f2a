import Descriptors
import MaterialsCore
import Testing

@Suite struct CellContentTests {
    @Test func countsAtomsAndFormulaUnits() throws {
        let result = describe(
            try make("cell-content"), batch([composition("Na 4 Cl 4"), composition("Fe 2 O 3"), composition("Al 0.5 Ni 0.5")]))
        #expect(result.matrix.values == [8, 4, 2, 5, 1, 5, 1, 1, 1])
    }

    /// Rows of carbon that differ in the column.
    private func carbon(spaceGroups: [Double]) -> CandidateBatch {
        let plain = batch(spaceGroups.map { _ in composition("C 1") })
        return CandidateBatch(
            schema: CandidateSchema([CandidateColumn(name: "space_group", kind: .numeric)]), indices: plain.indices, ids: plain.ids,
            compositionOffsets: plain.compositionOffsets, atomicNumbers: plain.atomicNumbers, amounts: plain.amounts,
            numericColumns: [spaceGroups], textColumns: [])
    }

    /// Numbers, systems, orders and lattice points of groups that everybody knows.
    @Test func spaceGroupsAreLookedUp() throws {
        let input = carbon(spaceGroups: [225, 1, 194, .nan, 500])
        let d = try make("space-group-column")
        var matrix = FeatureMatrix(rows: 5, columns: d.featureNames.count)
        let defects = d.compute(input, into: &matrix, firstColumn: 0)
        #expect(defects.map(\.row) == [4] && defects[0].defect.reason == "bad-space-group")
        #expect(Array(matrix.row(0).prefix(7)) == [225, 7, 48, 4, 1, 0, 0])
        #expect(Array(matrix.row(1).prefix(7)) == [1, 1, 1, 1, 0, 1, 1])
        #expect(Array(matrix.row(2).prefix(7)) == [194, 6, 24, 1, 1, 0, 0])
        #expect(matrix.row(3).allSatisfy { $0.isNaN })
        #expect(d.requiredColumns == [CandidateColumn(name: "space_group", kind: .numeric)])
    }

    /// There are 68 polar and 65 Sohncke space groups, and 92 centrosymmetric ones (International Tables A).
    @Test func groupsOfEachKindAreAsManyAsTheTablesSay() throws {
        let d = try make("space-group-column")
        let input = carbon(spaceGroups: (1...230).map { Double($0) })
        var matrix = FeatureMatrix(rows: 230, columns: d.featureNames.count)
        #expect(d.compute(input, into: &matrix, firstColumn: 0).isEmpty)
        let counts = (4...6).map { c in matrix.column(c).count { $0 == 1 } }
        #expect(counts == [92, 68, 65])
        #expect((7..<20).allSatisfy { c in matrix.column(c).contains(1) })
    }
}
