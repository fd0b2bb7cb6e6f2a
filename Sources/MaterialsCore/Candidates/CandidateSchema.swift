/// Kind of a column that candidates carry beside id, composition and structure.
public enum ColumnKind: String, Codable, Sendable { case numeric, text }

/// One column that candidates carry.
public struct CandidateColumn: Hashable, Sendable {
    /// Name as in the source.
    public var name: String
    /// Number or text.
    public var kind: ColumnKind
    /// Unit as given by the source, or nil.
    public var unit: String?
    /// Rights class of the values.
    public var dataClass: DataClass

    /// Describes a column.
    public init(name: String, kind: ColumnKind, unit: String? = nil, dataClass: DataClass = .open) {
        (self.name, self.kind, self.unit, self.dataClass) = (name, kind, unit, dataClass)
    }
}

/// The columns of a source, numeric and text apart, each in its order.
public struct CandidateSchema: Equatable, Sendable {
    /// Numeric columns; `CandidateBatch.numericColumns` has the same order.
    public var numeric: [CandidateColumn] { didSet { numericPlaces = Self.places(numeric) } }
    /// Text columns; `CandidateBatch.textColumns` has the same order.
    public var text: [CandidateColumn] { didSet { textPlaces = Self.places(text) } }
    /// True where batches carry structures (`CandidateBatch.structures`).
    public var hasStructures: Bool
    // Tables can have 10⁵ columns that are looked up one by one.
    private var numericPlaces: [String: Int]
    private var textPlaces: [String: Int]

    /// A schema of the given columns.
    public init(_ columns: [CandidateColumn] = [], hasStructures: Bool = false) {
        self.hasStructures = hasStructures
        numeric = columns.filter { $0.kind == .numeric }
        text = columns.filter { $0.kind == .text }
        (numericPlaces, textPlaces) = (Self.places(numeric), Self.places(text))
    }

    private static func places(_ columns: [CandidateColumn]) -> [String: Int] {
        Dictionary(columns.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Place of a numeric column, or nil where there is none of that name.
    public func numericPlace(_ name: String) -> Int? { numericPlaces[name] }

    /// Place of a text column, or nil where there is none of that name.
    public func textPlace(_ name: String) -> Int? { textPlaces[name] }

    /// All names, numeric first.
    public var names: [String] { (numeric + text).map(\.name) }
}

/// Who may see a value; results carry the strictest class of their inputs.
public enum DataClass: String, Codable, Comparable, CaseIterable, Sendable {
    case open, shared, closed

    /// `open < shared < closed`.
    public static func < (a: DataClass, b: DataClass) -> Bool {
        allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
    }
}
