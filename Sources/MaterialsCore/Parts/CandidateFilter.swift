/// When a filter can run; nothing is computed for what an earlier stage dropped.
public enum FilterStage: Int, Codable, Comparable, CaseIterable, Sendable {
    /// Looks at compositions only.
    case composition
    /// Looks at columns of the input.
    case columns
    /// Looks at predictions.
    case predictions

    /// Order in which stages run.
    public static func < (a: FilterStage, b: FilterStage) -> Bool { a.rawValue < b.rawValue }
}

/// Drops candidates.
public protocol CandidateFilter: Sendable {
    /// The key that selects it in a plan: `exclude_elements`, `where`, …; never changes.
    static var name: String { get }
    /// A line of a plan with it, such as `element_count: {max: 4}`, for `list filters NAME`; has a default.
    static var example: String { get }
    /// Reads its part of the plan strictly; the value of its key is `setting`.
    init(_ setting: Setting) throws
    /// Names of the properties it looks at; none for a filter of compositions.
    var requiredProperties: [String] { get }
    /// Classes that it compares properties with by name; has a default.
    var comparedClasses: [ComparedClass] { get }
    /// The same filter that knows the codes of those classes; has a default.
    func resolvingClasses(_ code: (ComparedClass) throws -> Double) throws -> Self
    /// Names of the lists of elements that it judges by, with their lines; has a default.
    var elementLists: [(name: String, line: Int)] { get }
    /// The same filter that knows those lists; has a default.
    func resolvingElementLists(_ list: (_ name: String, _ line: Int) throws -> ElementList) throws -> Self
    /// What it does, in words, for the funnel: `no Pb, Cd`, `gap > 1.1`.
    var label: String { get }
    /// Sets `keep[row]` to false for rows to drop. `properties[i]` is where `requiredProperties[i]` stands in `batch.values`.
    func apply(_ batch: ScreenedBatch, properties: [Int], keep: inout [Bool])
    /// What people should mind of the rows that it keeps, with the number of rows; has a default.
    func remarks(on batch: ScreenedBatch, keep: [Bool]) -> [(remark: String, rows: Int)]
}

extension CandidateFilter {
    /// The name alone.
    public static var example: String { name }
    /// None.
    public var comparedClasses: [ComparedClass] { [] }
    /// The filter as it is.
    public func resolvingClasses(_ code: (ComparedClass) throws -> Double) throws -> Self { self }
    /// None.
    public var elementLists: [(name: String, line: Int)] { [] }
    /// The filter as it is.
    public func resolvingElementLists(_ list: (_ name: String, _ line: Int) throws -> ElementList) throws -> Self { self }
    /// None.
    public func remarks(on batch: ScreenedBatch, keep: [Bool]) -> [(remark: String, rows: Int)] { [] }
}

/// A class of a classification that an expression names: `phase == 'perovskite'`.
public struct ComparedClass: Equatable, Sendable {
    /// The property that is compared.
    public var property: String
    /// Name of the class.
    public var name: String

    /// Names a class.
    public init(property: String, name: String) { (self.property, self.name) = (property, name) }
}

/// A line of the filter registry.
public struct FilterEntry: Sendable {
    /// The key that selects it.
    public let name: String
    /// A line of a plan with it.
    public let example: String
    /// Makes one from the value of its key.
    public let make: @Sendable (Setting) throws -> any CandidateFilter

    /// Registers a filter.
    public init<F: CandidateFilter>(_ type: F.Type) {
        (name, example) = (F.name, F.example)
        make = { try F($0) }
    }
}
