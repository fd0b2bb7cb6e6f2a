import MaterialsCore

/// Keeps candidates that hold all of the listed elements.
///
///     - require_elements: [O]
///
/// - Scope: any composition; amounts do not count, only whether an element is there.
public struct RequireElements: CandidateFilter {
    /// Its name in plans.
    public static let name = "require_elements"
    /// A line of a plan.
    public static let example = "require_elements: [Li, O]"
    private let elements: ElementSet

    /// Reads a list of symbols, or one.
    public init(_ setting: Setting) throws { elements = try ElementSet(setting, subject: Self.name) }

    /// None: it looks at compositions.
    public var requiredProperties: [String] { [] }
    /// Words for the funnel.
    public var label: String { "with " + elements.symbols.joined(separator: ", ") }

    /// Sets `keep` to false for the rows to drop.
    public func apply(_ batch: ScreenedBatch, properties: [Int], keep: inout [Bool]) {
        filterElements(batch.candidates, keep: &keep) { elements.isSubset(of: $0) }
    }
}
