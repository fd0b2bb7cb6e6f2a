import MaterialsCore

/// The search of `auto`: columns, then recipes, then the blend.
struct AutoSearch {
    private let data: TrainingData
    private let settings: AutoSettings
    private let context: TrainingContext
    private let table: OutOfFoldTable
    private let innerFolds: Int
    private var summary: [String: String] = [:]
    /// Seconds left, as estimated.
    private var secondsLeft: Double

    /// Above this many rows a held-out fifth tells enough.
    private static let rowsForOneFold = 20_000

    init(_ data: TrainingData, _ settings: AutoSettings, _ context: TrainingContext) throws {
        (self.data, self.settings, self.context) = (data, settings, context)
        innerFolds = data.targets.count > Self.rowsForOneFold ? 1 : settings.folds
        table = OutOfFoldTable(data, folds: try Folds.inner(innerFolds, data, seed: context.seed))
        secondsLeft = settings.minutes * 60
    }

    mutating func run() throws -> (blend: Blend, summary: [String: String]) {
        let distinct = FeatureRelevance.distinctColumns(data.features)
        guard !distinct.isEmpty, table.canChoose else { return try withoutChoice() }
        let columns = try chooseGroups(distinct)
        let few = fewColumns(columns)
        summary["columns"] = "\(columns.count) of \(data.features.columns), \(few.count) of them without redundancy"
        let recipes = affordable(columns, few)
        var outOfFold: [FeatureMatrix] = []
        for recipe in recipes { outOfFold.append(try table.predictions(recipe, context)) }
        let selection = EnsembleSelection(targets: table.targets, weights: table.weights, loss: settings.loss)
        let result = selection.select(outOfFold)
        for (i, recipe) in recipes.enumerated() {
            let alone = roughNumberText(selection.loss(of: outOfFold[i]))
            summary["tried_" + Self.twoDigits(i + 1)] =
                "\(recipe.text): \(settings.loss.rawValue) error \(alone), weight \(roughNumberText(result.weights[i]))"
        }
        summary["held_out_loss"] = roughNumberText(result.loss)
        summary["loss"] = settings.loss.rawValue
        summary["inner_folds"] = innerFolds == 1 ? "a held-out fifth" : "\(innerFolds)"
        summary["budget"] =
            "\(roughNumberText(settings.minutes)) minutes, of which \(roughNumberText((settings.minutes * 60 - secondsLeft) / 60)) are estimated to be used"
        let blend = try Blend(
            recipes, weights: result.weights, outOfFold: outOfFold, table: table, data, decision: settings.decision, context)
        return (blend, summary)
    }

    /// Nothing to choose from or by: the plainest model.
    private func withoutChoice() throws -> (blend: Blend, summary: [String: String]) {
        let recipes = [StackRecipe("ridge")]
        let zeros = [FeatureMatrix(rows: table.rows.count, columns: table.outputs)]
        let blend = try Blend(recipes, weights: [1], outOfFold: zeros, table: table, data, decision: settings.decision, context)
        return (
            blend, ["tried_01": "ridge: weight 1", "why": table.canChoose ? "all features are constant" : "too few rows to hold some out"]
        )
    }

    private static func twoDigits(_ i: Int) -> String { i < 10 ? "0\(i)" : "\(i)" }

    // MARK: Columns

    /// Columns of the descriptors that lower a quick model's held-out error, added greedily; all where there is one descriptor.
    private mutating func chooseGroups(_ distinct: [Int]) throws -> [Int] {
        let groups = data.groups.map { g in (name: g.name, columns: distinct.filter { g.columns.contains($0) }) }.filter {
            !$0.columns.isEmpty
        }
        guard groups.count > 1 else { return distinct }
        let probe = try GroupProbe(data, loss: settings.loss, context)
        let choice = try probe.choose(groups, seconds: secondsLeft / 4)
        secondsLeft -= choice.seconds
        summary["descriptors"] = choice.explanation
        let names = Set(choice.names)
        return groups.filter { names.contains($0.name) }.flatMap(\.columns).sorted()
    }

    private func fewColumns(_ columns: [Int]) -> [Int] {
        let most = 80
        guard columns.count > most else { return columns }
        return FeatureRelevance(data, seed: context.seed).select(most, among: columns)
    }

    // MARK: Recipes

    /// The portfolio's recipes that fit in time and memory, in its order; the first always.
    private mutating func affordable(_ columns: [Int], _ few: [Int]) -> [StackRecipe] {
        var recipes: [StackRecipe] = []
        var skipped: [String] = []
        for entry in AutoPortfolio.entries(data.task) where settings.models.isEmpty || settings.models.contains(entry.recipe.model) {
            for recipe in variants(entry, columns, few) {
                let cost = FitCost(
                    recipe.model, rows: data.targets.count, columns: recipe.columns?.count ?? data.features.columns,
                    outputs: data.classCount > 2 ? data.classCount : 1, units: entry.units)
                let seconds = cost.seconds * Double(innerFolds + 1)
                let fits = seconds <= secondsLeft && cost.bytes <= settings.memoryGB * 1e9 && data.targets.count <= entry.mostRows
                guard fits || recipes.isEmpty else {
                    skipped.append(recipe.text)
                    continue
                }
                secondsLeft -= seconds
                recipes.append(recipe)
            }
        }
        if !skipped.isEmpty { summary["not_tried"] = skipped.joined(separator: "; ") + " (beyond the budget)" }
        return recipes
    }

    /// The recipe on all columns, on few where it measures distances, and on a logarithmic target where that suits.
    private func variants(_ entry: AutoPortfolio.Entry, _ columns: [Int], _ few: [Int]) -> [StackRecipe] {
        var result: [StackRecipe] = []
        let logarithm = data.task == .regression && TargetTransform.logarithm.suits(data.targets)
        for transform in logarithm ? [TargetTransform.logarithm, .identity] : [.identity] {
            var recipe = entry.recipe
            (recipe.columns, recipe.columnsName, recipe.transform) = (columns, "\(columns.count)", transform)
            result.append(recipe)
            if entry.isDistanceBased, few.count < columns.count {
                (recipe.columns, recipe.columnsName) = (few, "\(few.count)")
                result.append(recipe)
            }
        }
        return result
    }
}
