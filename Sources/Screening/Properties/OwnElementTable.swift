import MaterialsCore
import Supply

/// A table of elements in a file of the user: `{file: prices.csv, element: element, column: usd_per_kg, date: 2026-10-01}`.
///
/// Columns `currency` and `date`, where there are some, tell the unit and when the values hold.
struct OwnElementTable {
    private let file: String
    private let element: String?
    private let column: String
    private let unit: String?
    private let date: String?
    private let dataClass: DataClass?

    init(_ setting: Setting) throws {
        var s = try Settings(setting, subject: "element_table")
        file = try s.requiredText("file")
        column = try s.requiredText("column")
        (element, unit, date) = (try s.text("element"), try s.text("unit"), try s.text("date"))
        dataClass = try DataClass(given: &s)
        try s.finish()
    }

    func check(_ context: PropertyContext) throws {
        let names = try CandidateInput.columnNames(context.resolve(file), format: nil)
        for name in [column, elementColumn(names)] where !names.contains(name) {
            throw context.error("\(file) has no column '\(name)'" + suggestion(for: name, among: names))
        }
        if date == nil, !names.contains("date") {
            throw context.error("\(file) does not say when its values hold: give it a column 'date', or give 'date' in the plan")
        }
    }

    /// The table, and the file as an input.
    func open(_ context: PropertyContext, role: String) throws -> (table: ElementTable, input: RunDescription.Input) {
        let path = context.resolve(file)
        let names = try CandidateInput.columnNames(path, format: nil)
        let texts = ["currency", "date"].filter(names.contains).map { CandidateColumn(name: $0, kind: .text) }
        let request = TableRequest(
            formulaColumn: elementColumn(names), columns: [CandidateColumn(name: column, kind: .numeric)] + texts)
        let source = try CandidateInput.open(path, request: request)
        var rows: [ElementTable.Row] = []
        try source.forEachBatch { batch in
            if let first = batch.rejections.first {
                throw MatSieveError.input("\(file), row \(first.index.position + 1): \(first.defect.detail)")
            }
            rows += try (0..<batch.count).map { try row($0, of: batch) }
        }
        let table = try ElementTable(file: file, column: column, rows: rows, unit: unit, date: date)
        var input = try context.input(source, file: file, role: role, dataClass: dataClass)
        input.source = [input.source, "column \(column), \(table.version)"].compactMap(\.self).joined(separator: "; ")
        return (table, input)
    }

    private func row(_ row: Int, of batch: CandidateBatch) throws -> ElementTable.Row {
        let composition = batch.composition(row)
        let number = batch.indices[row].position + 1
        guard composition.elementCount == 1 else {
            throw MatSieveError.input("\(file), row \(number): '\(composition.formula)' is not an element; use symbols such as Cu")
        }
        return ElementTable.Row(
            element: Element.symbols[Int(composition.atomicNumbers[0])], value: batch.numericColumn(column)![row],
            currency: batch.textColumn("currency")?[row], date: batch.textColumn("date")?[row], number: number)
    }

    private func elementColumn(_ names: [String]) -> String { element ?? (names.contains("symbol") ? "symbol" : "element") }
}
