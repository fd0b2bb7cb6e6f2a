import MaterialsCore

extension ErrorModel {
    /// What was learned, and the held-out predictions with spreads that were learned without the row, for `Calibration`.
    public struct Fitted: Sendable {
        /// Learned from all held-out rows.
        public let model: ErrorModel
        /// As given, with cross-fitted spreads.
        public let heldOut: HeldOutPredictions
    }

    private static let (mostRows, fewestRows) = (20_000, 50)

    /// Learns from held-out errors of a regression.
    /// - Parameters:
    ///   - data: the rows that `heldOut` names
    ///   - heldOut: what fits say of rows that they did not see
    ///   - context: seed, threads, cancelling
    public static func fit(_ data: TrainingData, heldOut: HeldOutPredictions, context: TrainingContext) throws -> Fitted {
        let errors = zip(heldOut.prediction.mean, heldOut.observed).map { ($0 - $1).magnitude }
        let rms = Metrics.mean(errors.count, heldOut.weights) { errors[$0] * errors[$0] }.squareRoot()
        let floor = rms.isFinite ? 0.01 * rms : 0
        let logarithms = errors.map { PortableMath.log(max($0, 0.1 * floor)) }
        let parts = heldOut.crossFits(seed: context.seed)
        guard rms > 0, rms.isFinite, errors.count >= fewestRows, parts.count > 1, parts.allSatisfy({ $0.learned.count >= fewestRows / 2 })
        else { return constant(rms.isFinite ? rms : 0, floor, heldOut) }
        var judged = [Double](repeating: 0, count: errors.count)
        for part in parts {
            let trees = try grow(data, heldOut, part.learned, logarithms, context)
            let found = trees.predictions(matrix(data, heldOut, part.judged)).mean
            for (i, entry) in part.judged.enumerated() { judged[entry] = found[i] }
        }
        let curve = SpreadCurve(logarithms: judged, errors: errors, weights: heldOut.weights)
        guard let spreads = curve.crossFitted(parts) else { return constant(rms, floor, heldOut) }
        let (strength, factor) = curve.best(Array(errors.indices))
        let all = try grow(data, heldOut, Array(errors.indices), logarithms, context)
        var crossFitted = heldOut
        crossFitted.prediction.spread = spreads.map { max($0, floor) }
        return Fitted(model: ErrorModel(trees: all, factor: factor, strength: strength, floor: floor), heldOut: crossFitted)
    }

    private static func constant(_ rms: Double, _ floor: Double, _ heldOut: HeldOutPredictions) -> Fitted {
        var same = heldOut
        for entry in same.prediction.spread.indices { same.prediction.spread[entry] = rms }
        return Fitted(model: ErrorModel(trees: nil, factor: rms, strength: 0, floor: floor), heldOut: same)
    }

    private static func matrix(_ data: TrainingData, _ heldOut: HeldOutPredictions, _ entries: [Int]) -> FeatureMatrix {
        extended(data.features.selecting(entries.map { heldOut.rows[$0] }), by: entries.map { heldOut.prediction.mean[$0] })
    }

    private static func grow(
        _ data: TrainingData, _ heldOut: HeldOutPredictions, _ entries: [Int], _ logarithms: [Double], _ context: TrainingContext
    ) throws -> BoostedTreesModel {
        var random = SplitMix64(seed: context.seed ^ 0x65_72_72)
        let chosen = entries.count <= mostRows ? entries : random.permutation(entries.count).prefix(mostRows).sorted().map { entries[$0] }
        let rows = TrainingData(
            features: matrix(data, heldOut, chosen), targets: chosen.map { logarithms[$0] },
            weights: heldOut.weights.map { w in chosen.map { w[$0] } }, featureNames: data.featureNames + ["prediction"],
            categoricalColumns: data.categoricalColumns)
        let leafRows = Double(max(10, chosen.count / 100))
        var settings = try Settings(
            .init(
                .mapping(
                    [
                        ("trees", 100), ("leaves", 8), ("learning_rate", 0.05), ("min_rows_in_leaf", leafRows), ("l2", 1),
                        ("feature_fraction", 0.5), ("early_stopping_rounds", 0), ("validation_fraction", 0),
                    ].map { (key: $0.0, line: 0, value: Setting(.number($0.1))) })), subject: "error model")
        return try BoostedTreesModel.fit(rows, settings: &settings, context: context)
    }
}

/// σ = factor · exp(strength · f) for errors whose f is known.
struct SpreadCurve {
    let logarithms: [Double]
    let errors: [Double]
    let weights: [Double]?

    /// Strength and factor of the largest Gaussian likelihood of some entries.
    func best(_ entries: [Int]) -> (strength: Double, factor: Double) {
        let strength = SpreadLine.minimum { loss(entries, $0) }
        return (strength, factor(entries, strength))
    }

    /// Spreads by strengths and factors fitted on other parts; nil unless they beat a constant, fitted likewise, by more than a standard
    /// error of the mean difference of the log likelihoods.
    func crossFitted(_ parts: [HeldOutPredictions.CrossFit]) -> [Double]? {
        var spreads = [Double](repeating: .nan, count: errors.count)
        var gains: [Double] = []
        for part in parts {
            let (strength, k) = best(part.learned)
            let constant = factor(part.learned, 0)
            for entry in part.judged {
                spreads[entry] = k * PortableMath.exp(strength * logarithms[entry])
                gains.append(cost(errors[entry], constant) - cost(errors[entry], spreads[entry]))
            }
        }
        let mean = gains.reduce(0, +) / Double(gains.count)
        let variance = gains.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gains.count)
        return mean > (variance / Double(gains.count)).squareRoot() ? spreads : nil
    }

    private func cost(_ error: Double, _ spread: Double) -> Double {
        let z = error / spread
        return PortableMath.log(spread) + z * z / 2
    }

    private func factor(_ entries: [Int], _ strength: Double) -> Double {
        Metrics.mean(entries.count, weights.map { w in entries.map { w[$0] } }) {
            let z = errors[entries[$0]] / PortableMath.exp(strength * logarithms[entries[$0]])
            return z * z
        }.squareRoot()
    }

    private func loss(_ entries: [Int], _ strength: Double) -> Double {
        PortableMath.log(factor(entries, strength))
            + strength * Metrics.mean(entries.count, weights.map { w in entries.map { w[$0] } }) { logarithms[entries[$0]] }
    }
}
