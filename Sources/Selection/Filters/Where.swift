import MaterialsCore

/// Keeps candidates for which an expression over properties is true.
///
///     - where: gap > 1.1 and gap < 1.7
///     - gap > 1.1 and gap < 1.7        # the same: a bare text in the list of filters is this filter
///
/// - Scope: a candidate for which the result is unknown, because a value that decides is missing, is dropped.
/// - Source: language and three-valued logic are described at `Expression`.
public struct Where: CandidateFilter {
    /// Its name in plans.
    public static let name = "where"
    /// A line of a plan.
    public static let example = "where: gap > 1.1 and gap < 1.7"
    private var condition: Expression

    /// Reads the text of the expression, which must be true or false.
    public init(_ setting: Setting) throws {
        guard case .text(let text) = setting.value else {
            throw Settings.error(setting.line, "'where' must be an expression such as gap > 1.1 and gap < 1.7")
        }
        do {
            condition = try Expression(text)
        } catch let error as MatSieveError {
            throw Settings.error(setting.line, error.message)
        }
        guard condition.kind == .boolean else {
            throw Settings.error(
                setting.line, "'\(condition.text)' is a number, not a condition; compare it, such as \(condition.text) > 0")
        }
        guard !condition.propertyNames.isEmpty else {
            throw Settings.error(setting.line, "'\(condition.text)' looks at no property and would keep all candidates or none")
        }
    }

    /// The properties that the expression names.
    public var requiredProperties: [String] { condition.propertyNames }
    /// Classes that the expression names.
    public var comparedClasses: [ComparedClass] { condition.comparedClasses }
    /// The same condition with the codes of its classes.
    public func resolvingClasses(_ code: (ComparedClass) throws -> Double) throws -> Where {
        var result = self
        result.condition = try condition.resolvingClasses(code)
        return result
    }
    /// Words for the funnel.
    public var label: String { condition.text }

    /// Sets `keep` to false for the rows to drop.
    public func apply(_ batch: ScreenedBatch, properties: [Int], keep: inout [Bool]) {
        let columns = properties.map { batch.values[$0] ?? [Double](repeating: .nan, count: batch.count) }
        condition.evaluate(columns, rows: batch.count) { truth in
            for row in truth.indices where truth[row] != Truth.true { keep[row] = false }
        }
    }
}
