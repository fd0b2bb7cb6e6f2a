import MaterialsCore

/// Gradient-boosted regression trees on histograms, grown leaf by leaf.
///
///     F(x) = base + Σ_t tree_t(x),   leaf = -learning_rate · Σ gradient / (Σ hessian + l2)
///
/// - Input:    any features; float32 is what is compared. Missing values (NaN, infinities) go the way that each split learned.
///   Categorical columns hold codes from 0 to 65,535; the 254 most frequent can be told apart, others go right.
/// - Output:   regression: mean, and the root mean square residual of the validation rows as a constant spread (NaN without
///   validation rows; a little small, as these rows chose the number of trees). Classification: the likelier class and the
///   probability of class 1.
/// - Errors:   no rows or features, targets that are not finite or all of one class, bad category codes.
/// - Numerics: gradients are integers while splits are searched, leaf values are summed in row order: the same model for any
///   number of threads and on any CPU. A prediction is summed in tree order.
/// - Cost:     per tree about 2 × rows × features additions; 1 byte a value; 2,048 bytes a feature and leaf.
/// - Source:   J. H. Friedman, Ann. Stat. 29, 1189 (2001), doi:10.1214/aos/1013203451; G. Ke et al., LightGBM, NIPS 2017.
///   Differences: integer gradients of up to 40 bits instead of floats; counts, not a sample, fill bins up to 200,000 rows.
public struct BoostedTreesModel: PropertyModel {
    /// Name in plans.
    public static let name = "boosted-trees"
    /// Columns it was trained on.
    public var featureCount: Int { ensemble.featureCount }
    /// What was used, for the model card.
    public let summary: [String: String]

    private let task: LearningTask
    private let spread: Double
    private let ensemble: TreeEnsemble
    private let masks: BitmaskScorer?
    private let walks: WalkingScorer?

    init(task: LearningTask, spread: Double, ensemble: TreeEnsemble, summary: [String: String]) {
        (self.task, self.spread, self.ensemble, self.summary) = (task, spread, ensemble, summary)
        masks = BitmaskScorer(ensemble)
        walks = masks == nil ? WalkingScorer(ensemble) : nil
    }

    /// Learns; settings: `trees`, `leaves`, `learning_rate`, `min_rows_in_leaf`, `l2`, `min_gain`, `max_bins`, `max_depth`,
    /// `feature_fraction`, `row_fraction`, `early_stopping_rounds`, `validation_fraction`.
    public static func fit(_ data: TrainingData, settings: inout Settings, context: TrainingContext) throws -> BoostedTreesModel {
        let chosen = try BoostedTreesSettings(&settings)
        try data.check(for: name)
        guard data.features.rows <= PackedGradients.mostRows else {
            throw MatSieveError.input("boosted-trees: \(data.features.rows) rows; at most \(PackedGradients.mostRows) fit, take a sample")
        }
        var run = try BoostingRun(data, settings: chosen, context: context)
        try run.run()
        let spread = data.task == .regression ? run.validationSpread(data.features) : .nan
        let summary = [
            "trees": "\(run.ensemble.treeCount)", "leaves": "\(chosen.leaves)", "learning_rate": "\(chosen.learningRate)",
            "min_rows_in_leaf": "\(chosen.minRowsInLeaf)", "l2": "\(chosen.l2)", "feature_fraction": "\(chosen.featureFraction)",
            "row_fraction": "\(chosen.rowFraction)", "max_bins": "\(chosen.maxBins)", "max_depth": "\(chosen.maxDepth)",
            "validation_rmse": spread.isNaN ? "none" : "\(spread)",
        ]
        return BoostedTreesModel(task: data.task, spread: spread, ensemble: run.ensemble, summary: summary)
    }

    /// A trained model from its parameters.
    /// - Throws: `MatSieveError.input` where they are damaged.
    public init(parameters: ParameterArchive) throws {
        guard let task = LearningTask(rawValue: try parameters.string("task")) else {
            throw MatSieveError.input("model file: unknown task; it is damaged or from another version, train it anew")
        }
        let spread = try parameters.double("spread")
        guard spread.isFinite else { throw MatSieveError.input("model file: 'spread' is damaged; train it anew") }
        let keys = try parameters.strings("summary_keys")
        let values = try parameters.strings("summary_values")
        let summary = Dictionary(zip(keys, values), uniquingKeysWith: { first, _ in first })
        self.init(
            task: task, spread: spread < 0 ? .nan : spread, ensemble: try TreeEnsemble(archive: parameters.group("trees")),
            summary: summary)
    }

    /// The parameters, enough to make the model again; an unknown spread is -1.
    public var parameters: ParameterArchive {
        let keys = summary.keys.sorted()
        var archive = ParameterArchive([
            "task": .string(task.rawValue), "spread": .doubles([spread.isNaN ? -1 : spread], shape: [1]),
            "summary_keys": .strings(keys), "summary_values": .strings(keys.map { summary[$0]! }),
        ])
        archive.merge(ensemble.archive, under: "trees")
        return archive
    }

    /// Fills `prediction`; features must have the columns of the training.
    public func predict(_ features: FeatureMatrix, into prediction: inout Prediction) {
        precondition(features.columns == ensemble.featureCount && prediction.mean.count == features.rows)
        var sums = prediction.mean.mutableSpan
        masks?.sums(features.values.span, into: &sums)
        walks?.sums(features.values.span, into: &sums)
        for row in 0..<features.rows {
            if task == .regression {
                prediction.spread[row] = spread
            } else {
                let p = BoostingLoss.probability(prediction.mean[row])
                (prediction.mean[row], prediction.spread[row]) = (p >= 0.5 ? 1 : 0, p)
            }
        }
    }
}
