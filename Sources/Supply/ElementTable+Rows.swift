import MaterialsCore

extension ElementTable {
    /// A line of a table of the user's own: an element, its number, and what the table says of currency and date.
    public struct Row: Sendable {
        /// Symbol of the element.
        public var element: String
        /// The number; NaN where the cell is empty.
        public var value: Double
        /// Currency, where the table has such a column.
        public var currency: String?
        /// Date, where the table has such a column.
        public var date: String?
        /// Row in the file, from 1.
        public var number: Int

        /// Makes a line.
        public init(element: String, value: Double, currency: String? = nil, date: String? = nil, number: Int) {
            (self.element, self.value, self.currency, self.date, self.number) = (element, value, currency, date, number)
        }
    }

    /// A table of the user's own, dated by its rows or by the plan: prices, own scores.
    ///
    /// - Scope:  each element once, finite numbers, one currency, dates as year, year-month or year-month-day
    /// - Errors: `.input` names the row of the file; `.usage` where there is no date at all
    public init(file: String, column: String, rows: [Row], unit: String?, date: String?) throws {
        var values = [Double](repeating: .nan, count: Element.symbols.count)
        for row in rows {
            guard let element = Element(symbol: row.element) else {
                throw MatSieveError.input("\(file), row \(row.number): '\(row.element)' is not an element; use symbols such as Cu")
            }
            guard values[Int(element.atomicNumber)].isNaN else {
                throw MatSieveError.input("\(file), row \(row.number): \(row.element) stands there twice; keep one value")
            }
            guard row.value.isNaN || row.value.isFinite else {
                throw MatSieveError.input("\(file), row \(row.number): '\(column)' of \(row.element) is not a finite number")
            }
            values[Int(element.atomicNumber)] = row.value
        }
        guard values.contains(where: { !$0.isNaN }) else {
            throw MatSieveError.input("\(file): column '\(column)' has no value of any element")
        }
        let currency = try Self.currency(rows, file: file)
        let (edition, year) = try Self.dates(rows, given: date, file: file)
        self.init(
            column, title: "\(column) of \(file)", unit: unit ?? currency.map { "\($0)/kg" }, year: year, source: file, version: edition,
            license: "the user's own", values: values)
    }

    /// The one currency of the rows.
    private static func currency(_ rows: [Row], file: String) throws -> String? {
        let given = rows.filter { $0.currency?.isEmpty == false }
        if let other = given.first(where: { $0.currency != given[0].currency }) {
            throw MatSieveError.input(
                "\(file), row \(other.number): currency \(other.currency!) beside \(given[0].currency!); bring the table to one currency")
        }
        return given.first?.currency
    }

    /// From the first to the last date, and the year of the last.
    private static func dates(_ rows: [Row], given: String?, file: String) throws -> (String, Int) {
        if let given {
            guard let year = year(of: given) else {
                throw MatSieveError.usage("date '\(given)' of \(file) must look like 2026-10-01, 2026-10 or 2026")
            }
            return (given, year)
        }
        let dated = rows.filter { $0.date?.isEmpty == false }
        if let wrong = dated.first(where: { year(of: $0.date!) == nil }) {
            throw MatSieveError.input("\(file), row \(wrong.number): date '\(wrong.date!)' must look like 2026-10-01, 2026-10 or 2026")
        }
        guard let first = dated.map({ $0.date! }).min(), let last = dated.map({ $0.date! }).max() else {
            throw MatSieveError.usage("\(file) does not say when its values hold: give it a column 'date', or give 'date' in the plan")
        }
        return (first == last ? last : "\(first) to \(last)", year(of: last)!)
    }

    /// The year of `2026`, `2026-10` or `2026-10-01`; nil for anything else.
    private static func year(of date: String) -> Int? {
        let parts = date.split(separator: "-", omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count), parts[0].utf8.count == 4, parts.dropFirst().allSatisfy({ $0.utf8.count == 2 }) else {
            return nil
        }
        let numbers = parts.map { $0.utf8.allSatisfy { (48...57).contains($0) } ? Int($0)! : -1 }
        guard numbers.allSatisfy({ $0 >= 0 }) else { return nil }
        if numbers.count > 1, !(1...12).contains(numbers[1]) { return nil }
        if numbers.count > 2, !(1...31).contains(numbers[2]) { return nil }
        return numbers[0]
    }
}
