import MaterialsCore

/// Keeps candidates made of nothing but the listed elements.
///
///     - only_elements: [Cu, Zn, Sn, S]
///
/// - Scope: any composition; amounts do not count, only whether an element is there.
public struct OnlyElements: CandidateFilter {
    /// Its name in plans.
    public static let name = "only_elements"
    /// A line of a plan.
    public static let example = "only_elements: [Cu, Zn, Sn, S]"
    private let elements: ElementSet

    /// Reads a list of symbols, or one.
    public init(_ setting: Setting) throws { elements = try ElementSet(setting, subject: Self.name) }

    /// None: it looks at compositions.
    public var requiredProperties: [String] { [] }
    /// Words for the funnel.
    public var label: String { "only of " + elements.symbols.joined(separator: ", ") }

    /// Sets `keep` to false for the rows to drop.
    public func apply(_ batch: ScreenedBatch, properties: [Int], keep: inout [Bool]) {
        filterElements(batch.candidates, keep: &keep) { $0.isSubset(of: elements) }
    }
}
