import MaterialsCore

/// Drops candidates that hold any of the listed elements.
///
///     - exclude_elements: [Pb, Cd, Hg]
///
/// - Scope: any composition; amounts do not count, only whether an element is there.
public struct ExcludeElements: CandidateFilter {
    /// Its name in plans.
    public static let name = "exclude_elements"
    /// A line of a plan.
    public static let example = "exclude_elements: [Pb, Cd]"
    private let elements: ElementSet

    /// Reads a list of symbols, or one.
    public init(_ setting: Setting) throws { elements = try ElementSet(setting, subject: Self.name) }

    /// None: it looks at compositions.
    public var requiredProperties: [String] { [] }
    /// Words for the funnel.
    public var label: String { "no " + elements.symbols.joined(separator: ", ") }

    /// Sets `keep` to false for the rows to drop.
    public func apply(_ batch: ScreenedBatch, properties: [Int], keep: inout [Bool]) {
        filterElements(batch.candidates, keep: &keep) { $0.isDisjoint(with: elements) }
    }
}
