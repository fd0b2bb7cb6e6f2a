import MaterialsCore

/// The atom fraction of each of the 118 elements.
///
/// - Output:   118 features, labelled by the element's symbol
/// - Source:   L. Ward et al., Comput. Mater. Sci. 152, 60 (2018), doi:10.1016/j.commatsci.2018.05.018. Differences: fractions below
///   10⁻⁸ are kept
public struct ElementFractionDescriptor: CompositionDescriptor {
    /// `element-fraction`.
    public static let name = "element-fraction"
    /// The implementation whose labels these are.
    public static let references = [
        Citation("L. Ward et al., Comput. Mater. Sci. 152, 60 (2018)", doi: "10.1016/j.commatsci.2018.05.018")
    ]

    /// Has no settings.
    public init(settings: inout Settings) throws { try settings.finish() }

    /// `H` … `Og`.
    public var featureNames: [String] { Array(Element.symbols.dropFirst()) }

    /// Fills the fractions of one composition.
    public func describe(_ atomicNumbers: Span<UInt8>, _ amounts: Span<Double>, into features: inout MutableSpan<Double>)
        throws(CandidateDefect)
    {
        try requireElements(atomicNumbers, of: Self.name)
        let total = amounts.sum
        for i in features.indices { features[i] = 0 }
        for i in amounts.indices { features[Int(atomicNumbers[i]) - 1] = amounts[i] / total }
    }
}
