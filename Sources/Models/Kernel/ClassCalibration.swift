import MaterialsCore

/// Probabilities of classes from scores that were regressed on ±1: a sigmoid each, fitted to left-out scores; many classes are
/// one against the rest, scaled to a sum of 1.
///
///     p_c = 1 / (1 + exp(-(slope_c · score_c + offset_c)))
///
/// - Source: J. C. Platt, Advances in Large Margin Classifiers (2000), 61 (targets (n₊ + 1)/(n₊ + 2) and 1/(n₋ + 2)); H.-T. Lin,
///   C.-J. Lin, R. C. Weng, Mach. Learn. 68, 267 (2007), doi:10.1007/s10994-007-5018-6; left-out scores: C. E. Rasmussen,
///   C. K. I. Williams, Gaussian Processes for Machine Learning (2006), section 6.5. Differences: L-BFGS; a falling sigmoid is flattened
struct ClassCalibration: Equatable, Sendable {
    var slopes: [Double]
    var offsets: [Double]

    init(slopes: [Double], offsets: [Double]) { (self.slopes, self.offsets) = (slopes, offsets) }

    /// From left-out scores and ±1 targets, row by row of each output.
    init(scores: [[Double]], targets: [[Double]], weights: [Double]) {
        (slopes, offsets) = ([], [])
        for (s, t) in zip(scores, targets) {
            let (slope, offset) = Self.fit(s, t, weights)
            slopes.append(slope)
            offsets.append(offset)
        }
    }

    private static func fit(_ scores: [Double], _ targets: [Double], _ weights: [Double]) -> (Double, Double) {
        var (positive, negative) = (0.0, 0.0)
        for (t, w) in zip(targets, weights) { if t > 0 { positive += w } else { negative += w } }
        let (high, low) = ((positive + 1) / (positive + 2), 1 / (negative + 2))
        let total = positive + negative
        let end = LBFGS(gradientTolerance: 1e-9).minimize(from: [1, PortableMath.log((positive + 1) / (negative + 1))]) { p, gradient in
            (gradient[0], gradient[1]) = (0, 0)
            var loss = 0.0
            for i in scores.indices {
                let score = p[0] * scores[i] + p[1]
                let t = targets[i] > 0 ? high : low
                loss += weights[i] * (ClassProbabilities.logisticLoss(margin: -score) - t * score)
                let d = weights[i] * (probability(score) - t)
                gradient[0] += d * scores[i]
                gradient[1] += d
            }
            (gradient[0], gradient[1]) = (gradient[0] / total, gradient[1] / total)
            return loss / total
        }
        guard end.point[0] > 0, end.point.allSatisfy(\.isFinite) else { return (0, PortableMath.log((positive + 1) / (negative + 1))) }
        return (end.point[0], end.point[1])
    }

    /// Fills a row from its scores.
    func fill(_ prediction: inout Prediction, row: Int, scores: Span<Double>) {
        guard slopes.count > 1 else {
            return prediction.setProbability(Self.probability(slopes[0] * scores[0] + offsets[0]), row: row)
        }
        var ofClasses = slopes.indices.map { Self.probability(slopes[$0] * scores[$0] + offsets[$0]) }
        ClassProbabilities.normalise(&ofClasses)
        prediction.setProbabilities(ofClasses.span, row: row)
    }

    private static func probability(_ score: Double) -> Double {
        let e = PortableMath.exp(-score.magnitude)
        return score >= 0 ? 1 / (1 + e) : e / (1 + e)
    }
}
