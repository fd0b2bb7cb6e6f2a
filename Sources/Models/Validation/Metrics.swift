/// Numbers that say how good predictions are; names as in `train --json`.
public enum Metrics {
    /// `mae`, `rmse`, `r2` of a regression.
    /// - Parameters:
    ///   - predicted: one value a row
    ///   - observed: beside it; at least one
    public static func regression(predicted: [Double], observed: [Double]) -> [String: Double] {
        [
            "mae": meanAbsoluteError(predicted, observed), "rmse": rootMeanSquareError(predicted, observed),
            "r2": determination(predicted, observed),
        ]
    }

    /// `balanced_accuracy`, `roc_auc`, `f1` of a classification.
    /// - Parameters:
    ///   - classes: predicted, 0 or 1
    ///   - probabilities: of class 1
    ///   - observed: 0 or 1
    public static func classification(classes: [Double], probabilities: [Double], observed: [Double]) -> [String: Double] {
        [
            "balanced_accuracy": balancedAccuracy(classes, observed), "roc_auc": areaUnderROC(probabilities, observed),
            "f1": f1(classes, observed),
        ]
    }

    /// Mean of |predicted - observed|, summed in row order.
    public static func meanAbsoluteError(_ predicted: [Double], _ observed: [Double]) -> Double {
        zip(predicted, observed).reduce(0) { $0 + ($1.0 - $1.1).magnitude } / Double(observed.count)
    }

    /// Root of the mean of (predicted - observed)².
    public static func rootMeanSquareError(_ predicted: [Double], _ observed: [Double]) -> Double {
        (squares(predicted, observed) / Double(observed.count)).squareRoot()
    }

    /// 1 - Σ(predicted - observed)² / Σ(observed - mean)²; NaN where the observed are all equal.
    public static func determination(_ predicted: [Double], _ observed: [Double]) -> Double {
        let mean = observed.reduce(0, +) / Double(observed.count)
        let total = observed.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return total > 0 ? 1 - squares(predicted, observed) / total : .nan
    }

    private static func squares(_ predicted: [Double], _ observed: [Double]) -> Double {
        zip(predicted, observed).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }

    /// Mean of the shares of each observed class that are predicted right.
    public static func balancedAccuracy(_ classes: [Double], _ observed: [Double]) -> Double {
        let shares = [0.0, 1.0].compactMap { (c: Double) -> Double? in
            let rows = observed.indices.filter { observed[$0] == c }
            return rows.isEmpty ? nil : Double(rows.count { classes[$0] == c }) / Double(rows.count)
        }
        return shares.reduce(0, +) / Double(shares.count)
    }

    /// Probability that a row of class 1 scores above one of class 0, ties counted half; NaN where one class is absent.
    /// - Source: J. A. Hanley, B. J. McNeil, Radiology 143, 29 (1982), doi:10.1148/radiology.143.1.7063747
    public static func areaUnderROC(_ scores: [Double], _ observed: [Double]) -> Double {
        let order = scores.indices.sorted { scores[$0] < scores[$1] }
        let ones = observed.count { $0 == 1 }
        guard ones > 0, ones < observed.count else { return .nan }
        var (rankSum, start) = (0.0, 0)
        while start < order.count {
            var end = start
            while end < order.count, scores[order[end]] == scores[order[start]] { end += 1 }
            let meanRank = Double(start + 1 + end) / 2
            rankSum += meanRank * Double(order[start..<end].count { observed[$0] == 1 })
            start = max(end, start + 1)
        }
        let pairs = Double(ones) * Double(observed.count - ones)
        return (rankSum - Double(ones) * Double(ones + 1) / 2) / pairs
    }

    /// 2·TP / (2·TP + FP + FN) of class 1; 0 where there is none.
    public static func f1(_ classes: [Double], _ observed: [Double]) -> Double {
        let hits = zip(classes, observed).count { $0 == 1 && $1 == 1 }
        let misses = zip(classes, observed).count { ($0 == 1) != ($1 == 1) }
        return hits + misses == 0 ? 0 : 2 * Double(hits) / Double(2 * hits + misses)
    }
}
