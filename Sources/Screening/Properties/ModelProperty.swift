import MaterialsCore

/// What a trained model predicts: `{model: gap.h5}`, with `target` where its file holds several.
struct ModelProperty: PredictedPropertyKind {
    static let name = "model"
    static let summary = "predictions of a trained model's file"
    static let example = "{model: gap.h5}"

    /// The model's file, as the plan has it.
    let file: String
    /// Which target, where the file holds several.
    let target: String?

    init(_ settings: inout Settings, of property: PropertyHead) throws {
        file = try settings.requiredText("model")
        target = try settings.text("target")
    }

    var mayHaveSpread: Bool { true }

    func task(_ context: PropertyContext) -> LearningTask { context.surrogates.files[context.name].surrogate.card.task }

    func classes(_ context: PropertyContext) -> [String] { context.surrogates.files[context.name].surrogate.card.classes }

    func needs(_ context: PropertyContext) -> CandidateNeeds {
        let features = context.surrogates.files[context.name].surrogate.features
        return CandidateNeeds(columns: features.requiredColumns, structuresFor: features.structureDescriptors)
    }

    func open(_ context: PropertyContext) throws -> OpenedProperty {
        let (surrogate, hash) = context.surrogates.files[context.name]
        return try OpenedProperty(surrogate, file: file, hash: hash, context)
    }
}
