import MaterialsCore

/// Settings of `random-forest` and `extra-trees`, in scikit-learn's spirit.
struct ForestSettings: Sendable {
    /// Number of trees.
    var trees: Int
    /// Part of the features that each split may choose from; nil: the square root of their number.
    var maxFeatures: Double?
    /// Different rows that each leaf must have.
    var minRowsInLeaf: Int
    /// 0: no limit.
    var maxDepth: Int
    /// Draws the rows of each tree with replacement.
    var bootstrap: Bool
    /// Rows that each tree draws, as a part of all.
    var rowFraction: Double

    /// What one kind of forest takes where nothing is said.
    struct Defaults {
        var bootstrap: Bool
        /// Part of the features by task; the square root of their number where nil.
        var regressionFeatures: Double?
        var classificationFeatures: Double?
    }

    /// Features that each split looks at, out of so many.
    func featuresPerSplit(of count: Int) -> Int {
        let wanted = maxFeatures.map { Double(count) * $0 } ?? Double(count).squareRoot()
        return max(1, Int(wanted.rounded()))
    }

    /// Reads them strictly.
    init(_ settings: inout Settings, task: LearningTask, defaults: Defaults) throws {
        trees = try settings.integer("trees", default: 300, in: 1...100_000)
        let usual = task == .regression ? defaults.regressionFeatures : defaults.classificationFeatures
        maxFeatures = try settings.setting("max_features") == nil ? usual : settings.number("max_features", default: 1, in: 1e-6...1)
        minRowsInLeaf = try settings.integer("min_rows_in_leaf", default: 1, in: 1...1_000_000_000)
        maxDepth = try settings.integer("max_depth", default: 0, in: 0...1_000_000)
        bootstrap = try settings.boolean("bootstrap", default: defaults.bootstrap)
        rowFraction = try settings.number("row_fraction", default: 1, in: 1e-6...1)
        try settings.finish()
    }
}
