import Descriptors
import MaterialsCore
import Models

/// Trains surrogates as a plan or the `train` command says: reads and describes the table once, then learns each target.
struct SurrogateTrainer {
    let plan: TrainingPlan
    /// Name of the property that it is for; nil where each surrogate is named by its target.
    let property: String?
    let displayPath: String
    let workers: Workers
    private let table: TrainingTable

    /// Reads the table; nothing is trained yet.
    init(
        _ plan: TrainingPlan, property: String?, path: String, displayPath: String, workers: Workers
    ) throws {
        let plan = try plan.expandingColumnPatterns(path: path).expandingAutoDescriptors(path: path)
        (self.plan, self.property, self.displayPath, self.workers) = (plan, property, displayPath, workers)
        table = try TrainingTable(plan, path: path, workers: workers)
    }

    /// SHA-256 of the usable rows of the first target.
    var dataHash: String { table.contentHash(target: 0) }

    /// Usable rows of the table.
    var rowCount: Int { table.count }

    /// Name of the model's file: the hash of data, settings and version.
    var fileName: String {
        var hash = SHA256()
        for part in [
            "matsieve-model", MatSieve.version, plan.canonicalText, dataHash, displayPath, property ?? "",
            table.provenance.dataClass.rawValue, table.provenance.license ?? "",
        ] { hash.update(part) }
        return hash.finalize() + ".h5"
    }

    /// Checks the names of descriptors, model, settings and columns without reading the rows.
    static func checkNames(_ plan: TrainingPlan, path: String) throws {
        let plan = try plan.expandingColumnPatterns(path: path).expandingAutoDescriptors(path: path)
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

    /// A surrogate for each target, in the order of the plan.
    func train() throws -> [TrainedSurrogate] {
        var described = table
        let columns = plan.columns.map { c in
            FeaturePipeline.Column(name: c.name, categories: c.kind == .text ? described.categories(of: c.name) : nil)
        }
        let pipeline = try FeaturePipeline(descriptors: plan.descriptors, columns: columns)
        let features = try described.describe(pipeline, workers: workers)
        return try plan.targets.indices.map { t in
            let hash = table.contentHash(target: t)
            let (own, rows) = described.targets.count == 1 ? (described, nil) : described.selecting(target: t) as (TrainingTable, [Int]?)
            guard own.count > 0 else {
                throw MatSieveError.input(
                    "\(displayPath): no row can be described; the first: \(own.rejections.first?.defect.detail ?? "")")
            }
            return try SurrogateFit(
                plan: plan.learning(plan.targets[t]), property: property ?? plan.targets[t], displayPath: displayPath, workers: workers,
                table: own, tableHash: hash, pipeline: pipeline, features: rows.map(features.selecting) ?? features
            ).train()
        }
    }
}

/// A surrogate, and what was seen while it was trained.
struct TrainedSurrogate {
    let surrogate: Surrogate
    /// Predictions for held-out rows.
    let outOfFold: CrossValidation?
    /// The rows that it was trained on, and those that could not be used.
    let table: TrainingTable
}
