import MaterialsCore
import Selection

/// A screening plan: where candidates come from, what is computed for them, what is dropped, and what is best.
public struct ScreeningPlan: Sendable {
    /// One source of candidates.
    public struct Source: Sendable {
        /// What gives them.
        var kind: any CandidateSourceKind
        /// Line in the plan.
        public var line: Int

        /// What it is, for messages: the file, or a few words.
        var label: String { kind.label }
    }

    /// One computed property.
    public struct Property: Sendable {
        /// Name in expressions and outputs.
        public var name: String
        /// How it is computed.
        var kind: any PropertyKind
        /// Line in the plan.
        public var line: Int

        /// True for what a surrogate predicts.
        var isPredicted: Bool { kind is any PredictedPropertyKind }
    }

    /// One filter with its label.
    public struct Filter: Sendable {
        /// Name in the funnel.
        public var name: String
        /// The filter.
        public var filter: any CandidateFilter
        /// Line in the plan.
        public var line: Int
    }

    /// Title of the run.
    public var name: String
    /// Sources in order.
    public var sources: [Source]
    /// Properties in the order of the plan.
    public var properties: [Property]
    /// Filters in the order of the plan.
    public var filters: [Filter]
    /// Goals.
    public var objectives: [Objective]
    /// Lines of the objectives, for messages.
    public var objectiveLines: [Int]
    /// How what is left is ordered.
    public var ranking: RankingPlan
    /// True where structures are read and kept for the short list, even if nothing else needs them.
    public var keepsStructures: Bool
    /// Seed of every random choice.
    public var seed: UInt64
    /// The plan as canonical text: equal plans, equal text, whatever the layout and comments.
    public var canonicalText: String
    /// The plan as the user wrote it.
    public var sourceText: String
    /// Changes of `--set`.
    public var overrides: [String]
    /// Folder that relative paths start from.
    public var folder: String

    /// Decodes a plan.
    /// - Parameters:
    ///   - text: YAML
    ///   - path: where it came from; relative paths start from its folder
    ///   - overrides: `KEY=VALUE` pairs
    public init(text: String, path: String, overrides: [String] = []) throws {
        var root = try YAMLSettings.decode(text, subject: path)
        for o in overrides { root = try Self.apply(o, to: root) }
        do {
            try self.init(root: root, folder: path.contains("/") ? String(path[..<path.lastIndex(of: "/")!]) : ".")
        } catch let e as MatSieveError where e.message.hasPrefix("line ") {
            throw MatSieveError(e.kind, "\(path), \(e.message)")
        }
        sourceText = text
        self.overrides = overrides
    }

    private static func apply(_ override: String, to root: Setting) throws -> Setting {
        guard let equals = override.firstIndex(of: "="), equals != override.startIndex else {
            throw MatSieveError.usage("--set \(override): give KEY=VALUE, such as ranking.keep=50")
        }
        let value = try YAMLSettings.decode(String(override[override.index(after: equals)...]), subject: "--set \(override)")
        let here = Setting(value.value, line: 0, source: value.source)
        return try root.replacing(override[..<equals].split(separator: ".")[...], with: here, whole: override)
    }

    private init(root: Setting, folder: String) throws {
        var plan = try Settings(root, subject: "the plan")
        name = try plan.text("name") ?? "screening"
        seed = UInt64(try plan.integer("seed", default: 0, in: 0...1 << 53))
        sources = try PlanDecoder.sources(&plan)
        properties = try PlanDecoder.properties(&plan, seed: seed)
        filters = try PlanDecoder.filters(&plan)
        properties += try PlanDecoder.reviews(of: filters, beside: properties)
        keepsStructures = try plan.boolean("keep_structures", default: false)
        (objectives, objectiveLines) = try PlanDecoder.objectives(&plan)
        ranking = try RankingPlan(plan.setting("ranking"), objectives: objectives, seed: seed)
        try plan.finish()
        canonicalText = root.canonicalText
        (sourceText, overrides) = ("", [])
        self.folder = folder
    }

    /// The plan for people: as written, with the changes of `--set` behind it.
    var displayText: String {
        let lines = overrides.map { "# --set " + $0.replacing("\n", with: " ") + "\n" }
        return sourceText + (sourceText.hasSuffix("\n") ? "" : "\n") + lines.joined()
    }

    /// A path of the plan as one from the working folder.
    public func resolve(_ file: String) -> String {
        file.hasPrefix("/") || folder == "." ? file : folder + "/" + file
    }
}
