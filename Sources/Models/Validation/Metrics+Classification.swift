import MaterialsCore

extension Metrics {
    /// Probabilities are kept this far from 0 and 1 in a log loss, so that one sure mistake costs 34.5 at most.
    public static let probabilityFloor = 1e-15

    /// Mean of the shares of each observed class that are predicted right.
    public static func balancedAccuracy(_ classes: [Double], _ observed: [Double], weights: [Double]? = nil) -> Double {
        let shares = Set(observed).sorted().map { c in
            let all = sum(observed.count, weights) { observed[$0] == c ? 1 : 0 }
            return sum(observed.count, weights) { observed[$0] == c && classes[$0] == c ? 1 : 0 } / all
        }
        return shares.reduce(0, +) / Double(shares.count)
    }

    /// Mean of -log of the probability of the observed class, kept `floor` from 0 and 1.
    public static func logLoss(
        _ prediction: Prediction, _ observed: [Double], weights: [Double]? = nil, floor: Double = probabilityFloor
    ) -> Double {
        mean(observed.count, weights) { row in
            let p = prediction.probability(ofClass: Int(observed[row]), row: row)
            return p.isNaN ? .nan : -PortableMath.log(min(max(p, floor), 1 - floor))
        }
    }

    /// Probability that a row of class 1 scores above one of class 0, ties counted half; NaN where one class is absent.
    /// - Source: J. A. Hanley, B. J. McNeil, Radiology 143, 29 (1982), doi:10.1148/radiology.143.1.7063747
    public static func areaUnderROC(_ scores: [Double], _ observed: [Double], weights: [Double]? = nil) -> Double {
        areaUnderROC(scores, isClass: observed.map { $0 == 1 }, weights)
    }

    /// Mean over the observed classes of the area of each against the rest; NaN for one class only.
    public static func macroAreaUnderROC(_ prediction: Prediction, _ observed: [Double], weights: [Double]? = nil) -> Double {
        let areas = Set(observed).sorted().map { c in
            let scores = observed.indices.map { prediction.probability(ofClass: Int(c), row: $0) }
            return areaUnderROC(scores, isClass: observed.map { $0 == c }, weights)
        }
        return areas.reduce(0, +) / Double(areas.count)
    }

    private static func areaUnderROC(_ scores: [Double], isClass: [Bool], _ weights: [Double]?) -> Double {
        guard !scores.contains(where: \.isNaN) else { return .nan }
        let order = scores.indices.sorted { scores[$0] < scores[$1] }
        var (start, below, hits, total) = (0, 0.0, 0.0, 0.0)
        while start < order.count {
            var (end, ofClass, others) = (start, 0.0, 0.0)
            while end < order.count, scores[order[end]] == scores[order[start]] {
                let weight = weights?[order[end]] ?? 1
                if isClass[order[end]] { ofClass += weight } else { others += weight }
                end += 1
            }
            hits += ofClass * (below + others / 2)
            below += others
            total += ofClass
            start = end
        }
        return total > 0 && below > 0 ? hits / (total * below) : .nan
    }

    /// 2·TP / (2·TP + FP + FN) of class 1; 0 where there is none.
    public static func f1(_ classes: [Double], _ observed: [Double], weights: [Double]? = nil) -> Double {
        f1(ofClass: 1, classes, observed, weights)
    }

    /// Mean of the F1 of each class that is observed or predicted.
    public static func macroF1(_ classes: [Double], _ observed: [Double], weights: [Double]? = nil) -> Double {
        let codes = Set(observed).union(classes).sorted()
        return codes.map { f1(ofClass: $0, classes, observed, weights) }.reduce(0, +) / Double(codes.count)
    }

    private static func f1(ofClass c: Double, _ classes: [Double], _ observed: [Double], _ weights: [Double]?) -> Double {
        let hits = sum(observed.count, weights) { classes[$0] == c && observed[$0] == c ? 1 : 0 }
        let misses = sum(observed.count, weights) { (classes[$0] == c) != (observed[$0] == c) ? 1 : 0 }
        return hits + misses == 0 ? 0 : 2 * hits / (2 * hits + misses)
    }
}
