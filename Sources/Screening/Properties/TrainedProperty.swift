import MaterialsCore

/// What a model predicts that is trained as part of the plan: `{train: {file: …, target: …, model: …}}`.
struct TrainedProperty: PredictedPropertyKind {
    static let name = "train"
    static let summary = "predictions of a model that the plan trains"
    static let example = "{train: {file: expt_gap.csv, target: gap, descriptors: [magpie], model: boosted-trees}}"

    private let training: TrainingPlan

    init(_ settings: inout Settings, of property: PropertyHead) throws {
        training = try TrainingPlan(settings.setting("train")!, property: property.name, seed: property.seed)
    }

    var mayHaveSpread: Bool { true }

    func task(_ context: PropertyContext) -> LearningTask { training.task }

    func classes(_ context: PropertyContext) throws -> [String] {
        try TrainingTable(training, path: context.resolve(training.file), workers: context.workers).targets[0].classes
    }

    func check(_ context: PropertyContext) throws {
        try SurrogateTrainer.checkNames(training, path: context.resolve(training.file))
    }

    func needs(_ context: PropertyContext) throws -> CandidateNeeds {
        CandidateNeeds(
            columns: training.columns + (try training.descriptorColumns()), structuresFor: try training.structureDescriptors())
    }

    func open(_ context: PropertyContext) throws -> OpenedProperty {
        let (surrogate, hash, seconds) = try context.surrogates.trained(training, property: context.name)
        var opened = try OpenedProperty(surrogate, file: nil, hash: hash, context)
        opened.trainingSeconds = seconds
        return opened
    }
}
