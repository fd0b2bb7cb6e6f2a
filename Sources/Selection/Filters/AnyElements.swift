import MaterialsCore

/// Keeps candidates that hold at least one of the listed elements.
///
///     - any_elements: [S, Se, Te]
///
/// - Scope: any composition; amounts do not count, only whether an element is there.
public struct AnyElements: CandidateFilter {
    /// Its name in plans.
    public static let name = "any_elements"
    /// A line of a plan.
    public static let example = "any_elements: [S, Se, Te]"
    private let elements: ElementSet

    /// Reads a list of symbols, or one.
    public init(_ setting: Setting) throws { elements = try ElementSet(setting, subject: Self.name) }

    /// None: it looks at compositions.
    public var requiredProperties: [String] { [] }
    /// Words for the funnel.
    public var label: String { "with any of " + elements.symbols.joined(separator: ", ") }

    /// Sets `keep` to false for the rows to drop.
    public func apply(_ batch: ScreenedBatch, properties: [Int], keep: inout [Bool]) {
        filterElements(batch.candidates, keep: &keep) { !$0.isDisjoint(with: elements) }
    }
}
