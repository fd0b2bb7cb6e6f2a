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
    private var chosenColumns: [Int] = []
    private var viewColumns: [ColumnView: [Int]?] = [:]

    init(_ data: TrainingData, _ settings: AutoSettings, _ context: TrainingContext) throws {
        (self.data, self.settings, self.context) = (data, settings, context)
        innerFolds = settings.folds(rows: data.targets.count)
        table = OutOfFoldTable(data, folds: try Folds.inner(innerFolds, data, seed: context.seed))
        secondsLeft = settings.minutes * 60
    }

    mutating func run() throws -> (blend: Blend, summary: [String: String]) {
        let distinct = FeatureRelevance.distinctColumns(data.features)
        guard !distinct.isEmpty, table.canChoose else { return try withoutChoice() }
        summary["columns"] = "\(distinct.count) of \(data.features.columns) vary and differ"
        chosenColumns = try chooseGroups(distinct)
        var recipes = affordable(distinct)
        guard !recipes.isEmpty else {
            throw MatSieveError.input(
                "auto: none of \(settings.models.joined(separator: ", ")) suits \(data.targets.count) rows; name other models or leave 'models' out"
            )
        }
        let selection = EnsembleSelection(targets: table.targets, weights: table.weights, loss: settings.loss)
        let tried = try table.predictions(recipes, context).map { columns in
            columns.map { (column: $0, loss: selection.loss(of: $0.outputs)) }.min { $0.loss < $1.loss }?.column ?? columns[0]
        }
        recipes = tried.map(\.recipe)
        let outOfFold = tried.map(\.outputs)
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

    // MARK: Recipes

    /// The portfolio's recipes that fit in time and memory, in its order; where none fits, the cheapest.
    private mutating func affordable(_ columns: [Int]) -> [StackRecipe] {
        var recipes: [StackRecipe] = []
        var skipped: [String] = []
        var cheapest: (seconds: Double, recipe: StackRecipe)?
        let rows = data.targets.count
        for entry in AutoPortfolio.entries(data.task)
        where entry.rows.contains(rows) && suits(entry) && (settings.models.isEmpty || settings.models.contains(entry.recipe.model)) {
            for recipe in variants(entry, columns) {
                let cost = FitCost(
                    recipe.model, rows: rows, columns: recipe.columns?.count ?? columns.count,
                    outputs: data.classCount > 2 ? data.classCount : 1, units: entry.units, seesNeighbours: recipe.seesNeighbours)
                let seconds = cost.seconds * Double(innerFolds + 1)
                if seconds < cheapest?.seconds ?? .infinity { cheapest = (seconds, recipe) }
                guard seconds <= secondsLeft, cost.bytes <= settings.memoryGB * 1e9 else {
                    skipped.append(recipe.text)
                    continue
                }
                secondsLeft -= seconds
                recipes.append(recipe)
            }
        }
        if recipes.isEmpty, let cheapest {
            summary["budget_note"] = "nothing fits the budget; the cheapest recipe is taken"
            return [cheapest.recipe]
        }
        if !skipped.isEmpty { summary["not_tried"] = skipped.joined(separator: "; ") + " (beyond the budget)" }
        return recipes
    }

    /// A Gaussian process is no model of classes, nor of numbers of which many are the same.
    private func suits(_ entry: AutoPortfolio.Entry) -> Bool {
        guard entry.recipe.model == GaussianProcessModel.name else { return true }
        return data.task == .regression && !data.targets.isCrowded
    }

    private mutating func views(_ view: ColumnView, _ columns: [Int]) -> [Int]? {
        if let known = viewColumns[view] { return known }
        let found = view.columns(columns, chosen: chosenColumns, of: data, seed: context.seed)
        viewColumns[view] = .some(found)
        return found
    }

    /// The recipe on its columns, on the logarithm of the target where that suits; none where the descriptors offer no such columns.
    private mutating func variants(_ entry: AutoPortfolio.Entry, _ columns: [Int]) -> [StackRecipe] {
        guard let seen = views(entry.view, columns) else { return [] }
        let logarithm = data.task == .regression && TargetTransform.logarithm.suits(data.targets)
        let scales: [TargetTransform] = logarithm ? (entry.alsoPlain ? [.logarithm, .identity] : [.logarithm]) : [.identity]
        return scales.map { scale in
            var recipe = entry.recipe
            (recipe.columns, recipe.columnsName, recipe.transform) = (seen, "\(seen.count) \(entry.view.rawValue)", scale)
            return recipe
        }
    }
}

extension [Double] {
    /// Whether more than a tenth of the values are the same.
    fileprivate var isCrowded: Bool {
        var (longest, run) = (1, 1)
        let sorted = sorted()
        for (a, b) in zip(sorted, sorted.dropFirst()) {
            run = a == b ? run + 1 : 1
            longest = Swift.max(longest, run)
        }
        return longest * 10 > count
    }
}
