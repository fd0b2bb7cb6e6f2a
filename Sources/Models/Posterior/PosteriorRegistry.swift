import MaterialsCore

/// The posteriors that the search for next experiments can use.
public enum PosteriorRegistry {
    /// One line a posterior, by name.
    public static let entries: [PosteriorEntry] = [
        PosteriorEntry(GaussianProcessPosterior.self),
        PosteriorEntry(RandomFeaturePosterior.self),
    ]

    /// The posterior of a name.
    /// - Throws: `MatSieveError.usage` with the nearest name.
    public static func entry(named name: String) throws -> PosteriorEntry {
        if let entry = entries.first(where: { $0.name == name }) { return entry }
        throw MatSieveError.usage("unknown model '\(name)' of a search" + suggestion(for: name, among: entries.map(\.name)))
    }
}
