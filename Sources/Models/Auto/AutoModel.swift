import MaterialsCore

/// Chooses descriptors, features, models and settings by inner cross-validation within a budget, and blends the best.
///
/// 1. Constant columns and exact repetitions go. The rest is seen in several views: all of it; the descriptors that lower a quick
///    model's held-out error, added one by one; fractions of elements without their properties; at most 80 features of highest
///    mutual information without redundancy.
/// 2. Each recipe of the portfolio (model, settings, columns, scale of the target) that the budget allows predicts the rows that
///    its inner fits did not see.
/// 3. A blend of them is selected greedily by the loss; members of no weight go. The rest learns from all rows.
///
/// - Input:    any features.
/// - Output:   as `stack`. With fewer than 8 rows, or features that are all constant, it is `ridge`.
/// - Errors:   those of the members.
/// - Numerics: the budget is held by estimates from the counts of rows and columns, never by the clock: same bytes for any
///   machine load and number of threads (same BLAS kernel class).
/// - Cost:     at most the budget, as estimated (setting `minutes`, of one core), once for every fit: cross-validation with five folds and
///   the final fit are six.
/// - Source:   M. Feurer et al., NIPS 2015 (portfolio and ensemble); R. Caruana et al., ICML 2004, doi:10.1145/1015330.1015432;
///   H. Peng et al., IEEE TPAMI 27, 1226 (2005), doi:10.1109/TPAMI.2005.159
public struct AutoModel: ColumnSelecting {
    /// Name in plans.
    public static let name = "auto"
    /// Members decide on missing features.
    public static let traits = ModelTraits(
        "chooses features, models and settings within a budget and blends them", holdsTrainingRows: true,
        missingFeatures: "as each chosen member does")
    /// What was tried, chosen and why.
    public let summary: [String: String]
    let blend: Blend
    /// Columns it was trained on, or restricted to.
    public var featureCount: Int { blend.featureCount }

    init(blend: Blend, summary: [String: String]) { (self.blend, self.summary) = (blend, summary) }

    /// Learns; settings: `minutes` (10), `memory_gb` (4), `folds` (inner ones: 5, of more than 3,000 rows 3, of more than 8,000 a held-out fifth), `loss` (`absolute` or `squared`; classes:
    /// `logarithmic`), `decision` (`likeliest` or `balanced`), `models` (names that it may use).
    public static func fit(_ data: TrainingData, settings: inout Settings, context: TrainingContext) throws -> AutoModel {
        let chosen = try AutoSettings(&settings, data.task)
        try data.check(for: name)
        if context.isCancelled() { throw MatSieveError.stopped("auto: stopped before the search; start it again") }
        var search = try AutoSearch(data, chosen, context)
        let (blend, summary) = try search.run()
        return AutoModel(blend: blend, summary: summary)
    }

    /// A trained model from its parameters.
    /// - Throws: `MatSieveError.input` where they are damaged.
    public init(parameters: ParameterArchive) throws {
        self.init(blend: try Blend(parameters: parameters.group("blend")), summary: try parameters.summary())
    }

    /// The parameters, enough to make the model again.
    public var parameters: ParameterArchive {
        var archive = ParameterArchive()
        archive.setSummary(summary)
        archive.merge(blend.parameters, under: "blend")
        return archive
    }

    /// Columns that some member sees, ascending.
    public var usedColumns: [Int] { blend.usedColumns }

    /// The same model for features that hold only the columns `kept`.
    public func restricted(to kept: [Int]) -> AutoModel { AutoModel(blend: blend.restricted(to: kept), summary: summary) }

    /// Fills `prediction`; features must have the columns of the training.
    public func predict(_ features: FeatureMatrix, into prediction: inout Prediction) { blend.predict(features, into: &prediction) }
}
