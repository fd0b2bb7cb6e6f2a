import MaterialsCore

/// A linear model of few features: least squares or logistic regression with a penalty on the size and the squares of its weights.
///
///     min  1/(2n) Σ w_i·(y_i - b - z_i·c)² + α·(ratio·|c|₁ + (1 - ratio)/2·|c|²),   z = (x - mean) / deviation
///
/// - Input:    any features; values that are not finite (missing) count as the training mean, constant columns are left out,
///   categories become one column a code. Values far outside the training rows are held as `ridge` holds them.
/// - Output:   regression: mean, and as a constant spread the root of the mean squared error on inner folds; classification:
///   probabilities of two classes, or by softmax of any number.
/// - Errors:   no rows or features, targets that are not finite or all of one class, values too large to be squared.
/// - Numerics: fitted with OpenBLAS (same bytes for the same BLAS kernel class and any number of threads); predicted in column
///   order. Equal to scikit-learn's `ElasticNet` and `LogisticRegression` to 1e-6 for given penalties. Weights multiply a row's loss.
/// - Cost:     a sweep is rows × active columns, or active columns² where rows outnumber columns; 10⁵ columns are fine.
/// - Source:   H. Zou, T. Hastie, J. R. Stat. Soc. B 67, 301 (2005), doi:10.1111/j.1467-9868.2005.00503.x; J. Friedman, T. Hastie,
///   R. Tibshirani, J. Stat. Softw. 33, 1 (2010), doi:10.18637/jss.v033.i01. Differences: inner folds are standardised by themselves.
public struct ElasticNetModel: PropertyModel {
    /// Name in plans.
    public static let name = "elastic-net"
    /// What it can do and how.
    public static let traits = ModelTraits(
        "linear, L1 and L2 penalties along a path", knowsItsError: false, missingFeatures: "the training mean stands in")

    let scorer: ElasticNetScorer
    let alpha: Double
    let ratio: Double
    /// Standard deviation of a prediction's error; NaN where the training rows don't tell.
    let spread: Double

    init(scorer: ElasticNetScorer, alpha: Double, ratio: Double, spread: Double) {
        (self.scorer, self.alpha, self.ratio, self.spread) = (scorer, alpha, ratio, spread)
    }

    /// Columns it was trained on.
    public var featureCount: Int { scorer.encoding.sourceColumns }

    /// What was used, for the model card.
    public var summary: [String: String] {
        [
            "alpha": "\(alpha)", "l1_ratio": "\(ratio)", "columns_used": "\(scorer.encoding.columns)",
            "inner_rmse": spread.isNaN ? "none" : "\(spread)",
        ]
    }

    /// Learns; settings: `alpha` (1e-12 to 1e12) and `l1_ratio` (0.01 to 1; else 0.1, 0.5 and 0.95 are tried) fix the penalty;
    /// `rule` (least, one-standard-error), `folds` (default 5), `penalties` (default 60, of classes 25) say how it is chosen, `clip` as of `ridge`.
    public static func fit(_ data: TrainingData, settings: inout Settings, context: TrainingContext) throws -> ElasticNetModel {
        let alpha = try given("alpha", &settings, in: 1e-12...1e12)
        let ratio = try given("l1_ratio", &settings, in: 0.01...1)
        let search = ElasticNetSearch(
            data: data, ratios: ratio.map { [$0] } ?? [0.1, 0.5, 0.95],
            clip: try settings.number("clip", default: 1, in: 0...1e12), rule: try settings.choice("rule", default: .least),
            folds: try settings.integer("folds", default: 5, in: 2...1_000),
            penalties: try settings.integer("penalties", default: data.task == .regression ? 60 : 25, in: 2...10_000))
        try settings.finish()
        try data.check(for: name)
        let whole = try ElasticNetFit(data, clip: search.clip)
        let choice = try search.best(whole, alpha: alpha, context: context)
        // From the largest penalty down, as each fit starts at the last.
        let path = alpha == nil ? search.alphas(whole, ratio: choice.ratio).filter { $0 > choice.alpha } : []
        guard
            let warm = whole.path(
                path + [choice.alpha], ratio: choice.ratio, tolerance: 1e-6, atEnd: 1e-14, isCancelled: context.isCancelled)
        else { throw MatSieveError.stopped("elastic-net: stopped during the fit; start it again") }
        let scorer = ElasticNetScorer(whole.encoding, warm.last!, classCount: data.classCount)
        let error = choice.error.isNaN ? scorer.meanLoss(data) : choice.error
        let isKnown = data.task == .regression && error.isFinite
        return ElasticNetModel(scorer: scorer, alpha: choice.alpha, ratio: choice.ratio, spread: isKnown ? error.squareRoot() : .nan)
    }

    private static func given(_ key: String, _ settings: inout Settings, in range: ClosedRange<Double>) throws -> Double? {
        guard let value = try settings.number(key) else { return nil }
        return try settings.number(key, default: value, in: range)
    }

    /// Fills `prediction`; features must have the columns of the training.
    public func predict(_ features: FeatureMatrix, into prediction: inout Prediction) {
        precondition(features.columns == featureCount && prediction.mean.count == features.rows)
        let (scores, count) = (scorer.scores(features), scorer.intercepts.count)
        for row in 0..<features.rows {
            if scorer.classCount == 0 {
                (prediction.mean[row], prediction.spread[row]) = (scores[row], spread)
                continue
            }
            let p = scorer.probabilities(scores[row * count..<(row + 1) * count])
            if count == 1 { prediction.setProbability(p[0], row: row) } else { prediction.setProbabilities(p, row: row) }
        }
    }
}

extension ElasticNetModel {
    /// The parameters, enough to make the model again; an unknown spread is -1.
    public var parameters: ParameterArchive {
        var archive = ParameterArchive([
            "class_count": .integers([Int64(scorer.classCount)], shape: [1]),
            "coefficients": .doubles(scorer.coefficients.flatMap { $0 }, shape: [scorer.coefficients.count, scorer.encoding.columns]),
            "intercepts": .doubles(scorer.intercepts, shape: [scorer.intercepts.count]),
            "penalty": .doubles([alpha, ratio, spread.isNaN ? -1 : spread], shape: [3]),
        ])
        archive.merge(scorer.encoding.archive, under: "features")
        return archive
    }

    /// A trained model from its parameters.
    /// - Throws: `MatSieveError.input` where they are damaged.
    public init(parameters: ParameterArchive) throws {
        let damaged = MatSieveError.input("model file: the elastic-net model is damaged or from another version; train it anew")
        let encoding = try FeatureEncoding(archive: parameters.group("features"))
        let classCount = try parameters.integer("class_count")
        guard classCount == 0 || (2...1_000_000).contains(classCount) else { throw damaged }
        let (scores, columns) = (classCount > 2 ? classCount : 1, encoding.columns)
        let (cells, overflow) = scores.multipliedReportingOverflow(by: columns)
        guard !overflow else { throw damaged }
        let coefficients = try parameters.doubles("coefficients", count: cells)
        let intercepts = try parameters.doubles("intercepts", count: scores)
        let penalty = try parameters.doubles("penalty", count: 3)
        guard (coefficients + intercepts + penalty).allSatisfy(\.isFinite) else { throw damaged }
        let scorer = ElasticNetScorer(
            encoding: encoding, coefficients: (0..<scores).map { Array(coefficients[$0 * columns..<($0 + 1) * columns]) },
            intercepts: intercepts, classCount: classCount)
        self.init(scorer: scorer, alpha: penalty[0], ratio: penalty[1], spread: penalty[2] < 0 ? .nan : penalty[2])
    }
}
