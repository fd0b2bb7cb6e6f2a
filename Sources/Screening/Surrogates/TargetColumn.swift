import MaterialsCore

/// What is to be learned from the rows of a table: a number or the code of a class a row.
struct TargetColumn: Sendable, Equatable {
    /// Name of the column.
    let name: String
    /// Unit, where the table or the plan says.
    var unit: String?
    /// One a row; NaN where the row has none that can be learned.
    private(set) var values: [Double]
    /// Names of the classes by code; empty in a regression.
    private(set) var classes: [String] = []
    /// What is wrong with the rows without a value.
    private(set) var defects: [(row: Int, defect: CandidateDefect)] = []

    /// More names than that are no classes but labels.
    private static let mostClasses = 1000

    /// Numbers to learn; what is not finite can't be.
    init(name: String, unit: String?, numbers: [Double]) {
        (self.name, self.unit, values) = (name, unit, numbers)
        for row in numbers.indices where !numbers[row].isFinite { refuse(row, Self.defect(numbers[row], name)) }
    }

    /// Classes to learn, each coded by its place among all names.
    ///
    /// Whole numbers are in numeric order, text in the order of its characters; codes of equal names are equal.
    /// - Errors: `.input` for more than 1,000 classes
    init(name: String, unit: String?, texts: [String], path: String) throws {
        (self.name, self.unit) = (name, unit)
        values = [Double](repeating: .nan, count: texts.count)
        let trimmed = texts.map(Self.trimmed)
        let numbers = Self.numbers(Set(trimmed))
        let names = trimmed.map { numbers?[$0].map(numberText) ?? $0 }
        let bad = trimmed.map { text in text.isEmpty ? .nan : numbers?[text] ?? 0 }
        let usable = names.indices.filter { bad[$0].isFinite && bad[$0] == bad[$0].rounded() }
        if let broken = names.indices.first(where: { bad[$0].isFinite && bad[$0] != bad[$0].rounded() }),
            2 * bad.count(where: { $0.isFinite && $0 != $0.rounded() }) > names.count
        {
            throw MatSieveError.input(
                "\(path): column '\(name)' holds numbers such as \(names[broken]), and a class is a whole number or text; is it a regression?"
            )
        }
        let found = Set(usable.map { names[$0] })
        classes = numbers == nil ? found.sorted() : found.sorted { Double($0)! < Double($1)! }
        guard classes.count <= Self.mostClasses else {
            throw MatSieveError.input(
                "\(path): column '\(name)' has \(classes.count) different values, which is too many for classes (at most \(Self.mostClasses)); is it a regression?"
            )
        }
        let code = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, Double($0)) })
        for row in usable { values[row] = code[names[row]]! }
        for row in names.indices where values[row].isNaN { refuse(row, Self.defect(ofClass: bad[row], name)) }
        // One class of 0 and 1 keeps its code, so that its missing partner is the one that is named.
        if classes == ["1"] || classes == ["0"] { recode(["0", "1"]) }
    }

    /// True where the classes are the numbers 0 and 1, which outputs show as such.
    var isBinary: Bool { classes == ["0", "1"] }

    /// Only the given rows; their defects are known already.
    func selecting(_ rows: [Int]) -> TargetColumn {
        var result = self
        result.values = rows.map { values[$0] }
        result.defects = []
        return result
    }

    private mutating func recode(_ names: [String]) {
        let code = Double(names.firstIndex(of: classes[0])!)
        values = values.map { $0.isNaN ? $0 : code }
        classes = names
    }

    private mutating func refuse(_ row: Int, _ defect: CandidateDefect) {
        values[row] = .nan
        defects.append((row, defect))
    }

    private static func defect(_ value: Double, _ name: String) -> CandidateDefect {
        value.isNaN
            ? CandidateDefect("missing-target", "column '\(name)' is empty") : CandidateDefect("bad-target", "column '\(name)' is infinite")
    }

    private static func defect(ofClass value: Double, _ name: String) -> CandidateDefect {
        guard value.isFinite else { return defect(value, name) }
        return CandidateDefect("bad-target", "column '\(name)' is \(numberText(value)), a class is a whole number or text")
    }

    /// The number that each text is; nil where one is no number, so that all are names.
    private static func numbers(_ texts: Set<String>) -> [String: Double]? {
        var result: [String: Double] = [:]
        for text in texts where !text.isEmpty {
            guard let number = Double(text) else { return nil }
            result[text] = number == 0 ? 0 : number
        }
        return result
    }

    private static func trimmed(_ text: String) -> String {
        guard text.first?.isWhitespace == true || text.last?.isWhitespace == true else { return text }
        return String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }

    static func == (a: TargetColumn, b: TargetColumn) -> Bool {
        a.name == b.name && a.unit == b.unit && a.values == b.values && a.classes == b.classes
    }
}
