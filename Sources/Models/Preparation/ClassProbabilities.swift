import MaterialsCore

/// Scores to probabilities of classes, and what a score costs.
enum ClassProbabilities {
    /// 1 / (1 + exp(-score)).
    static func logistic(_ score: Double) -> Double { 1 / (1 + PortableMath.exp(-score)) }

    /// log(1 + exp(-margin)) without overflow; the margin is the score towards the right one of two classes.
    static func logisticLoss(margin: Double) -> Double {
        (margin < 0 ? -margin : 0) + PortableMath.log(1 + PortableMath.exp(-margin.magnitude))
    }

    /// Turns scores into exp(score) / Σ exp(score), in place.
    static func softmax(_ scores: inout [Double]) {
        let highest = scores.max() ?? 0
        var sum = 0.0
        for c in scores.indices {
            scores[c] = PortableMath.exp(scores[c] - highest)
            sum += scores[c]
        }
        for c in scores.indices { scores[c] /= sum }
    }

    /// Brings the probabilities of classes that were judged one by one to a sum of 1; equal ones where all are 0.
    static func normalise(_ probabilities: inout [Double]) {
        let sum = probabilities.reduce(0, +)
        for c in probabilities.indices { probabilities[c] = sum > 0 ? probabilities[c] / sum : 1 / Double(probabilities.count) }
    }

    /// Part of the weight of each class in the rows.
    static func shares(_ data: TrainingData) -> [Double] {
        var shares = [Double](repeating: 0, count: data.classCount)
        for row in data.targets.indices { shares[Int(data.targets[row])] += data.weight(row) }
        let total = shares.reduce(0, +)
        return shares.map { $0 / total }
    }
}

extension Prediction {
    /// Fills a row from the probability of each class.
    mutating func setProbabilities(_ ofClasses: [Double], row: Int) { setProbabilities(ofClasses.span, row: row) }
}
