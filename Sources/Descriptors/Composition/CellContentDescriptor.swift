import MaterialsCore

/// Size of the formula as it is written: many tables give the content of the cell, and polymorphs often differ in it.
///
///     Na4Cl4:  atoms 8,  formula units 4,  atoms a formula unit 2
///
/// - Input:    a composition. Amounts that are not whole numbers count as one formula unit.
/// - Output:   3 features, `atoms in formula`, `formula units`, `atoms per formula unit`
/// - Scope:    says nothing where formulas were reduced before
/// - Numerics: exact
public struct CellContentDescriptor: CompositionDescriptor {
    /// `cell-content`.
    public static let name = "cell-content"
    /// Where Z, the number of formula units of a cell, is defined.
    public static let references = [
        Citation("International Tables for Crystallography A, 6th ed. (2016)", doi: "10.1107/97809553602060000114")
    ]

    /// Has no settings.
    public init(settings: inout Settings) throws { try settings.finish() }

    /// Three labels.
    public var featureNames: [String] { ["atoms in formula", "formula units", "atoms per formula unit"] }

    /// Fills the counts of one composition.
    public func describe(_ atomicNumbers: Span<UInt8>, _ amounts: Span<Double>, into features: inout MutableSpan<Double>)
        throws(CandidateDefect)
    {
        try requireElements(atomicNumbers, of: Self.name)
        let total = amounts.sum
        var units = 0
        for i in amounts.indices {
            guard amounts[i] == amounts[i].rounded(.towardZero), amounts[i] >= 1, amounts[i] < 1e9 else {
                units = 1
                break
            }
            units = greatestCommonDivisor(units, Int(amounts[i]))
        }
        features[0] = total
        features[1] = Double(max(units, 1))
        features[2] = total / Double(max(units, 1))
    }
}
