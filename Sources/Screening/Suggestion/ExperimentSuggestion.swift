import MaterialsCore
import Models
import Selection

/// `matsieve suggest`: reads candidates and measurements, proposes what to measure next.
public struct ExperimentSuggestion {
    /// What was done, for people and programs.
    public struct Outcome: Sendable {
        /// Acquisition that chose.
        public var method: String
        /// Posterior it used; nil where none was needed.
        public var model: String?
        /// What the posterior of each column chose.
        public var models: [(column: String, summary: [String: String])]
        /// Goals, in the order of the file.
        public var objectives: [String]
        /// Rows with all values.
        public var measured: Int
        /// Rows that could be proposed.
        public var candidates: Int
        /// In the order of their choice.
        public var proposals: [Proposal]
        /// What people should mind.
        public var notes: [String]
    }

    private let request: SuggestionRequest
    private let rule: BatchRule
    private let workers: Workers

    /// A suggestion to be made.
    public init(_ request: SuggestionRequest, workers: Workers) throws {
        guard (1...10_000).contains(request.proposals) else {
            throw MatSieveError.usage("--proposals \(request.proposals): give a number from 1 to 10000")
        }
        guard let rule = BatchRule(rawValue: request.batch) else {
            throw MatSieveError.usage(
                "unknown --batch '\(request.batch)'" + suggestion(for: request.batch, among: BatchRule.allCases.map(\.rawValue)))
        }
        (self.request, self.rule, self.workers) = (request, rule, workers)
    }

    /// Proposes, and writes the proposals to `output`.
    public func run(output: String) throws -> Outcome {
        try requireEnding(output, [".csv", ".csv.gz"])
        let wanted = try request.method.map { try AcquisitionRegistry.entry(named: $0.name) }
        let columns = try SuggestionColumns(request)
        let source = try columns.openForSearch(request)
        let survey = try SuggestionSurvey.read(source, columns, request.candidates, workers)
        try check(survey, columns)
        var notes = notes(survey, source)
        let entry = try chosen(wanted, survey, columns, &notes)
        let model = entry.traits.needsModel ? try PosteriorRegistry.entry(named: request.model?.name ?? defaultModel(survey)) : nil
        let (state, models) = try state(survey, columns, model)
        let search = try ProposalSearch(
            entry, settings: entry.name == wanted?.name ? request.method!.settings : Setting(.null), rule: rule, state: state,
            hasCosts: columns.cost != nil)
        let scan = SourceScan(source: source, columns: columns, scaling: survey.scaling, workers: workers)
        let proposals = try search.proposals(request.proposals, from: state, scan: scan)
        if proposals.count < request.proposals { notes.append("only \(proposals.count) candidates were left to propose") }
        try ProposalTable.write(proposals, columns, request, to: output)
        return Outcome(
            method: entry.name, model: model?.name, models: models, objectives: columns.goals.map { columns.measured[$0.place] },
            measured: survey.complete, candidates: survey.proposable, proposals: proposals, notes: notes)
    }

    private func check(_ survey: SuggestionSurvey, _ columns: SuggestionColumns) throws {
        let path = request.candidates
        try survey.tally.requireUsable(path)
        guard survey.proposable > 0 else {
            if survey.complete > 0 {
                throw MatSieveError.input(
                    "\(path): all \(survey.complete) candidates are measured; add candidates that are blank in '\(columns.measured.last!)'")
            }
            throw MatSieveError.input(
                "\(path): no row has a number in every descriptor column\(columns.cost == nil ? "" : " and a positive cost") "
                    + "(\(columns.descriptors.prefix(8).joined(separator: ", "))); fill them, or choose with --descriptors")
        }
        guard !survey.scaling.kept.isEmpty else {
            throw MatSieveError.input("\(path): all descriptor columns are constant; there is nothing to choose between")
        }
    }

