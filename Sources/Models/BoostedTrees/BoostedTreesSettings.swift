import MaterialsCore

/// Settings of `boosted-trees`, in LightGBM's spirit.
///
/// The defaults were chosen by the out-of-fold error on Magpie features of Matbench's expt_gap, steels, glass and expt_is_metal.
struct BoostedTreesSettings: Sendable {
    /// What is minimised.
    var loss: BoostingLoss
    /// Fits with seeds of their own whose scores are averaged.
    var seeds: Int
    /// Most trees (a class).
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
    /// - Parameter classCount: 0 for a regression.
    init(_ settings: inout Settings, classCount: Int = 0) throws {
        loss = try Self.loss(&settings, classCount: classCount)
        seeds = try settings.integer("seeds", default: 1, in: 1...100)
        trees = try settings.integer("trees", default: 1_000, in: 1...100_000)
        leaves = try settings.integer("leaves", default: 31, in: 2...4_096)
        learningRate = try settings.number("learning_rate", default: 0.07, in: 1e-6...1)
        // A quantile near 0 or 1 is that of a leaf only where the leaf has rows on both sides of it.
        let fewest = loss.kind == .quantile ? max(5, Int(2 / min(loss.level, 1 - loss.level))) : 5
        minRowsInLeaf = try settings.integer("min_rows_in_leaf", default: fewest, in: 1...1_000_000)
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

    private static func loss(_ settings: inout Settings, classCount: Int) throws -> BoostingLoss {
        let kind = try settings.choice("loss", default: classCount == 0 ? BoostingLoss.Kind.squared : .logistic)
        guard (kind == .logistic) == (classCount > 0) else {
            let others = classCount > 0 ? "classes are learned with 'logistic'" : "'logistic' is for classes"
            throw Settings.error(
                settings.line(of: "loss"), "'\(kind.rawValue)' is not a loss for this task of \(settings.subject): \(others)")
        }
        let hasQuantile = settings.keys.contains("quantile")
        guard hasQuantile == (kind == .quantile) else {
            let message = hasQuantile ? "'quantile' of \(settings.subject) needs 'loss: quantile'" : "'loss: quantile' needs 'quantile'"
            throw Settings.error(settings.line(of: hasQuantile ? "quantile" : "loss"), message)
        }
        let quantile = try settings.number("quantile", default: 0.5, in: 0.001...0.999)
        let huber = try settings.number("huber_quantile", default: 0.9, in: 0.01...1)
        return BoostingLoss(kind: kind, classCount: classCount, level: kind == .huber ? huber : quantile)
    }

    /// As text, for the model card.
    var summary: [String: String] {
        var texts = [
            "loss": loss.kind.rawValue, "leaves": "\(leaves)", "learning_rate": "\(learningRate)", "min_rows_in_leaf": "\(minRowsInLeaf)",
            "l2": "\(l2)", "feature_fraction": "\(featureFraction)", "row_fraction": "\(rowFraction)", "max_bins": "\(maxBins)",
            "max_depth": "\(maxDepth)", "seeds": "\(seeds)",
        ]
        if loss.kind == .quantile { texts["quantile"] = "\(loss.level)" }
        if loss.kind == .huber { texts["huber_quantile"] = "\(loss.level)" }
        return texts
    }
}
