import MaterialsCore

/// Settings of `boosted-trees`, in LightGBM's spirit.
///
/// The defaults were chosen by the out-of-fold error on Magpie features of Matbench's expt_gap, steels, glass and expt_is_metal.
struct BoostedTreesSettings: Sendable {
    /// Most trees.
    var trees: Int
    /// Most leaves of a tree.
    var leaves: Int
    /// Part of each tree's step that is taken.
    var learningRate: Double
    /// Rows that each leaf must have.
    var minRowsInLeaf: Int
    /// Added to the hessian of each leaf.
    var l2: Double
    /// Gain that a split must exceed.
    var minGain: Double
    /// Most bins of a feature.
    var maxBins: Int
    /// 0: no limit.
    var maxDepth: Int
    /// Part of the features that each tree may use.
    var featureFraction: Double
    /// Part of the rows that each tree learns from.
    var rowFraction: Double
    /// Trees without improvement on the validation rows after which the fit ends; 0: never.
    var earlyStoppingRounds: Int
    /// Part of the rows kept aside to choose the number of trees and to judge the spread.
    var validationFraction: Double

    /// Reads them strictly.
    init(_ settings: inout Settings) throws {
        trees = try settings.integer("trees", default: 1_000, in: 1...100_000)
        leaves = try settings.integer("leaves", default: 31, in: 2...4_096)
        learningRate = try settings.number("learning_rate", default: 0.07, in: 1e-6...1)
        minRowsInLeaf = try settings.integer("min_rows_in_leaf", default: 5, in: 1...1_000_000)
        l2 = try settings.number("l2", default: 3, in: 0...1e9)
        minGain = try settings.number("min_gain", default: 0, in: 0...1e300)
        maxBins = try settings.integer("max_bins", default: 255, in: 2...255)
        maxDepth = try settings.integer("max_depth", default: 0, in: 0...4_096)
        featureFraction = try settings.number("feature_fraction", default: 0.5, in: 1e-6...1)
        rowFraction = try settings.number("row_fraction", default: 1, in: 1e-6...1)
        earlyStoppingRounds = try settings.integer("early_stopping_rounds", default: 50, in: 0...100_000)
        validationFraction = try settings.number("validation_fraction", default: 0.1, in: 0...0.5)
        try settings.finish()
    }
}
