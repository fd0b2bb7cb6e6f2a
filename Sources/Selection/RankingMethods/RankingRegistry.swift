import MaterialsCore

/// All ranking methods, by their names in plans.
public enum RankingRegistry {
    /// Alphabetical; a new method is one line here.
    public static let entries: [RankingEntry] = [
        RankingEntry(DesirabilityRanking.self),
        RankingEntry(HypervolumeContributionRanking.self),
        RankingEntry(LexicographicRanking.self),
        RankingEntry(ParetoRanking.self),
        RankingEntry(TOPSISRanking.self),
        RankingEntry(WeightedSumRanking.self),
    ]

    /// The method of a name; an unknown one throws `.usage` with the line and the nearest valid name.
    public static func entry(named name: String, line: Int = 0) throws -> RankingEntry {
        if let entry = entries.first(where: { $0.name == name }) { return entry }
        throw Settings.error(line, "unknown ranking method '\(name)'" + suggestion(for: name, among: entries.map(\.name)))
    }
}
