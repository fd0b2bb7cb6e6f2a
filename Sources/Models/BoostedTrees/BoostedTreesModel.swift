import MaterialsCore

/// Gradient-boosted trees on histograms, grown leaf by leaf.
///
///     F(x) = base + Σ_t tree_t(x),   leaf = -learning_rate · Σ gradient / (Σ hessian + l2)
///
/// - Input:    any features; float32 is what is compared. Missing values (NaN, infinities) go the way that each split learned.
///   Categorical columns hold codes from 0 to 65,535; the 254 most frequent can be told apart, others go right.
///   Weights multiply gradients and hessians.
/// - Output:   regression: the mean with loss `squared`, the median with `absolute`, a quantile with `quantile`, a mean that
///   outliers move little with `huber`, the default; and the root mean square residual of the validation rows as a constant
///   spread (NaN without validation rows; a little small, as these rows chose the number of trees). Classification: the likeliest class and the probabilities; more than two classes take a tree each an iteration.
/// - Errors:   no rows or features, targets that are not finite or all of one class, bad category codes.
/// - Numerics: gradients are integers while splits are searched, leaf values are summed in row order: the same model for any
///   number of threads and on any CPU. A prediction is summed in tree order.
/// - Cost:     per tree about 2 × rows × features additions; 1 byte a value; 2,048 bytes a feature and leaf.
/// - Source:   J. H. Friedman, Ann. Stat. 29, 1189 (2001), doi:10.1214/aos/1013203451; G. Ke et al., LightGBM, NIPS 2017.
///   Differences: integer gradients of up to 40 bits instead of floats; counts, not a sample, fill bins up to 200,000 rows.
public struct BoostedTreesModel: PropertyModel {
    /// Name in plans.
    public static let name = "boosted-trees"
    /// What it can do and how.
    public static let traits = ModelTraits(
        "gradient boosting of histogram trees (squares, absolute, Huber, quantile, logistic, multi-class)", knowsItsError: false,
        missingFeatures: "each split learns where they go")
    /// Columns it was trained on.
    public var featureCount: Int { ensembles[0].featureCount }
    /// What was used, for the model card.
    public let summary: [String: String]

    let task: LearningTask
    let spread: Double
    /// One, or one a class where there are more than two.
    let ensembles: [TreeEnsemble]
    private let scorers: [TreeScorer]

    init(task: LearningTask, spread: Double, ensembles: [TreeEnsemble], summary: [String: String]) {
        (self.task, self.spread, self.ensembles, self.summary) = (task, spread, ensembles, summary)
        scorers = ensembles.map { TreeScorer($0) }
    }

    /// Learns; settings: `loss` (`squared`, `absolute`, `quantile` with `quantile`, `huber`; classes: `logistic`), `seeds`, `trees`,
    /// `leaves`, `learning_rate`, `min_rows_in_leaf`, `l2`, `min_gain`, `max_bins`, `max_depth`, `feature_fraction`,
    /// `row_fraction`, `early_stopping_rounds`, `validation_fraction`, `huber_quantile`.
    public static func fit(_ data: TrainingData, settings: inout Settings, context: TrainingContext) throws -> BoostedTreesModel {
        let chosen = try BoostedTreesSettings(&settings, classCount: data.classCount)
        try data.check(for: name)
        guard data.features.rows <= PackedGradients.mostRows else {
            throw MatSieveError.input("boosted-trees: \(data.features.rows) rows; at most \(PackedGradients.mostRows) fit, take a sample")
        }
        let matrix = try BinnedMatrix(data, mostBins: chosen.maxBins, context: context)
        var bag = TreeBag()
        for number in 0..<chosen.seeds {
            var own = context
            own.seed = context.seed &+ UInt64(number) &* 0x9e37_79b9_7f4a_7c15
            var run = BoostingRun(data, matrix: matrix, settings: chosen, context: own)
            try run.run()
            bag.add(run.ensembles, spread: data.task == .regression ? run.validationSpread(data.features) : .nan)
        }
        var summary = chosen.summary
        summary["trees"] = "\(bag.treeCount)"
        summary["validation_rmse"] = bag.spread.isNaN ? "none" : "\(bag.spread)"
        return BoostedTreesModel(task: data.task, spread: bag.spread, ensembles: bag.mean, summary: summary)
    }

    /// Fills `prediction`; features must have the columns of the training.
    public func predict(_ features: FeatureMatrix, into prediction: inout Prediction) {
        precondition(features.columns == featureCount && prediction.mean.count == features.rows)
        guard ensembles.count == 1 else { return predictClasses(features, into: &prediction) }
        var sums = prediction.mean.mutableSpan
        scorers[0].sums(features.values.span, into: &sums)
        for row in 0..<features.rows {
            if task == .regression {
                prediction.spread[row] = spread
            } else {
                prediction.setProbability(ClassProbabilities.logistic(prediction.mean[row]), row: row)
            }
        }
    }

    /// The softmax over the scores of the classes.
    private func predictClasses(_ features: FeatureMatrix, into prediction: inout Prediction) {
        precondition(prediction.classCount == ensembles.count)
        let scores = scorers.map { scorer in
            var scores = [Double](repeating: 0, count: features.rows)
            var span = scores.mutableSpan
            scorer.sums(features.values.span, into: &span)
            return scores
        }
        var probabilities = [Double](repeating: 0, count: ensembles.count)
        for row in 0..<features.rows {
            var largest = scores[0][row]
            for k in scores.indices { largest = max(largest, scores[k][row]) }
            var sum = 0.0
            for k in scores.indices {
                probabilities[k] = PortableMath.exp(scores[k][row] - largest)
                sum += probabilities[k]
            }
            for k in scores.indices { probabilities[k] /= sum }
            prediction.setProbabilities(probabilities.span, row: row)
        }
    }
}
