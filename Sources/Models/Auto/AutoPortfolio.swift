import MaterialsCore

/// The recipes that `auto` tries, most promising first.
///
/// Put together after looking at such models on Matbench's folds, so results there flatter it; see `Benchmarks/RESULTS.md`.
enum AutoPortfolio {
    /// A recipe and when to try it.
    struct Entry: Sendable {
        var recipe: StackRecipe
        var view: ColumnView
        /// Units of work (trees, epochs, steps) that its cost has.
        var units: Double
        /// Numbers of rows that it is worth trying with.
        var rows: ClosedRange<Int>
        /// Also on the target itself where the logarithm suits.
        var alsoPlain = false

        init(
            _ model: String, _ settings: [String: Double] = [:], texts: [String: String] = [:], lists: [String: [Double]] = [:],
            flags: [String: Bool] = [:], view: ColumnView = .all, units: Double, rows: ClosedRange<Int> = 0...(.max),
            alsoPlain: Bool = false, seesNeighbours: Bool = false
        ) {
            recipe = StackRecipe(model, settings, texts: texts, lists: lists, flags: flags)
            recipe.choosesCombination = model == ExtraTreesModel.name
            recipe.seesNeighbours = seesNeighbours
            (self.view, self.units, self.rows, self.alsoPlain) = (view, units, rows, alsoPlain)
        }
    }

    /// Models that appear.
    static var models: [String] { Set(LearningTask.allCases.flatMap { entries($0) }.map(\.recipe.model)).sorted() }

    /// All entries for a task.
    static func entries(_ task: LearningTask) -> [Entry] {
        let absolute = task == .regression ? ["loss": "absolute"] : [:]
        let extra = ["trees": 300, "max_features": 0.35]
        let boosted = ["validation_fraction": 0, "feature_fraction": 0.3, "row_fraction": 0.8, "l2": 1]
        func trees(_ count: Double, _ leaves: Double, _ rate: Double) -> [String: Double] {
            boosted.merging(["trees": count, "leaves": leaves, "learning_rate": rate]) { $1 }
        }
        let process = ["kernel": "matern32 + matern12", "length_scales": "groups"]
        func network(_ members: Double, _ epochs: Double, _ batch: Double) -> [String: Double] {
            ["members": members, "epochs": epochs, "batch_size": batch, "dropout": 0.05, "weight_decay": 1e-3, "clip": 4]
        }
        let layers = ["hidden": [512.0, 256, 128]]
        let roots = ["roots_of_fractions": true, "missing_columns": true]
        let small = 0...40_000
        let middle = 3_000...40_000
        let large = 40_001...(.max)
        return [
            Entry("extra-trees", extra, units: 300, rows: small, alsoPlain: true),
            Entry("boosted-trees", trees(600, 31, 0.04), texts: absolute, units: 600, rows: small),
            Entry("gaussian-process", ["rows_for_hyperparameters": 600], texts: process, units: 20, rows: 0...12_000),
            Entry("extra-trees", extra, view: .plain, units: 300, rows: small),
            Entry("gaussian-process", ["rows_for_hyperparameters": 600], texts: process, view: .plain, units: 20, rows: 0...12_000),
            Entry("extra-trees", extra, view: .chosen, units: 300, rows: small),
            Entry("boosted-trees", trees(600, 15, 0.04), units: 600, rows: small),
            Entry("boosted-trees", trees(600, 48, 0.05), texts: absolute, units: 1_200, rows: middle, seesNeighbours: true),
            Entry("mlp", network(3, 60, 128), lists: layers, flags: roots, units: 180, rows: middle, seesNeighbours: true),
            Entry("boosted-trees", trees(1_000, 127, 0.06), texts: absolute, units: 4_000, rows: large, seesNeighbours: true),
            Entry("mlp", network(1, 32, 512), lists: layers, flags: roots, units: 32, rows: large, seesNeighbours: true),
            Entry("nearest-neighbours", view: .informative, units: 1, rows: small),
            Entry("ridge", view: .informative, units: 1, rows: small),
        ]
    }
}

/// A choice of columns.
enum ColumnView: String, Sendable {
    /// Everything that varies.
    case all
    /// Fractions of the elements and what the table says beside the formula, without element properties.
    case plain
    /// Descriptors that lower a quick model's held-out error, added one by one.
    case chosen
    /// At most 80 of highest mutual information with the target, without redundancy.
    case informative

    private static let mostInformative = 80
    private static let plainGroups: Set<String> = ["cell-content", "element-fraction", "space-group-column"]

    /// Its columns among the given ones; nil where the descriptors offer no such choice.
    ///
    /// - Parameters:
    ///   - all: columns that vary
    ///   - chosen: those of the descriptors that a probe chose
    func columns(_ all: [Int], chosen: [Int], of data: TrainingData, seed: UInt64) -> [Int]? {
        switch self {
        case .all: return all
        case .informative:
            let chosen =
                all.count <= Self.mostInformative ? all : FeatureRelevance(data, seed: seed).select(Self.mostInformative, among: all)
            return chosen.isEmpty ? nil : chosen
        case .chosen: return chosen.isEmpty || chosen.count == all.count ? nil : chosen
        case .plain: return named(all, data.groups)
        }
    }

    private func named(_ all: [Int], _ groups: [FeatureGroup]) -> [Int]? {
        let chosen = groups.filter { Self.plainGroups.contains($0.name) || $0.name.hasPrefix("column ") }
        guard chosen.contains(where: { $0.name == "element-fraction" }) else { return nil }
        let columns = all.filter { c in chosen.contains { $0.columns.contains(c) } }
        return columns.isEmpty || columns.count == all.count ? nil : columns
    }
}
