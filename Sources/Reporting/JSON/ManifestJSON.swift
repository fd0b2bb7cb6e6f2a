import MaterialsCore

/// `manifest.json`: what another person needs to repeat a run.
public struct RunManifest: Codable, Equatable, Sendable {
    /// Version of this layout.
    public var schema = 1
    /// Version of MatSieve.
    public var version: String
    /// Name of the plan.
    public var name: String
    /// Command line, word by word.
    public var command: [String]
    /// Strictest class of all inputs.
    public var dataClass: DataClass
    /// The plan as it was written.
    public var plan: String
    /// Hash of the plan's text, hexadecimal.
    public var planSHA256: String
    /// Seed of every random choice.
    public var seed: UInt64
    /// Files that went in, with hash, class and licence.
    public var inputs: [ReportedInput]
    /// Files that came out, with hash.
    public var outputs: [ReportedInput]
    /// Host, CPU, threads, BLAS kernels, library versions by name.
    public var environment: ReportedFacts
    /// Seconds by name, and the moment.
    public var timings: ReportedFacts

    private enum CodingKeys: String, CodingKey {
        case schema, version, name, command, dataClass, plan
        case planSHA256 = "planSha256"
        case seed, inputs, outputs, environment, timings
    }

    /// Makes a manifest.
    public init(
        version: String, name: String, command: [String], dataClass: DataClass = .open, plan: String, planSHA256: String, seed: UInt64,
        inputs: [ReportedInput], outputs: [ReportedInput] = [], environment: ReportedFacts = ReportedFacts(),
        timings: ReportedFacts = ReportedFacts()
    ) {
        (self.version, self.name, self.command, self.dataClass) = (version, name, command, dataClass)
        (self.plan, self.planSHA256, self.seed) = (plan, planSHA256, seed)
        (self.inputs, self.outputs, self.environment, self.timings) = (inputs, outputs, environment, timings)
    }
}

/// Writes `manifest.json`.
public enum ManifestJSON {
    /// The text of the file.
    public static func text(_ manifest: RunManifest) throws -> String { try JSONTextEncoder.text(manifest) }
}
