import MaterialsCore

/// The recipes that `auto` tries, most promising first.
///
/// Chosen on random splits of Matbench's small tasks, none of its folds; see `Benchmarks/RESULTS.md`.
enum AutoPortfolio {
    /// A recipe and how many units of work (trees, epochs) its cost has.
    struct Entry: Sendable {
        var recipe: StackRecipe
        var units: Double
        /// Wants few, informative columns: distances drown in many.
        var isDistanceBased: Bool
        /// Largest number of rows that it is worth trying with.
        var mostRows: Int
    }

    /// Models that appear.
    static var models: [String] { Set(entries(.regression).map(\.recipe.model)).sorted() }

    /// All entries for a task.
    static func entries(_ task: LearningTask) -> [Entry] {
        let losses: [String: String] = [:]
        return [
            Entry(
                recipe: StackRecipe(
                    "boosted-trees", ["trees": 800, "leaves": 31, "learning_rate": 0.04, "validation_fraction": 0], texts: losses),
                units: 800,
                isDistanceBased: false, mostRows: .max),
            Entry(
                recipe: StackRecipe("boosted-trees", ["trees": 800, "leaves": 15, "learning_rate": 0.04, "validation_fraction": 0]),
                units: 800, isDistanceBased: false, mostRows: .max),
            Entry(recipe: StackRecipe("ridge"), units: 1, isDistanceBased: false, mostRows: 50_000),
        ]
    }
}
