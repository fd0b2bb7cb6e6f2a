import Descriptors
import MaterialsCore
import Models

/// Trains a surrogate as a plan or the `train` command says: reads the table, describes it, judges the error, fits on all rows.
struct SurrogateTrainer {
    let plan: TrainingPlan
    let property: String
    let displayPath: String
    let threads: Int
    let isCancelled: @Sendable () -> Bool
    private let table: TrainingTable

    /// Reads the table; nothing is trained yet.
    init(
        _ plan: TrainingPlan, property: String, path: String, displayPath: String, threads: Int, isCancelled: @escaping @Sendable () -> Bool
    ) throws {
        (self.plan, self.property, self.displayPath) = (plan, property, displayPath)
        (self.threads, self.isCancelled) = (threads, isCancelled)
        table = try TrainingTable(plan, path: path, threads: threads)
    }

    /// Usable rows of the table.
    var rowCount: Int { table.count }

    /// Name of the model's file: the hash of data, settings and version.
    var fileName: String {
        var hash = SHA256()
        for part in ["matsieve-model", MatSieve.version, plan.canonicalText, table.hash, displayPath, property] { hash.update(part) }
        return hash.finalize() + ".h5"
    }

    /// Checks the names of descriptors, model, settings and columns without reading the rows.
    static func checkNames(_ plan: TrainingPlan, path: String) throws {
        _ = try FeaturePipeline(
            descriptors: plan.descriptors,
            columns: plan.columns.map { FeaturePipeline.Column(name: $0.name, categories: $0.kind == .text ? [] : nil) })
        _ = try ModelRegistry.entry(named: plan.model.name)
        let names = try CandidateInput.columnNames(path, format: nil)
        var needed = [plan.target] + plan.columns.map(\.name)
        if case .column(let folds) = plan.validation { needed.append(folds) }
        for name in needed where !names.contains(name) {
            throw MatSieveError.usage("\(path): has no column '\(name)'" + suggestion(for: name, among: names))
        }
    }

    /// Judges the error, then fits on all rows.
    func train() throws -> Surrogate { try trainWithOutOfFold().surrogate }

    /// Trains, and gives the predictions for held-out rows too.
    func trainWithOutOfFold() throws -> (surrogate: Surrogate, outOfFold: CrossValidation.Result?, table: TrainingTable) {
        var table = table
        let columns = plan.columns.map { c in
            FeaturePipeline.Column(name: c.name, categories: c.kind == .text ? table.categories(of: c.name) : nil)
        }
        let pipeline = try FeaturePipeline(descriptors: plan.descriptors, columns: columns)
        let features = try table.describe(pipeline, threads: threads)
        guard table.count > 0 else {
            throw MatSieveError.input("\(displayPath): no row can be described; the first: \(table.rejections.first?.defect.detail ?? "")")
        }
        let data = TrainingData(
            features: features, targets: table.targets, featureNames: pipeline.featureNames, categoricalColumns: pipeline.categoricalColumns,
            task: plan.task)
        let judged = try validate(data, table)
        let model = try fit(data)
        let card = card(table, pipeline, model: model, judged: judged)
        let surrogate = Surrogate(
            card: card, features: pipeline, model: model, known: table.compositionKeys(), elements: table.elementMask())
        return (surrogate, judged?.result, table)
    }

    private func fit(_ data: TrainingData) throws -> any PropertyModel {
        var settings = try Settings(plan.model.settings, subject: "model '\(plan.model.name)'")
        let context = TrainingContext(seed: plan.seed, threads: threads, isCancelled: isCancelled)
        return try ModelRegistry.entry(named: plan.model.name).fit(data, &settings, context)
    }

    private func validate(_ data: TrainingData, _ table: TrainingTable) throws -> (validation: ModelCard.Validation, result: CrossValidation.Result)? {
        let folds: Folds
        switch plan.validation {
        case .none: return nil
        case .holdOut(let share): folds = try Folds.holdOut(share, rows: data.targets.count, seed: plan.seed)
        case .folds(let k): folds = try Folds.seeded(k, rows: data.targets.count, seed: plan.seed)
        case .column: folds = try Folds.values(table.folds)
        }
        let result = try CrossValidation.run(data, folds: folds) { try fit($0) }
        let validation = ModelCard.Validation(
            scheme: schemeText, folds: folds.count, metrics: result.metrics.mapValues { ModelCard.Metric(perFold: $0) })
        return (validation, result)
    }

    private var schemeText: String {
        switch plan.validation {
        case .none: "none"
        case .holdOut(let share): "hold-out \(numberText(share))"
        case .folds(let k): "\(k) folds"
        case .column(let name): "folds of column '\(name)'"
        }
    }

    private func card(
        _ table: TrainingTable, _ pipeline: FeaturePipeline, model: any PropertyModel,
        judged: (validation: ModelCard.Validation, result: CrossValidation.Result)?
    ) -> ModelCard {
        let mask = table.elementMask()
        var warnings: [String] = []
        if judged == nil { warnings.append("its error was not judged") }
        if !table.rejections.isEmpty { warnings.append("\(table.rejections.count) rows of the table could not be used; the first: \(table.rejections[0].defect.detail)") }
        return ModelCard(
            property: property, model: plan.model.name, target: plan.target, unit: plan.unit ?? table.unit, task: plan.task,
            descriptors: plan.descriptors.map(\.name) + plan.columns.map { "column \($0.name)" }, featureCount: pipeline.featureNames.count,
            rows: table.count, rejectedRows: table.rejections.count,
            data: .init(path: displayPath, sha256: table.hash, dataClass: table.provenance.dataClass, license: table.provenance.license),
            settings: model.summary, validation: judged?.validation,
            baseline: judged?.result.baseline.mapValues { ModelCard.Metric(perFold: $0).mean } ?? [:], elements: (1...118).filter { mask[$0] }.map { Element.symbols[$0] },
            knownCompositions: table.compositionKeys().count, seed: plan.seed, version: MatSieve.version, warnings: warnings)
    }
}
