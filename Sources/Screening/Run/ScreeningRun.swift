import Foundation
import MaterialsCore
import Selection
import Storage
import Synchronization

/// Executes a plan: prepares it, folds batch after batch, and finishes; or leaves a shard or a checkpoint.
public struct ScreeningRun {
    private let options: RunOptions
    private let interruption: Interruption
    private let progress: ProgressMeter

    /// A run with the given options.
    public init(options: RunOptions, interruption: Interruption = Interruption(), progress: ProgressMeter = ProgressMeter(quiet: true)) {
        (self.options, self.interruption, self.progress) = (options, interruption, progress)
    }

    /// What a run came to.
    public struct Outcome: Sendable {
        /// Candidates read.
        public var read: UInt64
        /// Unusable ones.
        public var rejected: UInt64
        /// Lines of the ranking.
        public var kept: Int
        /// Name, in, out of each step.
        public var funnel: [(name: String, in: UInt64, out: UInt64)]
        /// Folder of the outputs.
        public var output: String
        /// Time of the screening step alone.
        public var seconds: Double
        /// Rate of the screening step.
        public var candidatesPerSecond: Double
        /// The ten best, for people: a heading and a line each.
        public var best: [String]
        /// For people: what they should mind.
        public var warnings: [String]
        /// For people: what happened beside the numbers.
        public var notes: [String]
        /// Set where more candidates were unusable than allowed; thrown once the summary is printed.
        public var failure: MatSieveError?
    }

    /// Runs the plan.
    /// - Throws: `MatSieveError` with the exit code of the contract.
    public func execute() throws -> Outcome {
        guard let text = FileManager.default.contents(atPath: options.planPath) else {
            throw MatSieveError.usage("\(options.planPath): no such plan; give the path of a YAML file")
        }
        guard let utf8 = String(validatingUTF8Bytes: text) else { throw MatSieveError.usage("\(options.planPath): is not UTF-8 text") }
        let plan = try ScreeningPlan(text: utf8, path: options.planPath, overrides: options.overrides)
        let preparation = try PlanPreparation(plan: plan, options: options, interruption: interruption, progress: progress)
        let layout = try preparation.check()
        if options.dryRun { return nothingRun(options.folder, preparation.summary(layout)) }
        let folder = try RunFolder(options: options)
        if options.resume { try refuseOtherPlan(plan, folder) }
        let prepared = try preparation.prepare(layout)
        if options.prepare {
            let models = options.folder + "/models"
            return nothingRun(models, ["models are in \(models); runs use them with --models \(models)"])
        }
        return try open(prepared.plan.ranking.method, prepared, folder)
    }

    /// What lies in the folder must be of this plan; seen before anything is trained.
    private func refuseOtherPlan(_ plan: ScreeningPlan, _ folder: RunFolder) throws {
        let found = try folder.finishedShard() ?? folder.checkpoints.load()
        let isOther =
            try found.map { $0.description.canonicalPlan != plan.canonicalText }
            ?? folder.finishedReport().map { $0.plan != plan.displayText } ?? false
        if isOther {
            throw MatSieveError.usage("\(folder.path): holds another run (its plan differs); run without --resume into another folder")
        }
    }

    private func nothingRun(_ folder: String, _ messages: [String]) -> Outcome {
        Outcome(
            read: 0, rejected: 0, kept: 0, funnel: [], output: folder, seconds: 0, candidatesPerSecond: 0, best: [],
            warnings: [], notes: messages)
    }

