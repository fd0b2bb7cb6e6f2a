import MaterialsCore

/// All kinds of sources of candidates, by the key that selects them in a plan.
enum CandidateSourceRegistry {
    /// Alphabetical; a new kind is one line here.
    static let entries: [CandidateSourceEntry] = [
        CandidateSourceEntry(EnumeratedCandidates.self),
        CandidateSourceEntry(FileCandidates.self),
        CandidateSourceEntry(SubstitutedCandidates.self),
    ]

    /// Reads an item of `candidates`; exactly one of its keys must be that of a kind.
    static func decode(_ settings: inout Settings) throws -> any CandidateSourceKind {
        let keys = settings.keys
        let chosen = entries.filter { keys.contains($0.name) }
        guard chosen.count == 1 else {
            let names = entries.map(\.name).sorted()
            let near = chosen.isEmpty ? keys.lazy.compactMap { nearestName(to: $0, among: names) }.first : nil
            throw Settings.error(
                settings.line,
                "candidates needs \(names.count > 1 ? "exactly one of " : "")\(names.map { "'\($0)'" }.joined(separator: ", "))"
                    + (near.map { "; did you mean '\($0)'?" } ?? ""))
        }
        return try chosen[0].make(&settings)
    }
}
