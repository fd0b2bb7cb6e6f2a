import MaterialsCore

/// The acquisitions that `suggest` can name.
public enum AcquisitionRegistry {
    /// One line an acquisition, by name.
    public static let entries: [AcquisitionEntry] = [
        AcquisitionEntry(Boundary.self),
        AcquisitionEntry(ExpectedHypervolumeImprovement.self),
        AcquisitionEntry(ExpectedImprovement.self),
        AcquisitionEntry(KnowledgeGradient.self),
        AcquisitionEntry(Novelty.self),
        AcquisitionEntry(ProbabilityOfImprovement.self),
        AcquisitionEntry(Thompson.self),
        AcquisitionEntry(Uncertainty.self),
        AcquisitionEntry(UpperConfidenceBound.self),
    ]

    /// The acquisition of a name or short name, in any case.
    /// - Throws: `MatSieveError.usage` with the nearest name.
    public static func entry(named name: String) throws -> AcquisitionEntry {
        let wanted = name.lowercased()
        if let entry = entries.first(where: { $0.name == wanted || $0.aliases.contains(wanted) }) { return entry }
        throw MatSieveError.usage("unknown method '\(name)'" + suggestion(for: name, among: entries.map(\.name)))
    }
}
