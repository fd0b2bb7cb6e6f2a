import MaterialsCore

/// A formula over the properties of a candidate, such as `1.1 < gap < 1.7 and not supply_risk > 3`.
///
///     or · and · not · < <= > >= == != (may be chained) · + - · * / · unary minus · ( )
///     phase == 'perovskite' · phase != 'perovskite'   (a class of a classification, in single quotes)
///     abs(x) exp(x) log(x) log10(x) sqrt(x) min(a, b, …) max(a, b, …)
///
/// Names are letters, digits and `_`; others stand in back-quotes or double quotes: `` `band gap (eV)` ``.
/// `log` is the natural logarithm. Conditions and numbers don't mix: `gap and 1` is refused when parsed.
///
/// - Output: a number a row (missing is NaN), or a truth value: false, unknown or true.
/// - Scope: a comparison with a missing value is unknown. Logic is three-valued: `not unknown` and `true and unknown` are
///   unknown, `false and unknown` is false, `true or unknown` is true. Arithmetic with a missing value is missing; so are
///   0/0 and the logarithm or root of a negative number; 1/0 is infinite.
/// - Errors: `.usage` with the column of the fault.
/// - Numerics: exp, log and log10 are those of `PortableMath`; the same bits on every machine.
/// - Source: three-valued logic: S. C. Kleene, Introduction to Metamathematics, 1952, §64.
public struct Expression: Sendable {
    /// What an expression yields.
    public enum Kind: String, Sendable {
        /// A number a row.
        case number
        /// A truth value a row.
        case boolean = "condition"
    }

    /// The text, without spaces around it.
    public let text: String
    /// What it yields.
    public let kind: Kind
    /// Names of the properties it looks at, in the order of their first use.
    public let propertyNames: [String]
    /// Classes that it compares properties with; unknown, so that the comparison is too, until `resolvingClasses`.
    public let comparedClasses: [ComparedClass]
    private var program: ExpressionProgram

    /// Parses `text`.
    public init(_ text: String) throws {
        let trimmed = text.split(whereSeparator: \.isNewline).joined(separator: " ").trimmingSpaces
        var parser = try ExpressionParser(trimmed)
        kind = try parser.parse()
        (self.text, propertyNames, program) = (trimmed, parser.names, parser.program)
        comparedClasses = parser.comparedClasses
    }

    /// The same expression that knows the codes of the classes it compares with.
    public func resolvingClasses(_ code: (ComparedClass) throws -> Double) rethrows -> Expression {
        var result = self
        result.program.resolve(try comparedClasses.map(code))
        return result
    }

    /// Evaluates a condition for `rows` rows; `columns[i]` holds the values of `propertyNames[i]`.
    ///
    /// `body` sees one `Truth` a row.
    public func evaluate(_ columns: [[Double]], rows: Int, body: (Span<UInt8>) -> Void) {
        precondition(kind == .boolean && columns.count == propertyNames.count && columns.allSatisfy { $0.count == rows })
        var scratch = ExpressionScratch(program, rows: rows)
        program.run(columns, scratch: &scratch)
        body(scratch.truths.span.extracting(0..<rows))
    }

    /// The values of a number expression for `rows` rows; `columns[i]` holds the values of `propertyNames[i]`.
    public func values(_ columns: [[Double]], rows: Int) -> [Double] {
        precondition(kind == .number && columns.count == propertyNames.count && columns.allSatisfy { $0.count == rows })
        var scratch = ExpressionScratch(program, rows: rows)
        program.run(columns, scratch: &scratch)
        return Array(scratch.numbers[..<rows])
    }
}

/// Values of three-valued logic, so ordered that `and` is the minimum, `or` the maximum and `not x` is `2 - x`.
public enum Truth {
    /// Not so.
    public static let `false`: UInt8 = 0
    /// A value that decides is missing.
    public static let unknown: UInt8 = 1
    /// So.
    public static let `true`: UInt8 = 2
}

extension String {
    fileprivate var trimmingSpaces: String {
        var s = self[...]
        while s.first?.isWhitespace == true { s.removeFirst() }
        while s.last?.isWhitespace == true { s.removeLast() }
        return String(s)
    }
}
