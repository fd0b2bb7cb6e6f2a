import MaterialsCore

/// Keeps candidates with a number of distinct elements between two bounds, both included.
///
///     - element_count: {min: 2, max: 5}
///     - element_count: 3
///
/// - Scope: any composition.
public struct ElementCount: CandidateFilter {
    /// Its name in plans.
    public static let name = "element_count"
    /// A line of a plan.
    public static let example = "element_count: {min: 2, max: 4}"
    private let bounds: ClosedRange<Int>

    /// Reads `min` (1) and `max` (118), or one number for both.
    public init(_ setting: Setting) throws {
        if case .number(let n) = setting.value {
            guard let count = Int(exactly: n), (1...118).contains(count) else {
                throw Settings.error(setting.line, "'element_count' must be a whole number from 1 to 118")
            }
            bounds = count...count
            return
        }
        var settings = try Settings(setting, subject: Self.name)
        if settings.keys.isEmpty { throw Settings.error(setting.line, "'element_count' needs 'min', 'max' or both") }
        let lower = try settings.integer("min", default: 1, in: 1...118)
        let upper = try settings.integer("max", default: 118, in: 1...118)
        try settings.finish()
        guard lower <= upper else { throw Settings.error(setting.line, "'min' of element_count (\(lower)) is above 'max' (\(upper))") }
        bounds = lower...upper
    }

    /// None: it looks at compositions.
    public var requiredProperties: [String] { [] }

    /// Words for the funnel.
    public var label: String {
        if bounds.lowerBound == bounds.upperBound { return "\(bounds.lowerBound) element\(bounds.lowerBound == 1 ? "" : "s")" }
        if bounds.upperBound == 118 { return "at least \(bounds.lowerBound) elements" }
        if bounds.lowerBound == 1 { return "at most \(bounds.upperBound) elements" }
        return "\(bounds.lowerBound) to \(bounds.upperBound) elements"
    }

    /// Sets `keep` to false for the rows to drop.
    public func apply(_ batch: ScreenedBatch, properties: [Int], keep: inout [Bool]) {
        let offsets = batch.candidates.compositionOffsets
        for row in 0..<batch.count where keep[row] { keep[row] = bounds.contains(offsets[row + 1] - offsets[row]) }
    }
}
