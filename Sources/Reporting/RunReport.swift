import MaterialsCore

/// The whole result of a run, from which every file for programs and people is written.
///
/// `report.json` holds it under the names below; `environment` and `timings` come last and are the only parts that may
/// differ between two runs of the same plan.
public struct RunReport: Codable, Equatable, Sendable {
    /// Version of this layout.
    public var schema = 1
    /// Version of MatSieve.
    public var version: String
    /// Name of the plan.
    public var name: String
    /// Strictest class of all inputs.
    public var dataClass: DataClass
    /// What was read, kept and rejected.
    public var counts: Counts
    /// Steps in the order in which they ran.
    public var funnel: [FunnelStep]
    /// Goals.
    public var objectives: [ReportedObjective]
    /// Properties, in the order of `RankedRow.values`.
    public var properties: [ReportedProperty]
    /// What was ranked.
    public var ranking: Ranking
    /// Phase diagrams of systems of the best; nil where the run has no hull.
    public var phaseDiagrams: [ReportedPhaseDiagram]?
    /// Chemical potentials at which the best would be stable; nil where the run has no hull.
    public var stabilityWindows: [ReportedStabilityWindow]?
    /// One card a trained model.
    public var models: [ModelCard]
    /// Candidates that could not be used, by reason.
    public var rejections: [RejectionCount]
    /// Files that went in.
    public var inputs: [ReportedInput]
    /// The plan as it was written.
    public var plan: String
    /// Seed of every random choice.
    public var seed: UInt64
    /// Remarks for people, one line each, in English.
    public var warnings: [String]
    /// The same in Japanese, as far as they are not words of files.
    public var warningsJa: [String]?
    /// Host, CPU, threads, memory and library versions by name.
    public var environment: ReportedFacts
    /// Seconds by name, and the moment.
    public var timings: ReportedFacts

    /// Makes a report.
    public init(
        version: String, name: String, dataClass: DataClass = .open, counts: Counts, funnel: [FunnelStep], objectives: [ReportedObjective],
        properties: [ReportedProperty], ranking: Ranking, models: [ModelCard] = [], rejections: [RejectionCount] = [],
        inputs: [ReportedInput] = [], plan: String, seed: UInt64 = 0, warnings: [BilingualText] = [],
        environment: ReportedFacts = ReportedFacts(),
        timings: ReportedFacts = ReportedFacts()
    ) {
        (self.version, self.name, self.dataClass, self.counts, self.funnel) = (version, name, dataClass, counts, funnel)
        (self.objectives, self.properties, self.ranking, self.models) = (objectives, properties, ranking, models)
        (self.rejections, self.inputs, self.plan, self.seed) = (rejections, inputs, plan, seed)
        (self.environment, self.timings) = (environment, timings)
        (self.warnings, warningsJa) = (warnings.map(\.en), warnings.map(\.ja))
    }

    /// What happened to all candidates.
    public struct Counts: Codable, Equatable, Sendable {
        /// Candidates met, rejected ones included.
        public var read: Int
        /// Candidates that could not be used.
        public var rejected: Int
        /// Candidates that passed all filters.
        public var passed: Int
        /// Lines of the ranking.
        public var ranked: Int

        /// Makes counts.
        public init(read: Int, rejected: Int, passed: Int, ranked: Int) {
            (self.read, self.rejected, self.passed, self.ranked) = (read, rejected, passed, ranked)
        }
    }

    /// The ranked candidates and what their columns mean.
    public struct Ranking: Codable, Equatable, Sendable {
        /// Registry name of the method.
        public var method: String
        /// What the score says; nil in reports of older versions.
        public var scoreMeaning: BilingualText?
        /// Names of the columns of the method, in the order of `RankedRow.extras`.
        public var extraColumns: [String]
        /// Names of text columns, in the order of `RankedRow.texts`.
        public var textColumns: [String]
        /// Best first.
        public var rows: [RankedRow]

        /// Makes a ranking.
        public init(
            method: String, scoreMeaning: BilingualText? = nil, extraColumns: [String] = [], textColumns: [String] = [], rows: [RankedRow]
        ) {
            (self.method, self.scoreMeaning, self.extraColumns) = (method, scoreMeaning, extraColumns)
            (self.textColumns, self.rows) = (textColumns, rows)
        }
    }
}

/// One step of the funnel.
public struct FunnelStep: Codable, Equatable, Sendable {
    /// What it asks for: `no Pb, Cd`, `gap > 1.1`.
    public var name: String
    /// Candidates that came.
    public var input: Int
    /// Candidates that went on.
    public var output: Int

    private enum CodingKeys: String, CodingKey {
        case name
        case input = "in"
        case output = "out"
    }

    /// Makes a step.
    public init(name: String, input: Int, output: Int) { (self.name, self.input, self.output) = (name, input, output) }
}

/// A goal of the plan.
public struct ReportedObjective: Codable, Equatable, Sendable {
    /// Property it judges.
    public var property: String
    /// True: more is better.
    public var maximize: Bool
    /// The value to come close to, where it is neither more nor less that counts.
    public var target: Double?
    /// Weight.
    public var weight: Double

    /// Makes a goal.
    public init(property: String, maximize: Bool, target: Double? = nil, weight: Double = 1) {
        (self.property, self.maximize, self.target, self.weight) = (property, maximize, target, weight)
    }

    /// The goal of a ranking.
    public init(_ objective: Objective) {
        self.init(property: objective.property, maximize: objective.maximize, target: objective.target, weight: objective.weight)
    }
}

/// A line of the ranking; missing numbers are nil.
public struct RankedRow: Codable, Equatable, Sendable {
    /// From 1.
    public var rank: Int
    /// Label.
    public var id: String
    /// Formula.
    public var formula: String
    /// Higher is better; nil where it is no finite number.
    public var score: Double?
    /// One value a property.
    public var values: [Double?]
    /// Standard deviations beside `values`.
    public var spreads: [Double?]
    /// One value an objective.
    public var objectives: [Double?]
    /// Columns of the ranking method.
    public var extras: [Double?]
    /// Text columns.
    public var texts: [String]
    /// Properties whose model learned from this very composition: no finds, memories.
    public var known: [String]

    /// Makes a line; NaN counts as missing.
    public init(
        rank: Int, id: String, formula: String, score: Double, values: [Double], spreads: [Double] = [], objectives: [Double] = [],
        extras: [Double] = [], texts: [String] = [], known: [String] = []
    ) {
        func present(_ x: [Double]) -> [Double?] { x.map { $0.isNaN ? nil : $0 } }
        (self.rank, self.id, self.formula, self.texts, self.known) = (rank, id, formula, texts, known)
        self.score = score.isNaN ? nil : score
        (self.values, self.objectives, self.extras) = (present(values), present(objectives), present(extras))
        self.spreads = spreads.isEmpty ? values.map { _ in nil } : present(spreads)
    }

    /// The line of a ranked candidate, whose formula is written by the caller.
    public init(rank: Int, _ ranked: RankedCandidate, formula: String, known: [String] = []) {
        let c = ranked.candidate
        self.init(
            rank: rank, id: c.id, formula: formula, score: ranked.score, values: c.values, spreads: c.spreads, objectives: c.objectives,
            extras: ranked.extras, texts: c.texts, known: known)
    }
}
