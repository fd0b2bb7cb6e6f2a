// The tutorial of CONTRIBUTING.md, compiled: the guide quotes the marked regions, and `scripts/check quotes` compares them.
// begin descriptor
import MaterialsCore

/// The share of atoms that belong to the heaviest elements.
///
///     f = Σ aᵢ over the heaviest elements / Σ aᵢ over all
///
/// - Input:    amounts aᵢ of the elements, any scale
/// - Output:   1 feature, `heaviest element fraction`, above 0 and at most 1
/// - Scope:    every composition that has an element
/// - Numerics: sums in ascending atomic number
public struct HeaviestElementFraction: CompositionDescriptor {
    /// `heaviest-element-fraction`.
    public static let name = "heaviest-element-fraction"
    /// The tutorial that it is made for.
    public static let references = [Citation("MatSieve, CONTRIBUTING.md")]

    private let elementCount: Int

    /// Reads `elements`: how many of the heaviest count (1 to 10, default 1).
    public init(settings: inout Settings) throws {
        elementCount = try settings.integer("elements", default: 1, in: 1...10)
        try settings.finish()
    }

    /// `heaviest element fraction`.
    public var featureNames: [String] { ["heaviest element fraction"] }

    /// Fills the share of one composition; one without elements is a defect.
    public func describe(
        _ atomicNumbers: Span<UInt8>, _ amounts: Span<Double>, into features: inout MutableSpan<Double>
    ) throws(CandidateDefect) {
        if amounts.isEmpty { throw CandidateDefect("empty-composition", "the composition has no elements") }
        var heaviest = 0.0
        var all = 0.0
        for i in amounts.indices {
            all += amounts[i]
            if i >= amounts.count - elementCount { heaviest += amounts[i] }
        }
        features[0] = heaviest / all
    }
}
// end descriptor
