import MaterialsCore

/// What a property kind may look at while it is checked and opened.
struct PropertyContext {
    /// Name of the property.
    let name: String
    /// Its line in the plan.
    let line: Int
    /// The whole plan.
    let plan: ScreeningPlan
    /// Threads, and the request to stop.
    let workers: Workers
    /// Loads and trains models.
    let surrogates: SurrogateProvider
    /// Classes whose probabilities the plan names, for a classification.
    var classes: [String] = []

    /// A path of the plan as one from the working folder.
    func resolve(_ file: String) -> String { plan.resolve(file) }

    /// True where the ids of candidates have the ordinal of their source before them.
    var idsArePrefixed: Bool { plan.sources.count > 1 }

    /// An error that names the property's line in the plan.
    func error(_ message: String) -> MatSieveError { Settings.error(line, message) }

    /// A table that was read, for manifest and report.
    /// - Parameters:
    ///   - file: the path as the plan has it
    ///   - dataClass: what the plan says of its rights; the stricter class counts
    func input(_ source: any CandidateSource, file: String, role: String, dataClass: DataClass?) throws -> RunDescription.Input {
        let p = source.provenance
        return RunDescription.Input(
            role: role, path: file, sha256: try source.contentHash(), dataClass: max(p.dataClass, dataClass ?? .open), license: p.license,
            source: p.source)
    }
}
