import MaterialsCore
import Models
import Selection
import Storage

/// A plan whose files are open, whose names are resolved and whose surrogates are trained: ready to run.
struct PreparedPlan: Sendable {
    let plan: ScreeningPlan
    let sources: [any CandidateSource]
    /// Files and tables that went in beside the candidates and the models.
    let files: [RunDescription.Input]
    let pipeline: CandidatePipeline
    /// Columns that all batches of the run carry.
    let schema: CandidateSchema
    let models: [RunDescription.Model]
    /// What people should mind of the inputs.
    let notes: [String]
    /// Time that went into training; nil where all models were there.
    let trainingSeconds: Double?

    /// One batch of a source as a batch of the run.
    func rebased(_ batch: CandidateBatch, source: Int) -> CandidateBatch {
        if sources.count == 1 && batch.schema == schema { return batch }
        return batch.rebased(schema: schema, source: source, idPrefix: sources.count > 1 ? "\(source):" : "")
    }

    /// Everything that finishing and merging need to know of the run.
    func description(options: RunOptions) throws -> RunDescription {
        let inputs = try sources.map { s in
            let p = s.provenance
            return RunDescription.Input(
                role: "candidates", path: p.path, sha256: try s.contentHash(), dataClass: p.dataClass, license: p.license, source: p.source)
        }
        return RunDescription(
            version: MatSieve.version, planText: plan.sourceText, planPath: options.planPath, overrides: options.overrides,
            displayPlan: plan.displayText, notes: notes,
            canonicalPlan: plan.canonicalText, inputs: inputs + files, models: models,
            properties: pipeline.properties.map {
                .init(
                    name: $0.definition.name, unit: $0.definition.unit, hasSpread: $0.definition.hasSpread, classes: $0.classNames)
            },
            textColumns: schema.text.map(\.name), stepNames: pipeline.stepNames, rejectionLimit: options.rejectionLimit, seed: plan.seed)
    }

    func emptySummary(rejectionLimit: Int) -> RunSummary {
        RunSummary(stepCount: pipeline.stepNames.count, propertyCount: pipeline.properties.count, rejectionLimit: rejectionLimit)
    }
}
