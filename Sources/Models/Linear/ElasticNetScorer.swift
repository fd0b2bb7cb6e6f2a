import MaterialsCore

/// A sparse linear function of features: only columns with a coefficient are read.
struct ElasticNetScorer: Sendable {
    /// Only the columns that some score uses.
    let encoding: FeatureEncoding
    /// One list a score, beside the columns of `encoding`.
    let coefficients: [[Double]]
    let intercepts: [Double]
    /// 0 in a regression.
    let classCount: Int

    init(encoding: FeatureEncoding, coefficients: [[Double]], intercepts: [Double], classCount: Int) {
        (self.encoding, self.coefficients, self.intercepts, self.classCount) = (encoding, coefficients, intercepts, classCount)
    }

    init(_ encoding: FeatureEncoding, _ point: ElasticNetPoint, classCount: Int) {
        let used = (0..<encoding.columns).filter { j in point.coefficients.contains { $0[j] != 0 } }
        self.init(
            encoding: encoding.selecting(used), coefficients: point.coefficients.map { c in used.map { c[$0] } },
            intercepts: point.intercepts, classCount: classCount)
    }

    /// Scores of each row: sums in column order.
    func scores(_ features: FeatureMatrix) -> [Double] {
        let (z, columns, count) = (encoding.apply(features), encoding.columns, intercepts.count)
        var scores = [Double](repeating: 0, count: features.rows * count)
        for row in 0..<features.rows {
            for s in 0..<count {
                var sum = intercepts[s]
                for j in 0..<columns { sum += z[row * columns + j] * coefficients[s][j] }
                scores[row * count + s] = sum
            }
        }
        return scores
    }

    /// Probabilities of classes from the scores of a row: of class 1, or of each of several.
    func probabilities(_ scores: ArraySlice<Double>) -> [Double] {
        var own = Array(scores)
        if own.count == 1 { own[0] = ClassProbabilities.logistic(own[0]) } else { ClassProbabilities.softmax(&own) }
        return own
    }

    /// Weighted mean squared error, or mean negative log likelihood.
    func meanLoss(_ data: TrainingData) -> Double {
        let (all, count) = (scores(data.features), intercepts.count)
        var (sum, weight) = (0.0, 0.0)
        for row in data.targets.indices {
            let (t, own) = (data.targets[row], all[row * count..<(row + 1) * count])
            let w = data.weight(row)
            weight += w
            if classCount == 0 {
                sum += w * (own.first! - t) * (own.first! - t)
            } else {
                let p = probabilities(own)
                let right = classCount == 2 ? (t == 1 ? p[0] : 1 - p[0]) : p[Int(t)]
                sum -= w * PortableMath.log(max(right, 1e-15))
            }
        }
        return sum / weight
    }
}
