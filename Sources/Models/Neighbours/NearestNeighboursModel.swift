import MaterialsCore

/// The mean, the median or the votes of the nearest training rows.
///
///     mean = Σ v_i·y_i / Σ v_i,   v_i = w_i or w_i / d_i,   spread² = E/2 · (s² / S + d² / D)
///
/// with the variance s² of the neighbours' targets and their mean squared distance d² here; S, D and the squared error E are their
/// means over training rows that are left out one at a time.
///
/// - Input:    any features, standardised and held within ±10; a missing value counts as the mean; categories become one column a
///   code. `metric: correlation` stretches each column by the size of its correlation with the target.
/// - Output:   regression: mean (or median) and standard deviation; classification: probabilities, of the neighbours' votes and one
///   more that is shared out as the training rows are.
/// - Errors:   no rows or features, targets that are not finite or all of one class, values too large to be squared.
/// - Numerics: exact: float products find candidates, distances are summed in double in column order, ties go to the lower row.
///   Weights multiply a row's vote.
/// - Cost:     2 × training rows × columns operations a row to predict; 4,000 such rows to fit. The model holds the training rows.
/// - Source:   T. M. Cover, P. E. Hart, IEEE Trans. Inf. Theory 13, 21 (1967), doi:10.1109/TIT.1967.1053964. Differences: number,
///   weighting and metric are of least leave-one-out error unless they are given.
public struct NearestNeighboursModel: PropertyModel {
    /// Name in plans.
    public static let name = "nearest-neighbours"
    /// What it can do and how.
    public static let traits = ModelTraits(
        "the nearest training rows vote or are averaged", holdsTrainingRows: true, missingFeatures: "the training mean stands in")

    let encoding: FeatureEncoding
    let stretch: [Double]
    let search: NeighbourSearch
    let targets: [Double]
    let rowWeights: [Double]
    let vote: NeighbourVote
    let metric: NeighbourSelection.Metric
    /// Mean, deviation of the targets: what is said where no feature tells rows apart.
    let moments: (mean: Double, deviation: Double)
    /// E, S and D; NaN or 0 where the training rows don't tell.
    let squares: (residual: Double, variance: Double, distance: Double)

    init(
        encoding: FeatureEncoding, stretch: [Double], search: NeighbourSearch, targets: [Double], rowWeights: [Double],
        vote: NeighbourVote, metric: NeighbourSelection.Metric, squares: (residual: Double, variance: Double, distance: Double)
    ) {
        (self.encoding, self.stretch, self.search, self.targets) = (encoding, stretch, search, targets)
        (self.rowWeights, self.vote, self.metric, self.squares) = (rowWeights, vote, metric, squares)
        let total = rowWeights.reduce(0, +)
        let mean = zip(targets, rowWeights).reduce(0) { $0 + $1.0 * $1.1 } / total
        let variance = zip(targets, rowWeights).reduce(0) { $0 + $1.1 * ($1.0 - mean) * ($1.0 - mean) } / total
        moments = (mean, variance.squareRoot())
    }

    /// Columns it was trained on.
    public var featureCount: Int { encoding.sourceColumns }

    /// What was used, for the model card.
    public var summary: [String: String] {
        [
            "neighbours": "\(vote.neighbours)", "weighting": vote.weighting.rawValue, "combination": vote.combination.rawValue,
            "metric": metric.rawValue, "columns_used": "\(encoding.columns)",
        ]
    }

    /// Learns; settings: `neighbours` (1 to 10,000), `weighting` (uniform, distance), `combination` (mean, median), `metric` (plain,
    /// correlation). What is not given is chosen, but for the combination, which is `mean`.
    public static func fit(_ data: TrainingData, settings: inout Settings, context: TrainingContext) throws -> NearestNeighboursModel {
        let given = try settings.number("neighbours") == nil ? nil : settings.integer("neighbours", default: 1, in: 1...10_000)
        let weightings =
            try settings.text("weighting") == nil ? NeighbourVote.Weighting.allCases : [settings.choice("weighting", default: .uniform)]
        let metrics = try settings.text("metric") == nil ? NeighbourSelection.Metric.allCases : [settings.choice("metric", default: .plain)]
        let combination = try settings.choice("combination", default: NeighbourVote.Combination.mean)
        try settings.finish()
        try data.check(for: name)
        let encoding = try FeatureEncoding(data, bound: 10)
        let rows = encoding.apply(data.features)
        let most = data.targets.count - 1
        let counts = given.map { [min($0, data.targets.count)] } ?? [1, 2, 3, 4, 5, 7, 10, 14, 20, 28, 40].filter { $0 <= max(most, 1) }
        let shares = data.task == .classification ? ClassProbabilities.shares(data) : []
        let votes = weightings.flatMap { w in
            counts.map {
                NeighbourVote(neighbours: $0, weighting: w, combination: combination, classCount: data.classCount, shares: shares)
            }
        }
        let selection = NeighbourSelection(data: data, rows: rows, width: encoding.columns, votes: votes)
        let outcome = most > 0 && encoding.columns > 0 ? selection.best(metrics, context: context) : selection.unjudged()
        guard let outcome else {
            throw MatSieveError.stopped("nearest-neighbours: stopped during the choice of neighbours; start the fit again")
        }
        var stretched = rows
        for i in data.targets.indices { for j in 0..<encoding.columns { stretched[i * encoding.columns + j] *= outcome.stretch[j] } }
        return NearestNeighboursModel(
            encoding: encoding, stretch: outcome.stretch,
            search: NeighbourSearch(rows: stretched, count: data.targets.count, width: encoding.columns), targets: data.targets,
            rowWeights: data.targets.indices.map(data.weight), vote: outcome.vote, metric: outcome.metric, squares: outcome.squares)
    }

    /// Fills `prediction`; features must have the columns of the training.
    public func predict(_ features: FeatureMatrix, into prediction: inout Prediction) {
        precondition(features.columns == featureCount && prediction.mean.count == features.rows)
        if encoding.columns == 0 { return predictConstant(into: &prediction) }
        var queries = encoding.apply(features)
        for i in 0..<features.rows { for j in 0..<encoding.columns { queries[i * encoding.columns + j] *= stretch[j] } }
        search.forEach(queries, count: features.rows, nearest: vote.neighbours) { row, found in
            if vote.classCount == 0 {
                let (value, variance, distance) = vote.regression(found, targets, rowWeights)
                (prediction.mean[row], prediction.spread[row]) = (value, spread(variance, distance))
            } else {
                prediction.setProbabilities(vote.classes(found, targets, rowWeights), row: row)
            }
        }
    }

    private func spread(_ variance: Double, _ distance: Double) -> Double {
        let (e, s, d) = (squares.residual, squares.variance, squares.distance)
        switch (s > 0, d > 0) {
        case (true, true): return (e / 2 * (variance / s + distance / d)).squareRoot()
        case (true, false): return (e * variance / s).squareRoot()
        case (false, true): return (e * distance / d).squareRoot()
        case (false, false): return e.squareRoot()
        }
    }

    private func predictConstant(into prediction: inout Prediction) {
        for row in 0..<prediction.rows {
            if vote.classCount == 0 {
                (prediction.mean[row], prediction.spread[row]) = moments
            } else {
                prediction.setProbabilities(vote.shares, row: row)
            }
        }
    }
}