    /// Opens the existential once, so that the fold is concrete from here on.
    private func open(_ method: some RankingMethod, _ prepared: PreparedPlan, _ folder: RunFolder) throws -> Outcome {
        let shard = options.shard ?? .whole
        var warnings = prepared.notes
        var state = RunState(
            description: try prepared.description(options: options), shard: shard, cursor: nil, isComplete: false,
            summary: prepared.emptySummary(rejectionLimit: options.rejectionLimit), ranking: RankingState())
        if options.resume, let done = try finished(state, folder) { return done }
        if options.resume, let found = try folder.checkpoints.load() {
            if let difference = state.description.difference(from: found.description) ?? (found.shard == shard ? nil : "shard") {
                throw MatSieveError.usage(
                    "\(folder.path): the checkpoint is of another run (its \(difference) differs); run without --resume into another folder"
                )
            }
            state = found
        }
        let input = try self.input(prepared, shard: shard, cursor: state.cursor, warnings: &warnings)
        let started = ContinuousClock.now
        let before = state.summary.read
        if !state.isComplete { try fold(method, prepared, input, folder, &state) }
        let seconds = (ContinuousClock.now - started) / .seconds(1)
        guard state.summary.read > state.summary.rejected || shard.count > 1 else { throw noCandidates(state.summary, prepared) }
        return try interruption.saving {
            try finish(
                state, folder, seconds: seconds, training: prepared.trainingSeconds, read: state.summary.read - before, warnings: warnings)
        }
    }

    /// The outcome of a run that is done already, so that a requeued job may say --resume without harm.
    private func finished(_ state: RunState, _ folder: RunFolder) throws -> Outcome? {
        let different = MatSieveError.usage("\(folder.path): holds the results of another run; run without --resume into another folder")
        if let found = try folder.finishedShard() {
            guard state.description.difference(from: found.description) == nil, state.shard == found.shard else { throw different }
            try folder.checkpoints.remove()
            return Outcome(
                read: found.summary.read, rejected: found.summary.rejected, kept: found.ranking.held.count, funnel: RunFinish.funnel(found),
                output: folder.path, seconds: 0, candidatesPerSecond: 0, best: [], warnings: [],
                notes: ["this shard is finished; nothing to do"])
        }
        guard let report = try folder.finishedReport() else { return nil }
        let expected = RunFinish(state: state, timings: .init()).inputs()
        guard report.version == state.description.version, report.plan == state.description.displayPlan, report.inputs == expected else {
            throw different
        }
        try folder.checkpoints.remove()
        return Outcome(
            read: UInt64(report.counts.read), rejected: UInt64(report.counts.rejected), kept: report.counts.ranked,
            funnel: report.funnel.map { ($0.name, UInt64($0.input), UInt64($0.output)) }, output: folder.path, seconds: 0,
            candidatesPerSecond: 0,
            best: BestLines.lines(report), warnings: [], notes: ["this run is finished; nothing to do"],
            failure: limitExceeded(read: UInt64(report.counts.read), rejected: UInt64(report.counts.rejected), folder))
    }

    private func noCandidates(_ summary: RunSummary, _ prepared: PreparedPlan) -> MatSieveError {
        let files = prepared.plan.sources.map(\.label).joined(separator: ", ")
        guard let first = summary.rejections.first else { return .input("\(files): holds no candidates") }
        return .input("\(files): none of \(grouped(summary.read)) candidates can be used; the first: \(first.defect.detail)")
    }

    private func input(_ prepared: PreparedPlan, shard: Shard, cursor: RunInput.Cursor?, warnings: inout [String]) throws -> RunInput {
        if shard.count == 1 {
            progress.begin("screening")
            if let count = try countsWithoutReading(prepared) { progress.setTotal(count) }
            return RunInput(sources: prepared.sources, ranges: prepared.sources.map { _ in 0..<1 << 48 }, from: cursor)
        }
        for s in prepared.sources where !s.isAddressable {
            warnings.append(
                "\(s.provenance.path) is text: every shard reads it from the start; 'matsieve import' makes a store of it that starts anywhere"
            )
        }
        let ranges = shard.ranges(positionCounts: try prepared.sources.map { try $0.positionCount() })
        progress.begin("screening shard \(shard.number)/\(shard.count)", total: ranges.reduce(0) { $0 + UInt64($1.count) })
        return RunInput(sources: prepared.sources, ranges: ranges, from: cursor)
    }

    private func countsWithoutReading(_ prepared: PreparedPlan) throws -> UInt64? {
        guard prepared.sources.allSatisfy(\.isAddressable) else { return nil }
        return try prepared.sources.reduce(0) { $0 + UInt64(try $1.positionCount()) }
    }

