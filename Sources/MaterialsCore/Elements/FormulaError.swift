/// Why a formula cannot be read, and where.
public struct FormulaError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Character of the fault, from 1; one past the last where something is missing at the end.
    public var column: Int
    /// What is wrong there, for people.
    public var reason: String

    /// Makes an error.
    public init(column: Int, reason: String) { (self.column, self.reason) = (column, reason) }

    /// `column 3: …`
    public var description: String { "column \(column): \(reason)" }
}

/// Something in a formula that was read, but may not be what was meant.
public struct FormulaWarning: Hashable, Sendable, CustomStringConvertible {
    /// What may not be meant.
    public enum Kind: String, Hashable, CaseIterable, Sendable {
        /// `CuSO4.5H2O` is read as 4.5 oxygens, not as `CuSO4·5H2O`.
        case decimalBeforeUnit = "decimal-before-unit"
        /// D and T count as hydrogen.
        case hydrogenIsotope = "hydrogen-isotope"
    }

    /// What may not be meant.
    public var kind: Kind
    /// Character, from 1.
    public var column: Int

    /// Makes a warning.
    public init(_ kind: Kind, column: Int) { (self.kind, self.column) = (kind, column) }

    /// One line for people.
    public var description: String {
        switch kind {
        case .decimalBeforeUnit: "column \(column): '.' was read as a decimal point; write '·' or '*' before a formula unit"
        case .hydrogenIsotope: "column \(column): D and T count as hydrogen"
        }
    }
}
