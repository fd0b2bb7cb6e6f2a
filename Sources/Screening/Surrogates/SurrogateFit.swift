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
    private let data: TrainingData

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

    /// Judges the error, then fits on all rows.
    func train() throws -> TrainedSurrogate {
        try checkClasses()
        let judged = try validate()
        let model = try fit(data)
        let surrogate = Surrogate(
            card: card(model: model, judged: judged), features: pipeline, model: model, known: table.compositionKeys(),
            spreadScale: judged.map { spreadScale(model, $0) } ?? 1, elements: table.elementMask())
        return TrainedSurrogate(surrogate: surrogate, outOfFold: judged, table: table)
    }

    /// Refuses a table of one class by its name.
    private func checkClasses() throws {
        guard plan.task == .classification, let first = data.targets.first, data.targets.allSatisfy({ $0 == first }) else { return }
        throw MatSieveError.input(
            "\(displayPath): all \(table.count) rows are of class '\(table.targets[0].classes[Int(first)])' in column '\(plan.target)'; two classes are needed"
        )
    }

    private func fit(_ data: TrainingData) throws -> any PropertyModel {
        var settings = try Settings(plan.model.settings, subject: "model '\(plan.model.name)'")
        let context = TrainingContext(
            seed: plan.seed, threads: workers.threads, isCancelled: { [workers] in workers.interruption.isRequested })
        return try ModelRegistry.entry(named: plan.model.name).fit(data, &settings, context)
    }

    private func validate() throws -> CrossValidation? {
        let folds: Folds
        switch plan.validation {
        case .none: return nil
        case .holdOut(let share): folds = try Folds.holdOut(share, targets: data.targets, task: data.task, seed: plan.seed)
        case .folds(let k): folds = try Folds.random(k, targets: data.targets, task: data.task, seed: plan.seed)
        case .groups(let k, let key):
            folds = try Folds.groups(k, labels: table.groups(by: key), name: key.rawValue, seed: plan.seed)
        case .column(let name): folds = try Folds.column(table.folds, name: name)
        }
        return try CrossValidation.run(data, folds: folds) { training, _ in try fit(training) }
    }

    /// The same figures for predicting the mean (or the commonest class) of the rows learned from, as means over the folds.
    private func baseline(_ folds: Folds) -> [String: Double] {
        var perFold: [[String: Double]] = []
        for tested in folds.testRows {
            let isTested = Set(tested)
            let learned = data.targets.indices.filter { !isTested.contains($0) }.map { data.targets[$0] }
            let mean = learned.reduce(0, +) / Double(learned.count)
            let observed = tested.map { data.targets[$0] }
            let constant = [Double](repeating: mean, count: tested.count)
            perFold.append(
                data.task == .regression
                    ? Metrics.regression(predicted: constant, observed: observed)
                    : Metrics.classification(classes: constant.map { $0 >= 0.5 ? 1 : 0 }, probabilities: constant, observed: observed))
        }
        let names = perFold.first.map { Array($0.keys) } ?? []
        return Dictionary(uniqueKeysWithValues: names.map { n in (n, ModelCard.Metric(perFold: perFold.map { $0[n]! }).mean) })
    }

    /// Root mean square error on held-out rows over the root mean square standard deviation that the model gives to its own rows.
    private func spreadScale(_ model: any PropertyModel, _ judged: CrossValidation) -> Double {
        let tested = Array(judged.folds.testRows.joined())
        let error = Metrics.rootMeanSquareError(tested.map { judged.outOfFold.mean[$0] }, tested.map { data.targets[$0] })
        let own = model.predictions(data.features, classCount: data.classCount)
        let spread = (own.spread.reduce(0) { $0 + $1 * $1 } / Double(own.spread.count)).squareRoot()
        return error > 0 && error.isFinite && spread > 0 && spread.isFinite ? error / spread : 1
    }

    private func validation(_ judged: CrossValidation) -> ModelCard.Validation {
        ModelCard.Validation(
            scheme: judged.folds.scheme, folds: judged.folds.testRows.count,
            metrics: judged.scores.mapValues { ModelCard.Metric(perFold: $0.perFold) })
    }

    private func card(model: any PropertyModel, judged: CrossValidation?) -> ModelCard {
        let mask = table.elementMask()
        var warnings = table.notes
        if judged == nil { warnings.append("its error was not judged") }
        if !table.rejections.isEmpty {
            warnings.append(
                "\(table.rejections.count) rows of the table could not be used; the first: \(table.rejections[0].defect.detail)")
        }
        var card = ModelCard(
            property: property, model: plan.model.name, target: plan.target, unit: table.targets[0].unit, task: plan.task,
            descriptors: plan.descriptors.map(\.name) + plan.columns.map { "column \($0.name)" }, featureCount: data.featureNames.count,
            rows: table.count, rejectedRows: table.rejections.count,
            data: .init(path: displayPath, sha256: tableHash, dataClass: table.provenance.dataClass, license: table.provenance.license),
            settings: model.summary, validation: judged.map(validation), baseline: judged.map { baseline($0.folds) } ?? [:],
            elements: (1...118).filter { mask[$0] }.map { Element.symbols[$0] },
            knownCompositions: table.compositionKeys().count, seed: plan.seed, version: MatSieve.version, warnings: warnings)
        (card.classes, card.weightColumn) = (table.targets[0].classes, plan.weights)
        return card
    }
}
