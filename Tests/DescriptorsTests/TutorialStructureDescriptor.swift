// The second tutorial of CONTRIBUTING.md, compiled: the guide quotes the marked region, and `scripts/check quotes` compares them.
// begin structure-descriptor
import MaterialsCore
import Neighborhoods

/// How many atoms stand around an atom, and how many of them are of its own element.
///
///     n = (1/N) Σᵢ #{j: |rⱼ − rᵢ| ≤ cutoff}        s = (share of those pairs whose atoms are of one element)
///
/// - Input:    atomic numbers and positions, Å; `cutoff` in Å (0.1 to 20, default 4)
/// - Output:   2 features: `neighbors`, `like neighbors` (0 to 1, NaN where no atom has a neighbour)
/// - Scope:    ordered structures of any periodicity
/// - Numerics: whole numbers until the last division
/// - Cost:     a neighbour list
public struct LikeNeighbors: StructureDescriptor {
    /// `like-neighbors`.
    public static let name = "like-neighbors"
    /// The tutorial that it is made for.
    public static let references = [Citation("MatSieve, CONTRIBUTING.md")]
    /// All: means over the atoms, and distances only.
    public static let invariances = Invariances.all
    /// Slabs, chains and molecules too.
    public static let supportsOpenAxes = true

    private let cutoff: Double

    /// Reads `cutoff`.
    public init(settings: inout Settings) throws {
        cutoff = try settings.number("cutoff", default: 4, in: 0.1...20)
        try settings.finish()
    }

    /// `neighbors`, `like neighbors`.
    public var featureNames: [String] { ["neighbors", "like neighbors"] }

    /// Fills the two numbers of one structure.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        let list = try NeighborList(crystal, cutoff: cutoff)
        var alike = 0
        for i in 0..<crystal.count {
            for pair in list.range(of: i) where crystal.atomicNumbers[Int(list.neighbors[pair])] == crystal.atomicNumbers[i] { alike += 1 }
        }
        features[0] = Double(list.pairCount) / Double(crystal.count)
        features[1] = Double(alike) / Double(list.pairCount)
    }
}
// end structure-descriptor
