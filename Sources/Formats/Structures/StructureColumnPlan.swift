import MaterialsCore

/// Which values beside the structures become which columns.
struct StructureColumnPlan: Sendable {
    /// Columns that batches carry.
    let schema: CandidateSchema
    /// Value that serves as id; nil where the format's own does.
    let idColumn: String?
    private let numericPlaces: [String: Int]
    private let textPlaces: [String: Int]

    /// Places for the given columns.
    init(columns: [CandidateColumn], hasStructures: Bool, idColumn: String?) {
        schema = CandidateSchema(columns, hasStructures: hasStructures)
        self.idColumn = idColumn
        numericPlaces = Self.places(schema.numeric)
        textPlaces = Self.places(schema.text)
    }

    private static func places(_ columns: [CandidateColumn]) -> [String: Int] {
        Dictionary(columns.enumerated().map { ($1.name, $0) }) { first, _ in first }
    }

    /// Values of one record in the order of the schema: NaN and blank where it has none; of two of one name the first counts.
    func values(_ found: [(name: String, value: DecodedStructure.Value)]) throws(CandidateDefect) -> (numeric: [Double], text: [String]) {
        var numeric = [Double](repeating: .nan, count: schema.numeric.count)
        var text = [String](repeating: "", count: schema.text.count)
        for entry in found.reversed() {
            if let place = numericPlaces[entry.name] { numeric[place] = try Self.number(entry.value, of: entry.name) }
            if let place = textPlaces[entry.name] { text[place] = entry.value.text }
        }
        return (numeric, text)
    }

    private static func number(_ value: DecodedStructure.Value, of name: String) throws(CandidateDefect) -> Double {
        switch value {
        case .number(let number) where !number.isInfinite: return number
        case .number: break
        case .text(let text):
            let bytes = Array(text.utf8)
            switch DecimalNumber.read(bytes.span.extracting(TextBytes.trimmed(bytes.span))) {
            case .number(let number): return number
            case .missing: return .nan
            case .invalid: break
            }
        }
        throw CandidateDefect("bad-number", "'\(name)' is '\(value.text)', which is no number")
    }

    /// The id among the values of a record, where a value serves as such.
    func id(_ values: [(name: String, value: DecodedStructure.Value)]) -> String? {
        guard let idColumn else { return nil }
        return values.first { $0.name == idColumn }?.value.text
    }
}

extension DecodedStructure.Value {
    /// As it stands in a column of text.
    var text: String {
        switch self {
        case .number(let number): numberText(number)
        case .text(let text): text
        }
    }
}

/// Finds out which values records carry, and which of them are numbers.
struct StructureValueKinds {
    private var places: [String: Int] = [:]
    private var columns: [CandidateColumn] = []

    /// Takes note of a record's values.
    /// - Errors: input error where there are too many different ones.
    mutating func add(_ values: [(name: String, value: DecodedStructure.Value)], path: String) throws {
        for entry in values {
            let place = places[entry.name] ?? columns.count
            if place == columns.count {
                guard place < StructureLimits.valueColumns else {
                    throw MatSieveError.input("\(path): structures carry more than \(place) different values; name those to keep")
                }
                places[entry.name] = place
                columns.append(CandidateColumn(name: entry.name, kind: .numeric))
            }
            if case .number(let number) = entry.value, !number.isInfinite { continue }
            columns[place].kind = .text
        }
    }

    /// In the order of first appearance; numeric where every value is a number.
    func columns(without id: String?) -> [CandidateColumn] { columns.filter { $0.name != id } }
}
