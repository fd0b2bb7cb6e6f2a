import MaterialsCore
import Models
import Storage

/// `matsieve train`: trains surrogates and writes their file.
public struct ModelTraining {
    /// What came out.
    public struct Outcome: Sendable {
        /// Rows of the table.
        public var rows: Int
        /// Rows that no surrogate could use, and those that one of them could not.
        public var rejections: [Rejection]
        /// What people should mind of the table.
        public var notes: [String]
        /// One a target, in order.
        let cards: [ModelCard]
        let output: String
        let seconds: Double
        let environment: TrainingEnvironment
    }

    /// Trains as `plan` says.
    public static func run(
        _ plan: TrainingPlan, output: String, predictions: String?, workers: Workers, progress: ProgressMeter
    ) throws -> Outcome {
        let clock = ContinuousClock()
        let start = clock.now
        guard predictions == nil || plan.targets.count == 1 else {
            throw MatSieveError.usage("--predictions: lists the held-out rows of one target; train the targets one by one for it")
        }
        guard Set(plan.targets).count == plan.targets.count else { throw MatSieveError.usage("--target: names a column twice") }
        try SurrogateTrainer.checkNames(plan, path: plan.file)
        let trainer = try SurrogateTrainer(plan, property: nil, path: plan.file, displayPath: plan.file, workers: workers)
        progress.begin(
            "training \(plan.targets.joined(separator: ", ")) (\(plan.model.name), \(grouped(UInt64(trainer.rowCount))) rows)")
        let trained = try trainer.train()
        progress.end()
        try SurrogateFile.save(trained.map(\.surrogate), to: output)
        if let predictions { try trained[0].table.writeOutOfFold(trained[0].outOfFold, to: predictions) }
        let elapsed = (clock.now - start).components
        return Outcome(
            rows: trained.map { $0.table.count + $0.table.rejections.count }.max()!, rejections: rejections(trained),
            notes: trained[0].table.notes,
            cards: trained.map(\.surrogate.card), output: output,
            seconds: Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18,
            environment: TrainingEnvironment(threads: workers.threads))
    }

    /// What any target could not use, each row and reason once.
    private static func rejections(_ trained: [TrainedSurrogate]) -> [Rejection] {
        var found = trained[0].table.rejections
        for more in trained.dropFirst() {
            let known = Set(found.map { "\($0.index.rawValue) \($0.defect.detail)" })
            found += more.table.rejections.filter { !known.contains("\($0.index.rawValue) \($0.defect.detail)") }
        }
        return trained.count == 1 ? found : found.sorted { $0.index < $1.index }
    }
}

extension ModelTraining.Outcome {
    private struct Summary: Encodable {
        let model: String
        let target: String
        let task: LearningTask
        let descriptors: [String]
        let rows: Int
        let rejected: Int
        let cv: CrossValidationSummary?
        let output: String
        let seconds: Double
        let environment: TrainingEnvironment
    }

    private struct SeveralSummary: Encodable {
        struct Target: Encodable {
            let target: String
            let rows: Int
            let rejected: Int
            let cv: CrossValidationSummary?
        }
        let model: String
        let task: LearningTask
        let descriptors: [String]
        let targets: [Target]
        let output: String
        let seconds: Double
        let environment: TrainingEnvironment
    }

    /// The summary as one JSON object; several targets stand in a list `targets`.
    public func json() throws -> String {
        let first = cards[0]
        guard cards.count > 1 else {
            return try JSONText.line(
                Summary(
                    model: first.model, target: first.target, task: first.task, descriptors: first.descriptors, rows: first.rows,
                    rejected: first.rejectedRows, cv: CrossValidationSummary(first), output: output, seconds: seconds,
                    environment: environment))
        }
        return try JSONText.line(
            SeveralSummary(
                model: first.model, task: first.task, descriptors: first.descriptors,
                targets: cards.map { .init(target: $0.target, rows: $0.rows, rejected: $0.rejectedRows, cv: CrossValidationSummary($0)) },
                output: output, seconds: seconds, environment: environment))
    }

    /// The summary for people.
    public var lines: [String] {
        cards.flatMap(\.summaryLines) + [
            "trained in \(duration(seconds)), \(environment.peakMemoryBytes >> 20) MiB at most; model in \(output)"
        ]
    }
}

/// `cv` of `train --json`.
private struct CrossValidationSummary: Encodable {
    let scheme: String
    let folds: Int
    let metrics: [String: ModelCard.Metric]
    let baseline: [String: Double]

    init?(_ card: ModelCard) {
        guard let v = card.validation else { return nil }
        (scheme, folds) = (v.scheme, v.folds)
        metrics = v.metrics.filter { $0.value.mean.isFinite }
        baseline = card.baseline.filter { $0.value.isFinite }
    }
}
