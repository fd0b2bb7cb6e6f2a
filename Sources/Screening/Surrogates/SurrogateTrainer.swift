import Descriptors
import MaterialsCore
import Models

/// Trains a surrogate as a plan or the `train` command says: reads the table, describes it, judges the error, fits on all rows.
struct SurrogateTrainer {
    let plan: TrainingPlan
    let property: String
    let displayPath: String
    let workers: Workers
    private let table: TrainingTable

    /// Reads the table; nothing is trained yet.
    init(
        _ plan: TrainingPlan, property: String, path: String, displayPath: String, workers: Workers
    ) throws {
        (self.plan, self.property, self.displayPath, self.workers) = (plan, property, displayPath, workers)
        table = try TrainingTable(plan, path: path, workers: workers)
    }

    /// SHA-256 of the usable rows.
    var dataHash: String { table.hash }

    /// Usable rows of the table.
    var rowCount: Int { table.count }

    /// Name of the model's file: the hash of data, settings and version.
    var fileName: String {
        var hash = SHA256()
        for part in [
            "matsieve-model", MatSieve.version, plan.canonicalText, table.hash, displayPath, property, table.provenance.dataClass.rawValue,
            table.provenance.license ?? "",
        ] { hash.update(part) }
        return hash.finalize() + ".h5"
    }

    /// Checks the names of descriptors, model, settings and columns without reading the rows.
    static func checkNames(_ plan: TrainingPlan, path: String) throws {
        _ = try FeaturePipeline(
            descriptors: plan.descriptors,
            columns: plan.columns.map { FeaturePipeline.Column(name: $0.name, categories: $0.kind == .text ? [] : nil) })
        try checkSettings(plan)
        try TrainingTable.checkColumns(plan, path: path)
        try TrainingTable.checkStructures(plan, path: path)
    }

    /// Lets the model read its settings on a few made-up rows; the fit is cancelled as soon as it asks.
    private static func checkSettings(_ plan: TrainingPlan) throws {
        let rows = 40
        let values = (0..<rows).map { Double($0) }
        let data = TrainingData(
            features: FeatureMatrix(rows: rows, columns: 1, values: values), targets: values.map { $0 < 20 ? 0 : 1 }, featureNames: ["x"],
            task: plan.task)
        var settings = try Settings(plan.model.settings, subject: "model '\(plan.model.name)'")
        do {
            _ = try ModelRegistry.entry(named: plan.model.name).fit(data, &settings, TrainingContext(isCancelled: { true }))
        } catch let e as MatSieveError where e.kind == .stopped { return }
    }

    /// Judges the error, then fits on all rows.
    func train() throws -> Surrogate { try trainWithOutOfFold().surrogate }

    /// Trains, and gives the predictions for held-out rows too.
    func trainWithOutOfFold() throws -> (surrogate: Surrogate, outOfFold: CrossValidation?, table: TrainingTable) {
        var table = table
        let columns = plan.columns.map { c in
            FeaturePipeline.Column(name: c.name, categories: c.kind == .text ? table.categories(of: c.name) : nil)
        }
        let pipeline = try FeaturePipeline(descriptors: plan.descriptors, columns: columns)
        let features = try table.describe(pipeline, workers: workers)
        guard table.count > 0 else {
            throw MatSieveError.input("\(displayPath): no row can be described; the first: \(table.rejections.first?.defect.detail ?? "")")
        }
        let data = TrainingData(
            features: features, targets: table.targets, featureNames: pipeline.featureNames,
            categoricalColumns: pipeline.categoricalColumns,
            task: plan.task)
        let judged = try validate(data, table)
        let model = try fit(data)
        let card = card(table, data, model: model, judged: judged)
        let surrogate = Surrogate(
            card: card, features: pipeline, model: model, known: table.compositionKeys(),
            spreadScale: judged.map { spreadScale(model, data, $0) } ?? 1, elements: table.elementMask())
        return (surrogate, judged, table)
    }

    private func fit(_ data: TrainingData) throws -> any PropertyModel {
        var settings = try Settings(plan.model.settings, subject: "model '\(plan.model.name)'")
        let context = TrainingContext(
            seed: plan.seed, threads: workers.threads, isCancelled: { [workers] in workers.interruption.isRequested })
        return try ModelRegistry.entry(named: plan.model.name).fit(data, &settings, context)
    }

    private func validate(_ data: TrainingData, _ table: TrainingTable) throws -> CrossValidation? {
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
    private func baseline(_ data: TrainingData, _ folds: Folds) -> [String: Double] {
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
    private func spreadScale(_ model: any PropertyModel, _ data: TrainingData, _ judged: CrossValidation) -> Double {
        let tested = Array(judged.folds.testRows.joined())
        let error = Metrics.rootMeanSquareError(tested.map { judged.outOfFold.mean[$0] }, tested.map { data.targets[$0] })
        var own = Prediction(rows: data.targets.count)
        model.predict(data.features, into: &own)
        let spread = (own.spread.reduce(0) { $0 + $1 * $1 } / Double(own.spread.count)).squareRoot()
        return error > 0 && error.isFinite && spread > 0 && spread.isFinite ? error / spread : 1
    }

    private func validation(_ judged: CrossValidation) -> ModelCard.Validation {
        ModelCard.Validation(
            scheme: judged.folds.scheme, folds: judged.folds.testRows.count,
            metrics: judged.scores.mapValues { ModelCard.Metric(perFold: $0.perFold) })
    }

    private func card(
        _ table: TrainingTable, _ data: TrainingData, model: any PropertyModel, judged: CrossValidation?
    ) -> ModelCard {
        let mask = table.elementMask()
        var warnings = table.notes
        if judged == nil { warnings.append("its error was not judged") }
        if !table.rejections.isEmpty {
            warnings.append(
                "\(table.rejections.count) rows of the table could not be used; the first: \(table.rejections[0].defect.detail)")
        }
        return ModelCard(
            property: property, model: plan.model.name, target: plan.target, unit: plan.unit ?? table.unit, task: plan.task,
            descriptors: plan.descriptors.map(\.name) + plan.columns.map { "column \($0.name)" }, featureCount: data.featureNames.count,
            rows: table.count, rejectedRows: table.rejections.count,
            data: .init(path: displayPath, sha256: table.hash, dataClass: table.provenance.dataClass, license: table.provenance.license),
            settings: model.summary, validation: judged.map(validation), baseline: judged.map { baseline(data, $0.folds) } ?? [:],
            elements: (1...118).filter { mask[$0] }.map { Element.symbols[$0] },
            knownCompositions: table.compositionKeys().count, seed: plan.seed, version: MatSieve.version, warnings: warnings)
    }
}
