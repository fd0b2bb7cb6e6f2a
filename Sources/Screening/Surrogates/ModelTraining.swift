import MaterialsCore
import Models
import Storage

/// `matsieve train`: trains a surrogate and writes its file.
public struct ModelTraining {
    /// What came out.
    public struct Outcome: Sendable {
        /// Rows learned from.
        public var rows: Int
        /// Rows that could not be used.
        public var rejections: [Rejection]
        /// What people should mind of the table.
        public var notes: [String]
        let card: ModelCard
        let output: String
        let seconds: Double
    }

    /// Trains as `plan` says.
    public static func run(
        _ plan: TrainingPlan, output: String, predictions: String?, workers: Workers, progress: ProgressMeter
    ) throws -> Outcome {
        let clock = ContinuousClock()
        let start = clock.now
        try SurrogateTrainer.checkNames(plan, path: plan.file)
        let trainer = try SurrogateTrainer(
            plan, property: plan.target, path: plan.file, displayPath: plan.file, workers: workers)
        progress.begin("training \(plan.target) (\(plan.model.name), \(grouped(UInt64(trainer.rowCount))) rows)")
        let trained = try trainer.trainWithOutOfFold()
        progress.end()
        _ = try trained.surrogate.save(output)
        if let predictions { try trained.table.writeOutOfFold(trained.outOfFold, to: predictions, target: plan.target) }
        let elapsed = (clock.now - start).components
        return Outcome(
            rows: trained.surrogate.card.rows, rejections: trained.table.rejections, notes: trained.table.notes,
            card: trained.surrogate.card, output: output,
            seconds: Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18)
    }
}

extension ModelTraining.Outcome {
    private struct Summary: Encodable {
        struct CrossValidation: Encodable {
            let scheme: String
            let folds: Int
            let metrics: [String: ModelCard.Metric]
            let baseline: [String: Double]
        }
        let model: String
        let target: String
        let task: LearningTask
        let descriptors: [String]
        let rows: Int
        let rejected: Int
        let cv: CrossValidation?
        let output: String
        let seconds: Double
    }

    /// The summary as one JSON object.
    public func json() throws -> String {
        try JSONText.line(
            Summary(
                model: card.model, target: card.target, task: card.task, descriptors: card.descriptors, rows: rows,
                rejected: rejections.count,
                cv: card.validation.map {
                    .init(
                        scheme: $0.scheme, folds: $0.folds, metrics: $0.metrics.filter { $0.value.mean.isFinite },
                        baseline: card.baseline.filter { $0.value.isFinite })
                },
                output: output, seconds: seconds))
    }

    /// The summary for people.
    public var lines: [String] {
        card.lines + ["trained in \(duration(seconds)); model in \(output)"]
    }
}

extension ModelCard {
    /// The card for people, a line each.
    var lines: [String] {
        var lines = [
            "\(model) for \(target)\(unit.map { " (\($0))" } ?? ""): \(rows) rows, \(featureCount) features of \(descriptors.joined(separator: ", "))"
        ]
        if let v = validation {
            lines.append("error (\(v.scheme)):")
            for (name, m) in v.metrics.sorted(by: { $0.key < $1.key }) where m.mean.isFinite {
                let spread = m.std.map { " ± \(shortText($0))" } ?? ""
                let mean =
                    baseline[name].map { "   (\(task == .regression ? "predicting the mean" : "the commonest class"): \(shortText($0)))" }
                    ?? ""
                lines.append("  \(name) \(shortText(m.mean))\(spread)\(mean)")
            }
        }
        return lines + warnings.map { "note: \($0)" }
    }
}

/// Four significant digits, for people.
func shortText(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return numberText(value) }
    let digits = max(0, 3 - Int(PortableMath.log10(abs(value)).rounded(.down)))
    let scale = PortableMath.pow(10, Double(min(digits, 12)))
    return numberText((value * scale).rounded() / scale)
}
