import MaterialsCore

/// Random forest: full trees on bootstrapped rows, each split the best of a random part of the features, averaged.
///
///     prediction = 1/T Σ_t leaf_t(x),   σ² = factor · Var_t(leaf_t(x)) + floor
///
/// - Input:    any features; float32 is what is compared. Missing values (NaN, infinities) go the way that each split learned, or
///   with the heavier side where a feature never was missing. Categorical columns hold codes from 0 to 65,535: cuts in the order
///   of their means; the 254 most frequent can be told apart, others go right.
/// - Output:   regression: mean and standard deviation, whose factor and floor make the errors of out-of-bag rows likeliest.
///   Classification: the likeliest class and the shares of all classes, as means over the trees.
/// - Scope:    regression by squared error, any number of classes by the Gini impurity; weights multiply the times that a row
///   was drawn; `min_rows_in_leaf` counts these too where it is more than 1.
/// - Errors:   no rows or features, targets that are not finite or all of one class, bad category codes.
/// - Numerics: splits are exact for up to 4,095 distinct values a feature, else between bins of equal row count; thresholds are
///   middles of neighbouring values. Leaf values are rounded to float32 of the target's half range. Predictions are summed in
///   double, in tree order. The same model for any number of threads and on any CPU.
/// - Cost:     rows × features per split × depth, for each tree; 2 bytes a training value; 16 bytes a node.
/// - Source:   L. Breiman, Machine Learning 45, 5 (2001), doi:10.1023/A:1010933404324. Differences: a node of few rows ends its
///   search when no parting of the targets could be better.
public struct RandomForestModel: PropertyModel {
    /// Name in plans.
    public static let name = "random-forest"
    /// Missing features have a side of their own; the spread follows the row.
    public static let traits = ModelTraits("forest of trees on bootstrap samples", missingFeatures: "each split learned a side for them")
    /// Columns it was trained on.
    public var featureCount: Int { forest.ensemble.featureCount }
    /// What was used, for the model card, with the error on out-of-bag rows.
    public var summary: [String: String] { forest.summary }

    let forest: Forest

    /// Learns; settings: `trees`, `max_features` (part of the features; a third, or the square root of their number for classes),
    /// `min_rows_in_leaf`, `max_depth`, `bootstrap`, `row_fraction`, `combine` (of a regression: `mean`, `median` of the trees, of
    /// least absolute error, or `middle`, the mean of their middle half).
    public static func fit(_ data: TrainingData, settings: inout Settings, context: TrainingContext) throws -> RandomForestModel {
        let chosen = try ForestSettings(
            &settings, task: data.task, defaults: .init(bootstrap: true, regressionFeatures: 1.0 / 3, classificationFeatures: nil))
        try data.check(for: name)
        return RandomForestModel(
            forest: try ForestRun(data, name: name, settings: chosen, choice: .best, context: context).forest())
    }

    private init(forest: Forest) { self.forest = forest }

    /// The same trees, brought together another way.
    func combining(_ how: TreeCombination) -> Self { Self(forest: forest.combining(how)) }

    /// A trained model from its parameters.
    /// - Throws: `MatSieveError.input` where they are damaged.
    public init(parameters: ParameterArchive) throws { forest = try Forest(parameters: parameters) }

    /// The parameters, enough to make the model again.
    public var parameters: ParameterArchive { forest.parameters }

    /// Fills `prediction`; features must have the columns of the training.
    public func predict(_ features: FeatureMatrix, into prediction: inout Prediction) { forest.predict(features, into: &prediction) }
}
