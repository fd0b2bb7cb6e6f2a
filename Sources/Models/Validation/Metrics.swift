import MaterialsCore

/// Numbers that say how good predictions are; names as in `train --json`.
///
/// Where rows have weights, each metric but Spearman's is the weighted one, as scikit-learn's `sample_weight` has it.
public enum Metrics {
    /// `mae`, `rmse`, `r2`, `spearman` of a regression.
    /// - Parameters:
    ///   - predicted: one value a row
    ///   - observed: beside it; at least one
    ///   - weights: beside it; nil where all rows count the same
    public static func regression(predicted: [Double], observed: [Double], weights: [Double]? = nil) -> [String: Double] {
        [
            "mae": meanAbsoluteError(predicted, observed, weights: weights),
            "rmse": rootMeanSquareError(predicted, observed, weights: weights),
            "r2": determination(predicted, observed, weights: weights), "spearman": rankCorrelation(predicted, observed),
        ]
    }

    /// Metrics of the task of a prediction: `regression`, or `balanced_accuracy`, `roc_auc`, `f1`, `log_loss` of any number of classes.
    /// - Parameters:
    ///   - prediction: of rows whose targets are `observed`
    ///   - observed: targets or class codes
    ///   - weights: beside them
    public static func scores(
        _ prediction: Prediction, observed: [Double], task: LearningTask, weights: [Double]? = nil
    ) -> [String: Double] {
        if task == .regression { return regression(predicted: prediction.mean, observed: observed, weights: weights) }
        guard prediction.classCount > 2 else {
            return classification(classes: prediction.mean, probabilities: prediction.spread, observed: observed, weights: weights)
        }
        return [
            "balanced_accuracy": balancedAccuracy(prediction.mean, observed, weights: weights),
            "roc_auc": macroAreaUnderROC(prediction, observed, weights: weights),
            "f1": macroF1(prediction.mean, observed, weights: weights), "log_loss": logLoss(prediction, observed, weights: weights),
        ]
    }

    /// `balanced_accuracy`, `roc_auc`, `f1`, `log_loss` of two classes.
    /// - Parameters:
    ///   - classes: predicted, 0 or 1
    ///   - probabilities: of class 1
    ///   - observed: 0 or 1
    ///   - weights: beside them
    public static func classification(
        classes: [Double], probabilities: [Double], observed: [Double], weights: [Double]? = nil
    ) -> [String: Double] {
        var prediction = Prediction(rows: classes.count, classCount: 2)
        (prediction.mean, prediction.spread) = (classes, probabilities)
        return [
            "balanced_accuracy": balancedAccuracy(classes, observed, weights: weights),
            "roc_auc": areaUnderROC(probabilities, observed, weights: weights), "f1": f1(classes, observed, weights: weights),
            "log_loss": logLoss(prediction, observed, weights: weights),
        ]
    }

    /// What is better less, the error that importances follow: `mae`, or `log_loss` with probabilities kept 0.001 from 0 and 1, so that
    /// one sure mistake of a forest does not outweigh all else.
    public static func error(_ prediction: Prediction, observed: [Double], task: LearningTask, weights: [Double]? = nil) -> Double {
        task == .regression
            ? meanAbsoluteError(prediction.mean, observed, weights: weights)
            : logLoss(prediction, observed, weights: weights, floor: 1e-3)
    }
}
