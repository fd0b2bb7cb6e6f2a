import MaterialsCore
import Models

/// Learns one target from described rows: judges the error, then fits on all rows.
struct SurrogateFit {
    let plan: TrainingPlan
    let property: String
    let displayPath: String
    let workers: Workers
    let table: TrainingTable
    let tableHash: String
    let pipeline: FeaturePipeline
    let data: TrainingData

    init(
        plan: TrainingPlan, property: String, displayPath: String, workers: Workers, table: TrainingTable, tableHash: String,
        pipeline: FeaturePipeline, features: FeatureMatrix
    ) {
        (self.plan, self.property, self.displayPath, self.workers) = (plan, property, displayPath, workers)
        (self.table, self.tableHash, self.pipeline) = (table, tableHash, pipeline)
        data = TrainingData(
            features: features, targets: table.targets[0].values, weights: table.weights, featureNames: pipeline.featureNames,
            categoricalColumns: pipeline.categoricalColumns, task: plan.task, classCount: max(table.targets[0].classes.count, 2),
            groups: pipeline.groups)
    }

    /// What was found out on rows that a fit did not see.
    struct Judgement {
        let crossValidation: CrossValidation
        /// For models that do not know their error.
        var errorModel: ErrorModel?
        let calibration: Calibration
        let summary: ModelCard.CalibrationSummary?
        let worstErrors: [ModelCard.WorstError]
        let importance: PermutationImportance
        let learningCurve: [ModelCard.LearningPoint]
    }

    /// Judges the error, then fits on all rows.
    func train() throws -> TrainedSurrogate {
        try checkClasses()
        let judged = try folds().map(judge)
        var model = try fit(data)
        let kept = try neededParts(model, judged)
        if let selecting = model as? any ColumnSelecting, kept.columns.count < data.features.columns {
            model = selecting.restricted(to: kept.columns)
        }
        let seen = data.selectingColumns(kept.columns)
        let domain = try ApplicabilityDomain.fit(
            seen.features, categoricalColumns: seen.categoricalColumns, seed: plan.seed, isCancelled: { workers.interruption.isRequested })
        let surrogate = Surrogate(
            card: try card(model: model, pipeline: kept.pipeline, judged: judged), features: kept.pipeline, model: model,
            known: table.compositionKeys(),
            errorModel: judged?.errorModel, calibration: judged?.calibration ?? .none(plan.task), domain: domain,
            elements: table.elementMask())
        return TrainedSurrogate(surrogate: surrogate, outOfFold: judged?.crossValidation, table: table)
    }

    /// The descriptors and columns that a model uses which chose among them, so that the others are not computed for candidates;
    /// all where it does not choose, or where an error model sees them all.
    private func neededParts(_ model: any PropertyModel, _ judged: Judgement?) throws -> (pipeline: FeaturePipeline, columns: [Int]) {
        let all = Array(0..<data.features.columns)
        guard let selecting = model as? any ColumnSelecting, judged?.errorModel == nil else { return (pipeline, all) }
        let used = Set(selecting.usedColumns)
        let needed = pipeline.groups.map { group in group.columns.contains { used.contains($0) } }
        guard needed.contains(false), needed.contains(true) else { return (pipeline, all) }
        let descriptors = pipeline.descriptors.indices.filter { needed[$0] }.map { pipeline.descriptors[$0] }
        let columns = pipeline.columns.indices.filter { needed[pipeline.descriptors.count + $0] }.map { pipeline.columns[$0] }
        return (
            try FeaturePipeline(descriptors: descriptors, columns: columns),
            pipeline.groups.indices.filter { needed[$0] }.flatMap { Array(pipeline.groups[$0].columns) }
        )
    }

    /// Refuses a table of one class by its name.
    private func checkClasses() throws {
        guard plan.task == .classification, let first = data.targets.first, data.targets.allSatisfy({ $0 == first }) else { return }
        throw MatSieveError.input(
            "\(displayPath): all \(table.count) rows are of class '\(table.targets[0].classes[Int(first)])' in column '\(plan.target)'; two classes are needed"
        )
    }

