import MaterialsCore
import Supply

/// `matsieve list element-tables [NAME]`: where each table comes from; with a name, what it says of each element.
enum ElementTableListing {
    private struct Item: Encodable {
        let name, title, kind: String
        let unit: String?
        let year: Int
        let version, source, license: String
        let elements, review: [String]

        init(_ t: ElementTable) {
            (name, title, kind, unit, year) = (t.name, t.title, t.kind.rawValue, t.unit, t.year)
            (version, source, license) = (t.version, t.source, t.license)
            (elements, review) = (t.elements.map(\.symbol), t.reviewElements.map(\.symbol))
        }

        /// One line for people.
        var line: String {
            let count =
                kind == "list" ? "\(elements.count) elements listed" : "\(elements.count) elements" + (unit.map { " in \($0)" } ?? "")
            let parts = ["[\(kind)]", title, count] + (review.isEmpty ? [] : ["\(review.count) in review"])
            return ([name] + parts + ["\(year), \(version)", source, license]).joined(separator: "  ")
        }
    }

    private struct Entry: Encodable {
        let element: String?
        let value: Double?
        let form: String?
        let elements: [String]?
        let effect, rule: String?
        let limit: Double?
    }

    /// All tables, one a line or as JSON.
    static func describe(json: Bool) throws -> String {
        let items = ElementTableRegistry.entries.map(Item.init)
        return json ? try JSONText.line(items) : items.map(\.line).joined(separator: "\n")
    }

    /// The entries of one table.
    static func describe(_ name: String, json: Bool) throws -> String {
        let table = try ElementTableRegistry.table(named: name)
        let entries = table.kind == .list ? table.forms.map(entry) : table.elements.map { entry($0, table) }
        if json { return try JSONText.line(entries) }
        let rows = entries.map { e in
            e.form.map { [$0, e.elements!.joined(separator: " "), e.effect!, e.limit.map { numberText($0 * 100) + " %" } ?? "", e.rule!] }
                ?? [e.element!, numberText(e.value!)]
        }
        return ([Item(table).line] + TextTable.lines(rows, leading: table.kind == .list ? 5 : 2)).joined(separator: "\n")
    }

    private static func entry(_ form: ElementTable.Form) -> Entry {
        Entry(
            element: nil, value: nil, form: form.text, elements: form.elements.map(\.symbol), effect: form.effect.rawValue, rule: form.rule,
            limit: form.limit)
    }

    private static func entry(_ element: Element, _ table: ElementTable) -> Entry {
        Entry(
            element: element.symbol, value: table.values[Int(element.atomicNumber)], form: nil, elements: nil, effect: nil, rule: nil,
            limit: nil)
    }
}
