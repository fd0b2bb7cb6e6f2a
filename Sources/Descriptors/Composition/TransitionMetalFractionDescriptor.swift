import MaterialsCore

/// The atom fraction of the transition metals that can carry a magnetic moment (21 elements, without Sc, Y, Zn, Cd, Hf, Au, Hg).
///
/// - Output:   1 feature, `transition metal fraction`
/// - Source:   A. M. Deml, R. O'Hayre, C. Wolverton, V. Stevanović, Phys. Rev. B 93, 085142 (2016), doi:10.1103/PhysRevB.93.085142
public struct TransitionMetalFractionDescriptor: CompositionDescriptor {
    /// `transition-metal-fraction`.
    public static let name = "transition-metal-fraction"
    /// The paper that uses it.
    public static let references = [
        Citation("A. M. Deml, R. O'Hayre, C. Wolverton, V. Stevanović, Phys. Rev. B 93, 085142 (2016)", doi: "10.1103/PhysRevB.93.085142")
    ]

    private let isTransitionMetal: [Bool]

    /// Has no settings.
    public init(settings: inout Settings) throws {
        try settings.finish()
        isTransitionMetal = (0...118).map { AlloyTable.transitionMetals.contains($0) }
    }

    /// `transition metal fraction`.
    public var featureNames: [String] { ["transition metal fraction"] }

    /// Fills the fraction of one composition.
    public func describe(_ atomicNumbers: Span<UInt8>, _ amounts: Span<Double>, into features: inout MutableSpan<Double>)
        throws(CandidateDefect)
    {
        try requireElements(atomicNumbers, of: Self.name)
        var metals = 0.0
        for i in amounts.indices where isTransitionMetal[Int(atomicNumbers[i])] { metals += amounts[i] }
        features[0] = metals / amounts.sum
    }
}