    private var context: TrainingContext {
        TrainingContext(
            seed: plan.seed, threads: workers.threads, isCancelled: { [interruption = workers.interruption] in interruption.isRequested })
    }

    private func fit(_ data: TrainingData) throws -> any PropertyModel {
        var settings = try Settings(plan.model.settings, subject: "model '\(plan.model.name)'")
        return try ModelRegistry.entry(named: plan.model.name).fit(data, &settings, context)
    }

    /// How the rows are divided; nil where nothing is judged.
    private func folds() throws -> Folds? {
        switch plan.validation {
        case .none: return nil
        case .column(let name): return try Folds.column(table.folds, name: name)
        case .holdOut, .folds, .groups:
            return try Folds.repeated(plan.repeats, seed: plan.seed) { try folds(seed: $0) }
        }
    }

    private func folds(seed: UInt64) throws -> Folds {
        switch plan.validation {
        case .none, .column: preconditionFailure("not seeded")
        case .holdOut(let share): try Folds.holdOut(share, targets: data.targets, task: data.task, seed: seed)
        case .folds(let k): try Folds.random(k, targets: data.targets, task: data.task, seed: seed)
        case .groups(let k, .element): try Folds.elements(k, of: table.compositions.map(\.atomicNumbers), seed: seed)
        case .groups(let k, .cluster): try Folds.clusters(k ?? 10, features: data.features, seed: seed)
        case .groups(let k, let key): try Folds.groups(k ?? 5, labels: table.groups(by: key), name: key.rawValue, seed: seed)
        }
    }

    private func judge(_ folds: Folds) throws -> Judgement {
        let isShort = plan.cardDetail == .short
        var importance = PermutationImportance(
            data, folds: folds, seed: plan.seed, mostRows: isShort ? TrainingPlan.CardDetail.importanceRowsOfShort : 1_000)
        let interruption = workers.interruption
        let found = try CrossValidation.run(
            data, folds: folds,
            inspect: { model, tested, fold in
                try importance.add(model, tested: tested, fold: fold, isCancelled: { interruption.isRequested })
            },
            fit: { training, _ in try fit(training) })
        let traits = try ModelRegistry.entry(named: plan.model.name).traits
        let learned =
            data.task == .regression && !traits.knowsItsError ? try ErrorModel.fit(data, heldOut: found.heldOut, context: context) : nil
        let heldOut = learned?.heldOut ?? found.heldOut
        let calibration = Calibration.fit(heldOut, seed: plan.seed)
        var shown = heldOut
        calibration.apply(to: &shown.prediction)
        return Judgement(
            crossValidation: found, errorModel: learned?.model, calibration: calibration,
            summary: summary(calibration, heldOut),
            worstErrors: shown.worstErrors(ids: table.ids, formulas: table.compositions.map(\.reducedFormula)), importance: importance,
            learningCurve: isShort ? [] : try learningCurve(found))
    }

    /// Figures that do not tell, since there is nothing to judge by, are left out of the card.
    private func summary(_ calibration: Calibration, _ heldOut: HeldOutPredictions) -> ModelCard.CalibrationSummary? {
        var summary = calibration.summary(heldOut, seed: plan.seed)
        summary.coverage.removeAll { !$0.observed.isFinite || !$0.factor.isFinite }
        summary.errorBySpread.removeAll { !$0.spread.isFinite || !$0.observed.isFinite }
        return summary.rows > 0 && summary.miscalibrationArea.isFinite ? summary : nil
    }

    private func learningCurve(_ found: CrossValidation) throws -> [ModelCard.LearningPoint] {
        try LearningCurve.measure(
            data, folds: found.folds, seed: plan.seed, whole: found.scores.mapValues { $0.perFold[0] }, fit: { try fit($0) }
        ).map { ModelCard.LearningPoint(rows: $0.rows, metrics: $0.metrics.filter(\.value.isFinite)) }
    }
}
