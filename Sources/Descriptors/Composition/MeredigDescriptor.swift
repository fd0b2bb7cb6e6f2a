import MaterialsCore

/// Meredig's features of a composition: the fraction of every element and 17 averages and ranges.
///
/// - Output:   135 features: `H fraction` … `Og fraction`; `mean AtomicWeight`, `mean Column`, `mean Row`, `range Number`, `mean Number`,
///   `range AtomicRadius`, `mean AtomicRadius`, `range Electronegativity`, `mean Electronegativity`; the eight of `valence-orbital`
/// - Scope:    hydrogen to copernicium; rejects Z ≥ 113. `missing` decides for elements without a radius or electronegativity
/// - Numerics: equals matminer 0.10.1 to 10⁻¹⁰
/// - Source:   B. Meredig, A. Agrawal, S. Kirklin, J. E. Saal, J. W. Doak, A. Thompson, K. Zhang, A. Choudhary, C. Wolverton,
///   Phys. Rev. B 89, 094104 (2014), doi:10.1103/PhysRevB.89.094104
public struct MeredigDescriptor: CompositionDescriptor {
    /// `meredig`.
    public static let name = "meredig"
    /// The original paper.
    public static let references = [
        Citation("B. Meredig et al., Phys. Rev. B 89, 094104 (2014)", doi: "10.1103/PhysRevB.89.094104")
    ]
    private static let elements = 118

    private let radius: ElementProperty
    private let electronegativity: ElementProperty

    /// Reads `missing`: `impute`, `nan` or `reject`.
    public init(settings: inout Settings) throws {
        let missing = try settings.missingElementValue()
        try settings.finish()
        radius = ElementProperty("atomic radius", MagpieTable.atomicRadius, missing: missing)
        electronegativity = ElementProperty("electronegativity", MagpieTable.electronegativity, missing: missing)
    }

    /// 135 labels.
    public var featureNames: [String] {
        Element.symbols.dropFirst().map { "\($0) fraction" } + [
            "mean AtomicWeight", "mean Column", "mean Row", "range Number", "mean Number", "range AtomicRadius", "mean AtomicRadius",
            "range Electronegativity", "mean Electronegativity",
        ] + ValenceElectrons.labels
    }

    /// Fills the features of one composition.
    public func describe(_ atomicNumbers: Span<UInt8>, _ amounts: Span<Double>, into features: inout MutableSpan<Double>)
        throws(CandidateDefect)
    {
        try requireElements(atomicNumbers, of: Self.name, last: lastTabulatedElement)
        for i in 0..<Self.elements { features[i] = 0 }
        let total = amounts.sum
        var (weight, column, row, number) = (0.0, 0.0, 0.0, 0.0)
        for i in amounts.indices {
            let z = Int(atomicNumbers[i])
            features[z - 1] = amounts[i] / total
            weight += amounts[i] * MagpieTable.atomicWeight[z]
            column += amounts[i] * MagpieTable.column[z]
            row += amounts[i] * MagpieTable.row[z]
            number += amounts[i] * Double(z)
        }
        let first = Self.elements
        (features[first], features[first + 1], features[first + 2]) = (weight / total, column / total, row / total)
        features[first + 3] = Double(atomicNumbers[atomicNumbers.count - 1] - atomicNumbers[0])
        features[first + 4] = number / total
        let radii = try radius.weighted(atomicNumbers, amounts)
        (features[first + 5], features[first + 6]) = (radii.range, radii.mean)
        let negativity = try electronegativity.weighted(atomicNumbers, amounts)
        (features[first + 7], features[first + 8]) = (negativity.range, negativity.mean)
        ValenceElectrons.fill(&features, from: first + 9, atomicNumbers, amounts)
    }
}
