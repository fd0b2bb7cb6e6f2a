import MaterialsCore
import Testing

@Suite struct HeaviestElementTests {
    @Test func dropsHeavierOnesAndKeepsWhatWasDropped() throws {
        var candidates = CandidateBatch(schema: CandidateSchema())
        for (row, symbols) in [["Pb", "O"], ["Bi"], ["O", "Ti"], ["U", "O"]].enumerated() {
            let composition = Composition(symbols.compactMap { s in Element(symbol: s).map { (element: $0, amount: 1.0) } })
            candidates.append(index: CandidateIndex(source: 0, position: row), id: "\(row)".utf8, composition: composition)
        }
        let filter = try FilterEntry(HeaviestElement.self).make(Setting(.number(82)))
        var keep = [true, true, false, true]
        filter.apply(ScreenedBatch(candidates: candidates, propertyCount: 0), properties: [], keep: &keep)
        #expect(keep == [true, false, false, false] && filter.label == "no element beyond Pb")
    }

    @Test(arguments: [Setting.Value.number(0), .number(1.5), .number(119), .text("Pb"), .null])
    func otherValuesAreRefused(value: Setting.Value) {
        #expect(throws: MatSieveError.self) { try HeaviestElement(Setting(value, line: 3)) }
    }
}
