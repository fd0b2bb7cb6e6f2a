import MaterialsCore

/// A blend of other models, weighted by how well they predict rows that they did not learn from.
///
///     y = Σ_m w_m · y_m,   w ≥ 0,   Σ w = 1,   chosen on out-of-fold predictions
///
/// - Input:    any features; missing values, categories and weights are treated as each member does.
/// - Output:   regression: mean and standard deviation of the mixture; a member without a spread of its own enters with its
///   held-out error. Classification: weighted mean of the probabilities. With fewer than 8 rows all members weigh the same.
/// - Errors:   those of the members.
/// - Numerics: weights by greedy selection on the loss, summed in row order; same bytes for any number of threads.
/// - Cost:     (folds + 1) fits of each member.
/// - Source:   D. H. Wolpert, Neural Networks 5, 241 (1992), doi:10.1016/S0893-6080(05)80023-1; R. Caruana et al., ICML 2004,
///   doi:10.1145/1015330.1015432
public struct StackModel: PropertyModel {
    /// Name in plans.
    public static let name = "stack"
    /// Members decide on missing features.
    public static let traits = ModelTraits(
        "several models, blended by their out-of-fold predictions", holdsTrainingRows: true, missingFeatures: "as each member does")
    /// What was used, for the model card.
    public let summary: [String: String]
    let blend: Blend
    /// Columns it was trained on.
    public var featureCount: Int { blend.featureCount }

    init(blend: Blend, summary: [String: String]) { (self.blend, self.summary) = (blend, summary) }

    /// Learns; settings: `members` (names, or {name: {setting: value}}), `folds` (default 5; 1 holds out a fifth), `loss`
    /// (`absolute`, the default, or `squared`; classes: `logarithmic`), `decision` (`likeliest` or `balanced`).
    public static func fit(_ data: TrainingData, settings: inout Settings, context: TrainingContext) throws -> StackModel {
        let members = settings.list("members") ?? ["boosted-trees", "ridge"].map { Setting(.text($0)) }
        let folds = try settings.integer("folds", default: 5, in: 1...100)
        let loss = try settings.blendLoss(data.task)
        let decision = try settings.choice("decision", default: Blend.Decision.likeliest)
        try settings.finish()
        guard !members.isEmpty else { throw Settings.error(settings.line(of: "members"), "'members' of \(settings.subject) is empty") }
        let recipes = try members.map { try StackRecipe($0) }
        try data.check(for: name)
        try StackRecipe.check(recipes, data.task)
        if context.isCancelled() { throw MatSieveError.stopped("stack: stopped before the fit; start it again") }
        let table = OutOfFoldTable(data, folds: try Folds.inner(folds, data, seed: context.seed))
        let outOfFold = try table.predictions(recipes, context).map { $0[0].outputs }
        let selection = EnsembleSelection(targets: table.targets, weights: table.weights, loss: loss)
        let even = [Double](repeating: 1 / Double(recipes.count), count: recipes.count)
        let chosen = table.canChoose ? selection.select(outOfFold) : (weights: even, loss: .nan)
        var summary = [
            "loss": loss.rawValue, "held_out_loss": roughNumberText(chosen.loss),
            "inner_folds": table.canChoose ? "\(folds)" : "too few rows",
        ]
        for (i, recipe) in recipes.enumerated() {
            let alone = roughNumberText(selection.loss(of: outOfFold[i]))
            summary["member_\(i + 1)"] = "\(recipe.text): weight \(roughNumberText(chosen.weights[i])), alone \(alone)"
        }
        let blend = try Blend(
            recipes, weights: chosen.weights, outOfFold: outOfFold, table: table, data, decision: decision, context)
        return StackModel(blend: blend, summary: summary)
    }

    /// A trained model from its parameters.
    /// - Throws: `MatSieveError.input` where they are damaged.
    public init(parameters: ParameterArchive) throws {
        self.init(blend: try Blend(parameters: parameters.group("blend")), summary: try parameters.summary())
    }

    /// The parameters, enough to make the model again.
    public var parameters: ParameterArchive {
        var archive = ParameterArchive()
        archive.setSummary(summary)
        archive.merge(blend.parameters, under: "blend")
        return archive
    }

    /// Fills `prediction`; features must have the columns of the training.
    public func predict(_ features: FeatureMatrix, into prediction: inout Prediction) { blend.predict(features, into: &prediction) }
}

extension StackRecipe {
    /// Lets each model read its settings on a few made-up rows; the fit is cancelled as soon as it asks.
    static func check(_ recipes: [StackRecipe], _ task: LearningTask) throws {
        let values = (0..<40).map { Double($0) }
        let data = TrainingData(
            features: FeatureMatrix(rows: 40, columns: 1, values: values), targets: values.map { $0 < 20 ? 0 : 1 }, featureNames: ["x"],
            task: task)
        for recipe in recipes {
            var bare = recipe
            (bare.columns, bare.transform) = (nil, .identity)
            do { _ = try bare.fit(data, TrainingContext(isCancelled: { true })) } catch let e as MatSieveError where e.kind == .stopped {}
        }
    }
}

extension Settings {
    /// What a blend minimises: `loss`.
    mutating func blendLoss(_ task: LearningTask) throws -> BlendLoss {
        let loss = try choice("loss", default: task == .regression ? BlendLoss.absolute : .logarithmic)
        guard (loss == .logarithmic) == (task == .classification) else {
            throw Self.error(line(of: "loss"), "'\(loss.rawValue)' is no loss of a \(task.rawValue)")
        }
        return loss
    }
}
