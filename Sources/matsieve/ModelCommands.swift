import ArgumentParser
import MaterialsCore
import Screening

/// `matsieve train`
struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Train a surrogate on a table and judge its error.")

    @Argument(help: "Table, structure file, folder, archive or store with the target as a column.")
    var table: String
    @Option(help: "Column to learn; several with commas between are learned one by one, into one file.")
    var target: String
    @Option(help: "Column that weighs the rows: positive numbers.")
    var weights: String?
    @Option(
        help:
            "Descriptors with commas between (matsieve list descriptors), with settings as in '{soap: {species: [Na, Cl], r_cut: 5}}'; auto: all that need none."
    )
    var descriptor: String
    @Option(help: "Further columns as features, with commas between; NAME:category for text; x* for all that begin with x.")
    var columns: String?
    @Option(help: "Model (matsieve list models), or {name: {setting: value}}.")
    var model: String
    @Option(name: .shortAndLong, help: "Model file (.h5).")
    var output: String
    @Option(help: "Judge the error with the folds in this column.")
    var foldsColumn: String?
    @Option(help: "Judge the error with K seeded folds.")
    var folds: Int?
    @Option(
        help:
            "Keep rows together in the folds that have the same composition or chemical-system; element leaves elements out, cluster leaves out rows that resemble each other."
    )
    var groupBy: String?
    @Option(help: "Draw the folds or the hold-out anew N times.")
    var repeats = 1
    @Option(help: "Judge the error on a share of the rows, held out once (0: not at all).")
    var holdOut: Double?
    @Option(help: "regression or classification.")
    var task: String = LearningTask.regression.rawValue
    @Option(
        help:
            "How much is found out for the model card: full, or short (no learning curve; importance from at most 1,000 rows), as plans have it."
    )
    var card: String = TrainingPlan.CardDetail.full.rawValue
    @Option(help: "Unit of the target.")
    var unit: String?
    @Option(help: "Rights class of the table, where it does not know its own: open, shared or closed.")
    var dataClass: String?
    @Option(help: "Licence of the table, where it does not know its own.")
    var license: String?
    @Option(help: "Seed of every random choice.")
    var seed: UInt64 = 0
    @Option(help: "File for the predictions of held-out rows: id,formula,target,predicted,fold.")
    var predictions: String?
    @OptionGroup var tableOptions: TableOptions
    @OptionGroup var common: CommonOptions
    @Flag(help: "Print the summary as one JSON object.")
    var json = false

    func run() throws {
        guard let task = LearningTask(rawValue: task) else {
            throw MatSieveError.usage("--task \(task): give regression or classification")
        }
        guard let detail = TrainingPlan.CardDetail(rawValue: card) else { throw MatSieveError.usage("--card \(card): give full or short") }
        let targets = try TrainingPlan.targets(target, in: table, format: tableOptions.format)
        guard unit == nil || targets.count == 1 else {
            throw MatSieveError.usage("--unit: is that of one target; train targets of different units one by one")
        }
        var plan = TrainingPlan(
            file: table, targets: targets, unit: unit, descriptors: try NamedSettings.list(descriptor),
            columns: try TrainingPlan.featureColumns(columns ?? ""), model: try NamedSettings.parse(model, what: "--model"), task: task,
            validation: try validation(), format: tableOptions.format, keys: tableOptions.keys,
            dataClass: try dataClass.map(DataClass.init(option:)), license: license, seed: seed)
        (plan.weights, plan.cardDetail, plan.repeats) = (weights, detail, repeats)
        guard (1...1000).contains(repeats), repeats == 1 || plan.validation.canRepeat else {
            throw MatSieveError.usage("--repeats \(repeats): give 1 to 1000, for folds or a hold-out that are drawn anew")
        }
        guard output.hasSuffix(".h5") else {
            throw MatSieveError.usage("-o \(output): a model is an HDF5 file; give a name that ends in .h5")
        }
        try refuseOverwriting([table], outputs: [output, predictions, tableOptions.rejections])
        let outcome = try ModelTraining.run(
            plan, output: output, predictions: predictions, workers: try common.workers(),
            progress: ProgressMeter(quiet: common.quiet))
        for note in outcome.notes { common.tell("note: \(note)") }
        try tableOptions.report(outcome.rejections, total: outcome.rejections.count, read: outcome.rows, common)
        if json { return try StandardOutput.print(try outcome.json()) }
        if !common.quiet { for line in outcome.lines { common.tell(line) } }
    }

    private func validation() throws -> TrainingPlan.Validation {
        guard [foldsColumn != nil, folds != nil, holdOut != nil].filter({ $0 }).count <= 1 else {
            throw MatSieveError.usage("give one of --folds-column, --folds, --hold-out")
        }
        if let folds, !(2...1000).contains(folds) { throw MatSieveError.usage("--folds \(folds): give a number from 2 to 1000") }
        if let groupBy {
            guard let key = TrainingPlan.GroupKey(rawValue: groupBy) else {
                throw MatSieveError.usage(
                    "--group-by \(groupBy): give composition, chemical-system, element or cluster"
                        + suggestion(for: groupBy, among: TrainingPlan.GroupKey.allCases.map(\.rawValue)))
            }
            guard foldsColumn == nil, holdOut == nil else {
                throw MatSieveError.usage("--group-by makes folds of its own; give --folds beside it")
            }
            return .groups(folds, by: key)
        }
        if let foldsColumn { return .column(foldsColumn) }
        if let folds { return .folds(folds) }
        guard let share = holdOut else { return .folds(5) }
        guard (0...0.9).contains(share) else { throw MatSieveError.usage("--hold-out \(share): give a share from 0 to 0.9") }
        return share == 0 ? .none : .holdOut(share)
    }
}

/// `matsieve predict`
struct Predict: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Predict a property of every candidate.")

    @Argument(help: "Model file.")
    var model: String
    @Argument(help: "Table, structure file, folder, archive or store.")
    var input: String
    @Option(name: .shortAndLong, help: "Table: .csv, .csv.gz or .h5; - is standard output (CSV).")
    var output: String
    @Option(help: "Add NAME_lower and NAME_upper that hold the value with this probability: 0.5, 0.8, 0.9 or 0.95.")
    var interval: Double?
    @OptionGroup var table: TableOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        try refuseOverwriting([model, input], outputs: [output, table.rejections])
        let outcome = try PredictionTable.predict(
            model: model, input, output: output, format: table.format, keys: table.keys,
            interval: interval, workers: try common.workers())
        try table.report(outcome, common)
    }
}
