import MaterialsCore

/// Which descriptors help: forward selection with a quick boosted model on seeded folds.
///
/// Begins with the best single descriptor and adds the one that lowers the held-out loss most, until none lowers it by 0.2 %.
struct GroupProbe {
    private static let mostRows = 6_000
    private static let leastGain = 0.002
    private static let trees = 150.0

    private let data: TrainingData
    private let table: OutOfFoldTable?
    private let selection: EnsembleSelection?
    private let context: TrainingContext

    /// What came out.
    struct Choice {
        var names: [String]
        var explanation: String
        /// As estimated.
        var seconds: Double
    }

    init(_ all: TrainingData, loss: BlendLoss, _ context: TrainingContext) throws {
        self.context = context
        var random = SplitMix64(seed: context.seed ^ 0x70_72_6f_62)
        let rows = random.permutation(all.targets.count).prefix(Self.mostRows).sorted()
        data = rows.count < all.targets.count ? all.selecting(rows) : all
        let folds = try Folds.inner(3, data, seed: context.seed ^ 1)
        table = folds.map { [data] in OutOfFoldTable(data, folds: $0) }
        selection = table.map { EnsembleSelection(targets: $0.targets, weights: $0.weights, loss: loss) }
    }

    func choose(_ groups: [(name: String, columns: [Int])], seconds budget: Double) throws -> Choice {
        guard let table, let selection else {
            return Choice(names: groups.map(\.name), explanation: "all: too few rows to choose", seconds: 0)
        }
        var (chosen, left): ([Int], [Int]) = ([], Array(groups.indices))
        var (best, spent) = (Double.infinity, 0.0)
        var steps: [String] = []
        while !left.isEmpty {
            var step: (group: Int, loss: Double)?
            for g in left {
                let columns = (chosen + [g]).flatMap { groups[$0].columns }.sorted()
                let cost =
                    3
                    * FitCost(
                        "boosted-trees", rows: data.targets.count, columns: columns.count, outputs: max(data.classCount - 1, 1),
                        units: Self.trees
                    ).seconds
                guard spent + cost <= budget || chosen.isEmpty && step == nil else { continue }
                spent += cost
                let value = selection.loss(of: try table.predictions(recipe(columns), context))
                if value < step?.loss ?? .infinity { step = (g, value) }
            }
            guard let step, chosen.isEmpty || step.loss < best * (1 - Self.leastGain) else { break }
            chosen.append(step.group)
            left.removeAll { $0 == step.group }
            best = step.loss
            steps.append("\(groups[step.group].name) (\(roughNumberText(best)))")
        }
        var explanation = "quick model's held-out error falling with " + steps.joined(separator: ", then ")
        if !left.isEmpty { explanation += "; no gain from " + left.map { groups[$0].name }.joined(separator: ", ") }
        return Choice(names: chosen.map { groups[$0].name }, explanation: explanation, seconds: spent)
    }

    private func recipe(_ columns: [Int]) -> StackRecipe {
        var recipe = StackRecipe(
            "boosted-trees", ["trees": Self.trees, "leaves": 15, "learning_rate": 0.1, "validation_fraction": 0])
        recipe.columns = columns
        return recipe
    }
}