    private func notes(_ survey: SuggestionSurvey, _ source: any CandidateSource) -> [String] {
        var notes: [String] = []
        if survey.tally.rejected > 0 {
            notes.append(
                "\(survey.tally.rejected) rows cannot be used and are never proposed; the first: \(survey.tally.rejections[0].defect.detail)"
            )
        }
        if survey.unusable > 0 {
            notes.append("\(survey.unusable) rows have a blank descriptor or no positive cost; they are never proposed")
        }
        let rights = source.provenance.dataClass
        if rights != .open { notes.append("the data are \(rights.rawValue): the proposals are too") }
        return notes
    }

    /// The method asked for, or the usual one; with nothing measured, one that needs no measurement.
    private func chosen(
        _ wanted: AcquisitionEntry?, _ survey: SuggestionSurvey, _ columns: SuggestionColumns, _ notes: inout [String]
    ) throws -> AcquisitionEntry {
        let usual =
            columns.goals.isEmpty ? Novelty.name : columns.goals.count == 1 ? ExpectedImprovement.name : ExpectedHypervolumeImprovement.name
        let entry = try wanted ?? AcquisitionRegistry.entry(named: usual)
        guard entry.traits.needsModel, survey.complete == 0 else { return entry }
        guard !columns.goals.isEmpty else {
            throw MatSieveError.usage("\(entry.name): needs an objective; give --objectives, or --method novelty")
        }
        notes.append("nothing is measured yet: \(Novelty.name) chooses, \(entry.name) can once there are measurements")
        return try AcquisitionRegistry.entry(named: Novelty.name)
    }

    /// Exact while a fit takes about a second.
    private func defaultModel(_ survey: SuggestionSurvey) -> String {
        survey.rows.count <= 2_000 ? GaussianProcessPosterior.name : RandomFeaturePosterior.name
    }

    private func state(
        _ survey: SuggestionSurvey, _ columns: SuggestionColumns, _ model: PosteriorEntry?
    ) throws -> (SearchState, [(column: String, summary: [String: String])]) {
        let scaling = survey.scaling
        let width = scaling.kept.count
        let complete = survey.values.indices.filter { r in !survey.values[r].contains { $0.isNaN } }
        let known = FeatureMatrix(rows: complete.count, columns: width, values: complete.flatMap { scaling.apply(survey.rows[$0]) })
        guard let model else {
            return (SearchState(objectives: [], known: known, medians: [], seed: request.seed), [])
        }
        var models: [(column: String, summary: [String: String])] = []
        func posterior(_ place: Int, sign: Double) throws -> any PosteriorModel {
            let rows = survey.values.indices.filter { !survey.values[$0][place].isNaN }
            let features = FeatureMatrix(rows: rows.count, columns: width, values: rows.flatMap { scaling.apply(survey.rows[$0]) })
            var settings = try Settings(request.model?.settings ?? Setting(.null), subject: "model '\(model.name)'")
            let context = TrainingContext(
                seed: request.seed, threads: workers.threads,
                isCancelled: { [interruption = workers.interruption] in interruption.isRequested })
            let fitted = try model.fit(features, rows.map { sign * survey.values[$0][place] }, &settings, context)
            models.append((columns.measured[place], fitted.summary))
            return fitted
        }
        let objectives = try columns.goals.map { goal in
            SearchObjective(
                name: columns.measured[goal.place], maximize: goal.maximize,
                posterior: try posterior(goal.place, sign: goal.maximize ? 1 : -1))
        }
        let constraints = try columns.bounds.map { bound in
            SearchConstraint(
                name: columns.measured[bound.place], bound: bound.constraint.bound, isUpper: bound.constraint.isUpper,
                posterior: try posterior(bound.place, sign: 1))
        }
        let medians = columns.goals.map { goal in
            Self.median(complete.map { survey.values[$0][goal.place] * (goal.maximize ? 1 : -1) })
        }
        return (
            SearchState(objectives: objectives, constraints: constraints, known: known, medians: medians, seed: request.seed), models
        )
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let half = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
    }
}