    /// What one worker makes of a piece of input.
    private struct Part<Fold: RankingFold>: Sendable {
        var summary: RunSummary
        var fold: Fold
        var positions: Int
        var end: RunInput.Cursor
    }

    private func fold<M: RankingMethod>(
        _ method: M, _ prepared: PreparedPlan, _ input: RunInput, _ folder: RunFolder, _ state: inout RunState
    ) throws {
        var total = try method.makeFold(state.ranking)
        var lastCheckpoint = ContinuousClock.now
        let limit = options.rejectionLimit
        var pending = state
        func checkpoint() throws {
            pending.ranking = total.state
            try interruption.saving { try folder.checkpoints.save(pending) }
            lastCheckpoint = ContinuousClock.now
        }
        // What is held so far tells the workers what they need not look at.
        let beginning = Mutex(total.emptyPart())
        let scheduler = BatchScheduler<Part<M.Fold>>(threads: options.threads, isCancelled: { [interruption] in interruption.isRequested })
        try scheduler.run(
            next: { try input.next() },
            process: { piece in
                var part = Part(
                    summary: prepared.emptySummary(rejectionLimit: limit), fold: beginning.withLock { $0 },
                    positions: piece.pending.positions.count, end: piece.end)
                for batch in try piece.pending.decode() {
                    try prepared.pipeline.process(prepared.rebased(batch, source: piece.source), into: &part.summary, fold: &part.fold)
                }
                return part
            },
            commit: { part in
                pending.summary.merge(part.summary)
                try total.merge(part.fold)
                let next = total.emptyPart()
                beginning.withLock { $0 = next }
                pending.cursor = part.end
                progress.advance(UInt64(part.positions))
                if ContinuousClock.now - lastCheckpoint >= .seconds(options.checkpointInterval) { try checkpoint() }
            })
        progress.end()
        if interruption.isRequested {
            try checkpoint()
            throw MatSieveError.stopped(
                "stopped by \(interruption.cause) after \(grouped(pending.summary.read)) candidates; the same command with --resume goes on from there"
            )
        }
        pending.ranking = total.state
        pending.isComplete = true
        state = pending
    }

    private func finish(
        _ state: RunState, _ folder: RunFolder, seconds: Double, training: Double?, read: UInt64, warnings: [String]
    ) throws -> Outcome {
        let rate = seconds > 0 ? Double(read) / seconds : 0
        var outcome = Outcome(
            read: state.summary.read, rejected: state.summary.rejected, kept: 0, funnel: RunFinish.funnel(state), output: folder.path,
            seconds: seconds, candidatesPerSecond: rate, best: [], warnings: warnings, notes: [])
        if state.shard.count > 1 {
            try folder.saveShard(state)
            outcome.kept = state.ranking.held.count
            outcome.notes.append(
                "shard \(state.shard.number)/\(state.shard.count) is in \(folder.path); 'matsieve merge' brings all together")
        } else {
            let timings = RunFinish.Timings(
                screeningSeconds: seconds, trainingSeconds: training, candidatesPerSecond: rate, threads: options.threads)
            let report = try RunFinish(state: state, timings: timings).write(to: folder.path)
            outcome.kept = report.counts.ranked
            outcome.best = BestLines.lines(report)
        }
        try folder.checkpoints.remove()
        if state.shard.count == 1 { outcome.failure = limitExceeded(read: outcome.read, rejected: outcome.rejected, folder) }
        return outcome
    }

    private func limitExceeded(read: UInt64, rejected: UInt64, _ folder: RunFolder) -> MatSieveError? {
        options.maxRejected.flatMap { $0.error(rejected: rejected, read: read, folder: folder.path) }
    }
}

extension String {
    /// Text from bytes, or nil where they are not UTF-8.
    init?(validatingUTF8Bytes data: Data) {
        guard let text = String(bytes: data, encoding: .utf8) else { return nil }
        self = text
    }
}
