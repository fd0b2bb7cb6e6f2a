import MaterialsCore

/// Extremely randomised trees: full trees on all rows, each split the best of one random cut a feature, averaged.
///
///     prediction = 1/T Σ_t leaf_t(x),   σ² = factor · Var_t(leaf_t(x)) + floor
///
/// - Input:    as `random-forest`.
/// - Output:   as `random-forest`. Without `bootstrap` (the default) no row is out of bag: other trees, of four fifths of the rows
///   each, then tell factor and floor of a regression.
/// - Scope:    as `random-forest`.
/// - Errors:   no rows or features, targets that are not finite or all of one class, bad category codes.
/// - Numerics: a cut is uniform between the least and the largest value of the node and falls into the gap that it hits; the
///   threshold is the middle of that gap. Else as `random-forest`.
/// - Cost:     rows × features per split × depth, for each tree; 2 bytes a training value; 16 bytes a node.
/// - Source:   P. Geurts, D. Ernst, L. Wehenkel, Machine Learning 63, 3 (2006), doi:10.1007/s10994-006-6226-1. Differences:
///   thresholds in the middle of gaps.
public struct ExtraTreesModel: PropertyModel {
    /// Name in plans.
    public static let name = "extra-trees"
    /// Missing features have a side of their own; the spread follows the row.
    public static let traits = ModelTraits("forest of trees with random cuts", missingFeatures: "each split learned a side for them")
    /// Columns it was trained on.
    public var featureCount: Int { forest.ensemble.featureCount }
    /// What was used, for the model card.
    public var summary: [String: String] { forest.summary }

    let forest: Forest

    /// Learns; settings: `trees`, `max_features` (part of the features; all, or the square root of their number for classes),
    /// `min_rows_in_leaf`, `max_depth`, `bootstrap`, `row_fraction`, `combine` (of a regression: `mean`, `median` of the trees, of
    /// least absolute error, or `middle`, the mean of their middle half).
    public static func fit(_ data: TrainingData, settings: inout Settings, context: TrainingContext) throws -> ExtraTreesModel {
        let chosen = try ForestSettings(
            &settings, task: data.task, defaults: .init(bootstrap: false, regressionFeatures: 1, classificationFeatures: nil))
        try data.check(for: name)
        return ExtraTreesModel(
            forest: try ForestRun(data, name: name, settings: chosen, choice: .random, context: context).forest())
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
