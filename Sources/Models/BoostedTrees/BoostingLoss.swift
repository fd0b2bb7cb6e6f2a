import MaterialsCore

/// What boosting minimises; its derivatives by the scores.
///
///     squared   ½ (s - y)²                      absolute  |s - y|
///     quantile  q (y - s)₊ + (1 - q) (s - y)₊    huber     ½ d² for |d| ≤ δ, else δ (|d| - δ/2)
///     logistic  -log p(y);  more than two classes: softmax over one score a class
///
/// - Numerics: absolute, quantile and huber take hessian 1 for the search of splits; their leaf values come from `LeafValue`.
/// - Source: J. H. Friedman, Ann. Stat. 29, 1189 (2001), doi:10.1214/aos/1013203451; quantiles: R. Koenker, G. Bassett,
///   Econometrica 46, 33 (1978), doi:10.2307/1913643. The δ of huber is a quantile of the present residuals, as Friedman's.
struct BoostingLoss: Sendable {
    /// Names in plans; `logistic` is the softmax where there are more than two classes.
    enum Kind: String, CaseIterable, Sendable { case squared, absolute, quantile, huber, logistic }

    let kind: Kind
    /// Regression: 0.
    var classCount = 0
    /// quantile: the one to learn. huber: share of the residuals that count squared.
    var level = 0.5

    /// Scores of a row.
    var outputs: Int { classCount > 2 ? classCount : 1 }
    /// Classes instead of numbers.
    var isClassification: Bool { kind == .logistic }
    /// Hessians are 1 but for weights.
    var hasUnitHessian: Bool { kind != .logistic }
    /// Leaf values are quantiles of residuals.
    var hasQuantileLeaves: Bool { kind == .absolute || kind == .quantile || kind == .huber }

    /// Largest hessian of a row of weight 1.
    var largestHessian: Double {
        guard isClassification else { return 1 }
        return 0.25 * softmaxFactor
    }

    /// Newton steps of K coupled scores are too long without it.
    private var softmaxFactor: Double { outputs > 1 ? Double(outputs) / Double(outputs - 1) : 1 }

    /// The best constant scores.
    func base(_ targets: [Double], weights: [Double]?, rows: [Int32]) -> [Double] {
        if hasQuantileLeaves {
            var sample = WeightedSample(rows: rows, values: targets, weights: weights)
            return [sample.quantile(kind == .quantile ? level : 0.5)]
        }
        var total = 0.0
        var sums = [Double](repeating: 0, count: isClassification ? max(classCount, 2) : 1)
        for row in rows {
            let weight = weights?[Int(row)] ?? 1
            total += weight
            if isClassification { sums[Int(targets[Int(row)])] += weight } else { sums[0] += weight * targets[Int(row)] }
        }
        let means = sums.map { $0 / total }
        guard isClassification else { return means }
        let bounded = means.map { min(max($0, 1e-6), 1 - 1e-6) }
        return outputs == 1 ? [PortableMath.log(bounded[1] / (1 - bounded[1]))] : bounded.map { PortableMath.log($0) }
    }

    /// Mean loss of some rows, to choose the number of trees by; huber is judged by its absolute error.
    func mean(_ scores: [[Double]], _ targets: [Double], weights: [Double]?, rows: [Int32]) -> Double {
        var (sum, total) = (0.0, 0.0)
        for row in rows {
            let r = Int(row)
            let weight = weights?[r] ?? 1
            total += weight
            let loss = outputs > 1 ? softmaxLoss(scores, row: r, class: Int(targets[r])) : loss(scores[0][r], targets[r])
            sum += weight * loss
        }
        return sum / total
    }

    private func loss(_ score: Double, _ target: Double) -> Double {
        let d = score - target
        switch kind {
        case .squared: return d * d
        case .absolute, .huber: return d.magnitude
        case .quantile: return d >= 0 ? (1 - level) * d : -level * d
        case .logistic:
            return ClassProbabilities.logisticLoss(margin: target == 1 ? score : -score)
        }
    }

    private func softmaxLoss(_ scores: [[Double]], row: Int, class code: Int) -> Double {
        var largest = scores[0][row]
        for k in 1..<outputs { largest = max(largest, scores[k][row]) }
        var sum = 0.0
        for k in 0..<outputs { sum += PortableMath.exp(scores[k][row] - largest) }
        return PortableMath.log(sum) + largest - scores[code][row]
    }
}

extension BoostingLoss {
    /// First and second derivatives of all rows by their scores, weights included.
    func derivatives(_ scores: [[Double]], _ targets: [Double], weights: [Double]?, threshold: Double, into result: inout [Derivatives]) {
        if !isClassification {
            regressionGradients(scores[0], targets, threshold, &result[0].gradients)
        } else if outputs > 1 {
            softmaxDerivatives(scores, targets, &result)
        } else {
            logisticDerivatives(scores[0], targets, &result[0])
        }
        guard let weights else { return }
        for k in result.indices {
            for row in weights.indices { result[k].gradients[row] *= weights[row] }
            // Unit hessians are the weights from the start.
            if isClassification { for row in weights.indices { result[k].hessians[row] *= weights[row] } }
        }
    }

    private func regressionGradients(_ scores: [Double], _ targets: [Double], _ threshold: Double, _ gradients: inout [Double]) {
        switch kind {
        case .absolute: for row in targets.indices { gradients[row] = Self.sign(scores[row] - targets[row]) }
        case .quantile: for row in targets.indices { gradients[row] = scores[row] >= targets[row] ? 1 - level : -level }
        case .huber: for row in targets.indices { gradients[row] = min(max(scores[row] - targets[row], -threshold), threshold) }
        case .squared, .logistic: for row in targets.indices { gradients[row] = scores[row] - targets[row] }
        }
    }

    private static func sign(_ value: Double) -> Double { value > 0 ? 1 : value < 0 ? -1 : 0 }

    private func logisticDerivatives(_ scores: [Double], _ targets: [Double], _ result: inout Derivatives) {
        for row in scores.indices {
            let p = ClassProbabilities.logistic(scores[row])
            result.gradients[row] = p - targets[row]
            result.hessians[row] = p * (1 - p)
        }
    }

    private func softmaxDerivatives(_ scores: [[Double]], _ targets: [Double], _ result: inout [Derivatives]) {
        var largest = scores[0]
        for k in 1..<outputs { for row in largest.indices { largest[row] = max(largest[row], scores[k][row]) } }
        var sums = [Double](repeating: 0, count: targets.count)
        for k in 0..<outputs {
            for row in sums.indices {
                let e = PortableMath.exp(scores[k][row] - largest[row])
                result[k].gradients[row] = e
                sums[row] += e
            }
        }
        for k in 0..<outputs {
            for row in sums.indices {
                let p = result[k].gradients[row] / sums[row]
                result[k].gradients[row] = targets[row] == Double(k) ? p - 1 : p
                result[k].hessians[row] = softmaxFactor * p * (1 - p)
            }
        }
    }
}

/// Derivatives of the loss by one score of every row.
struct Derivatives: Sendable {
    var gradients: [Double]
    /// Empty where every hessian is 1.
    var hessians: [Double]
}

extension BoostingLoss {
    /// The plain loss of a task with two classes.
    init(task: LearningTask) { self.init(kind: task == .regression ? .squared : .logistic, classCount: task == .regression ? 0 : 2) }

    /// Mean loss of one score a row.
    func mean(_ scores: [Double], _ targets: [Double], rows: [Int32]) -> Double { mean([scores], targets, weights: nil, rows: rows) }
}
