import MaterialsCore

/// What boosting minimises: half the squared error, or the logistic loss of two classes.
struct BoostingLoss: Sendable {
    let task: LearningTask

    /// Largest hessian of a row; nil where it is always 1.
    var largestHessian: Double? { task == .regression ? nil : 0.25 }

    /// The best constant score: mean, or logarithm of the odds.
    func base(_ targets: [Double], rows: [Int32]) -> Double {
        var sum = 0.0
        for row in rows { sum += targets[Int(row)] }
        let mean = sum / Double(rows.count)
        guard task == .classification else { return mean }
        let bounded = min(max(mean, 1e-6), 1 - 1e-6)
        return PortableMath.log(bounded / (1 - bounded))
    }

    /// First and second derivative by the score of each row.
    func derivatives(_ scores: [Double], _ targets: [Double], gradients: inout [Double], hessians: inout [Double]) {
        for row in scores.indices {
            if task == .regression {
                gradients[row] = scores[row] - targets[row]
            } else {
                let p = Self.probability(scores[row])
                gradients[row] = p - targets[row]
                hessians[row] = p * (1 - p)
            }
        }
    }

    /// Mean loss of some rows: squared error, or negative log likelihood.
    func mean(_ scores: [Double], _ targets: [Double], rows: [Int32]) -> Double {
        var sum = 0.0
        for row in rows {
            let (s, y) = (scores[Int(row)], targets[Int(row)])
            if task == .regression {
                sum += (s - y) * (s - y)
            } else {
                // log(1 + exp(-m)) without overflow, m the margin towards the right class.
                let m = y == 1 ? s : -s
                sum += (m < 0 ? -m : 0) + PortableMath.log(1 + PortableMath.exp(-m.magnitude))
            }
        }
        return sum / Double(rows.count)
    }

    /// Probability of class 1.
    static func probability(_ score: Double) -> Double { 1 / (1 + PortableMath.exp(-score)) }
}
