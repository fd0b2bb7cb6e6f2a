import MaterialsCore

/// Norms of the atom fractions: how a composition is spread over its elements, whatever they are.
///
///     ‖x‖ₚ = (Σ xᵢᵖ)^(1/p)        ‖x‖₀ = number of elements
///
/// - Output:   6 features, `0-norm`, `2-norm`, `3-norm`, `5-norm`, `7-norm`, `10-norm`
/// - Numerics: sums in ascending atomic number; equals matminer 0.10.1 to 10⁻¹²
/// - Source:   L. Ward, A. Agrawal, A. Choudhary, C. Wolverton, npj Comput. Mater. 2, 16028 (2016), doi:10.1038/npjcompumats.2016.28
public struct StoichiometryDescriptor: CompositionDescriptor {
    /// `stoichiometry`.
    public static let name = "stoichiometry"
    /// The paper that uses them.
    public static let references = [
        Citation(
            "L. Ward, A. Agrawal, A. Choudhary, C. Wolverton, npj Comput. Mater. 2, 16028 (2016)", doi: "10.1038/npjcompumats.2016.28")
    ]
    private static let orders = [0, 2, 3, 5, 7, 10]

    /// Has no settings.
    public init(settings: inout Settings) throws { try settings.finish() }

    /// `0-norm` … `10-norm`.
    public var featureNames: [String] { Self.orders.map { "\($0)-norm" } }

    /// Fills the norms of one composition.
    public func describe(_ atomicNumbers: Span<UInt8>, _ amounts: Span<Double>, into features: inout MutableSpan<Double>)
        throws(CandidateDefect)
    {
        try requireElements(atomicNumbers, of: Self.name)
        let total = amounts.sum
        features[0] = Double(amounts.count)
        for (feature, order) in Self.orders.enumerated().dropFirst() {
            var sum = 0.0
            for i in amounts.indices { sum += power(amounts[i] / total, order) }
            features[feature] = order == 2 ? sum.squareRoot() : PortableMath.pow(sum, 1 / Double(order))
        }
    }
}

private func power(_ x: Double, _ order: Int) -> Double {
    var product = 1.0
    for _ in 0..<order { product *= x }
    return product
}
