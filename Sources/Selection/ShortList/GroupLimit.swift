import MaterialsCore

/// Most lines of a kind on the short list (`ranking.at_most`): `{count: 3, per: chemical_system}`, or per a text column such as
/// `prototype`, or per a property.
///
/// Methods with a score of its own for each candidate (`weighted-sum`, `desirability`) and those that hold all that can be reached
/// (`topsis`, `lexicographic`) hold what the limited list needs, however the run is cut; `pareto` and `hypervolume-contribution` pass
/// over lines of the fronts that are held.
public struct GroupLimit: Equatable, Sendable {
    /// Lines of a kind.
    public let count: Int
    /// What makes a kind.
    public let key: String
    /// Line in the plan.
    public let line: Int
    /// The key of all that are made of the same elements.
    public static let chemicalSystem = "chemical_system"

    /// Reads it strictly.
    init(_ setting: Setting) throws {
        var s = try Settings(setting, subject: "'at_most'")
        count = try s.integer("count", default: 1, in: 1...1_000_000)
        key = try s.text("per") ?? Self.chemicalSystem
        line = s.line(of: "per")
        try s.finish()
    }

    /// Elements of a composition, such as `Cu-S-Zn`: by symbol.
    public static func chemicalSystem(of composition: Composition) -> String {
        composition.atomicNumbers.map { Element(atomicNumber: Int($0))!.symbol }.sorted().joined(separator: "-")
    }
}
