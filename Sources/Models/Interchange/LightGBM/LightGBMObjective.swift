import MaterialsCore

/// What LightGBM trained for, and so what its output is.
struct LightGBMObjective {
    let name: String
    let task: LearningTask
    /// 0 in a regression.
    let classCount: Int
    let transform: OutputTransform
    var scale = 1.0

    init(_ text: String, scores: Int, fileName: String) throws {
        let words = text.split(separator: " ").map(String.init)
        name = words.first ?? "none"
        switch name {
        case "regression", "regression_l2":
            (task, classCount, transform) = (.regression, 0, words.contains("sqrt") ? .signedSquare : .identity)
        case "regression_l1", "huber", "fair", "quantile", "mape", "none", "custom", "lambdarank", "rank_xendcg":
            (task, classCount, transform) = (.regression, 0, .identity)
        case "poisson", "gamma", "tweedie": (task, classCount, transform) = (.regression, 0, .exponential)
        case "cross_entropy": (task, classCount, transform) = (.regression, 0, .logistic)
        case "cross_entropy_lambda": (task, classCount, transform) = (.regression, 0, .logOnePlusExp)
        case "binary": (task, classCount, transform) = (.classification, 2, .logistic)
        case "multiclass": (task, classCount, transform) = (.classification, scores, .softmax)
        case "multiclassova": (task, classCount, transform) = (.classification, scores, .logistic)
        default:
            throw MatSieveError.input(
                "\(fileName): objective '\(name)' of LightGBM is not supported" + suggestion(for: name, among: Self.known))
        }
        if let word = words.first(where: { $0.hasPrefix("sigmoid:") }) {
            guard let value = Double(word.dropFirst(8)), value.isFinite else {
                throw MatSieveError.input("\(fileName): '\(word)' of the objective is no number; write the LightGBM model again")
            }
            scale = value
        }
    }

    private static let known = [
        "regression", "regression_l1", "huber", "fair", "quantile", "mape", "poisson", "gamma", "tweedie", "binary", "multiclass",
        "multiclassova", "cross_entropy", "cross_entropy_lambda", "lambdarank", "rank_xendcg",
    ]
}
