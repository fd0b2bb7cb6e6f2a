import MaterialsCore
import Supply
import Testing

@Suite struct UserTableTests {
    private typealias Row = ElementTable.Row

    private func table(_ rows: [Row], unit: String? = nil, date: String? = nil) throws -> ElementTable {
        try ElementTable(file: "prices.csv", column: "price", rows: rows, unit: unit, date: date)
    }

    private func refused(_ rows: [Row], unit: String? = nil, date: String? = nil) -> String {
        message { _ = try table(rows, unit: unit, date: date) }
    }

    @Test func pricesWithCurrencyAndDates() throws {
        let prices = try table([
            Row(element: "Cu", value: 9.5, currency: "USD", date: "2026-09-30", number: 2),
            Row(element: "Zn", value: 2.5, currency: "USD", date: "2026-10-01", number: 3), Row(element: "S", value: .nan, number: 4),
        ])
        #expect(prices.unit == "USD/kg" && prices.year == 2026 && prices.version == "2026-09-30 to 2026-10-01")
        #expect(prices.elements.map(\.symbol) == ["Cu", "Zn"])
        let property = try ElementAggregate(table: prices, combination: .massWeightedMean)
        let values = property.values(for: try batch(["CuZn", "ZnS"]))
        #expect(values[0] == (63.546 * 9.5 + 65.409 * 2.5) / (63.546 + 65.409) && values[1].isNaN)
    }

    @Test func theDateMayStandInThePlan() throws {
        let t = try table([Row(element: "Cu", value: 9, number: 2)], unit: "EUR/kg", date: "2026-10")
        #expect(t.unit == "EUR/kg" && t.edition == "2026, 2026-10")
    }

    @Test func refusals() {
        let copper = Row(element: "Cu", value: 9, currency: "USD", date: "2026", number: 2)
        #expect(refused([Row(element: "Cu", value: 9, number: 2)]).contains("does not say when its values hold"))
        #expect(
            refused([copper, Row(element: "Xx", value: 1, number: 3)])
                == "prices.csv, row 3: 'Xx' is not an element; use symbols such as Cu"
        )
        #expect(refused([copper, copper]).contains("row 2: Cu stands there twice"))
        #expect(
            refused([copper, Row(element: "Zn", value: 2, currency: "EUR", date: "2026", number: 3)]).contains(
                "row 3: currency EUR beside USD"))
        #expect(refused([Row(element: "Cu", value: 9, date: "10/2026", number: 2)]).contains("must look like 2026-10-01"))
        #expect(refused([Row(element: "Cu", value: 9, date: "2026-13-01", number: 2)]).contains("must look like"))
        #expect(refused([Row(element: "Cu", value: .infinity, date: "2026", number: 2)]).contains("not a finite number"))
        #expect(refused([Row(element: "Cu", value: .nan, date: "2026", number: 2)]).contains("has no value of any element"))
        #expect(refused([copper], date: "yesterday").contains("date 'yesterday'"))
    }
}
