import MaterialsCore

/// A weighted mean of trained members.
struct Blend: Sendable {
    /// How a class is named from the probabilities.
    enum Decision: String, CaseIterable, Sendable {
        /// The likeliest.
        case likeliest
        /// The one whose probability exceeds its share of the training rows most: of highest balanced accuracy.
        case balanced
    }

    let featureCount: Int
    let classCount: Int
    let members: [StackMember]
    /// One a member, summing to 1.
    let weights: [Double]
    /// Held-out root mean square error of each member, where it gives no spread of its own; regression only.
    let errors: [Double]
    let decision: Decision
    /// Share of each class among the training rows.
    let shares: [Double]

    /// Fills `prediction`: weighted means; spread² is that of the mixture, Σ w·(σ² + (μ - mean)²).
    func predict(_ features: FeatureMatrix, into prediction: inout Prediction) {
        let parts = members.map { $0.predictions(features, classCount: classCount) }
        var probabilities = [Double](repeating: 0, count: classCount)
        for row in 0..<features.rows {
            if classCount == 0 {
                setValue(row, parts, &prediction)
            } else {
                for c in 0..<classCount {
                    probabilities[c] = 0
                    for m in parts.indices { probabilities[c] += weights[m] * parts[m].probability(ofClass: c, row: row) }
                }
                prediction.setProbabilities(probabilities.span, row: row)
                if decision == .balanced { decide(row, probabilities, &prediction) }
            }
        }
    }

    private func setValue(_ row: Int, _ parts: [Prediction], _ prediction: inout Prediction) {
        var mean = 0.0
        for m in parts.indices { mean += weights[m] * parts[m].mean[row] }
        var variance = 0.0
        for m in parts.indices {
            let own = parts[m].spread[row]
            let sigma = own.isFinite && own > 0 ? own : errors[m]
            let shift = parts[m].mean[row] - mean
            variance += weights[m] * (sigma * sigma + shift * shift)
        }
        (prediction.mean[row], prediction.spread[row]) = (mean, variance.squareRoot())
    }

    private func decide(_ row: Int, _ probabilities: [Double], _ prediction: inout Prediction) {
        guard var best = shares.lastIndex(where: { $0 > 0 }) else { return }
        for c in (0..<best).reversed() where shares[c] > 0 && probabilities[c] / shares[c] > probabilities[best] / shares[best] { best = c }
        prediction.mean[row] = Double(best)
        if classCount > 2 { prediction.spread[row] = probabilities[best] }
    }

    /// Columns that some member sees, ascending.
    var usedColumns: [Int] {
        Set(members.flatMap { $0.columns ?? Array(0..<featureCount) }).sorted()
    }

    /// The same blend for features that hold only the columns `kept` (ascending, all used ones among them).
    func restricted(to kept: [Int]) -> Blend {
        let place = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
        let moved = members.map { m in
            StackMember(
                modelName: m.modelName, model: m.model, columns: (m.columns ?? Array(0..<featureCount)).map { place[$0]! },
                neighbours: m.neighbours,
                transform: m.transform)
        }
        return Blend(self, members: moved, featureCount: kept.count)
    }

    private init(_ other: Blend, members: [StackMember], featureCount: Int) {
        (self.members, self.featureCount, classCount, weights) = (members, featureCount, other.classCount, other.weights)
        (errors, decision, shares) = (other.errors, other.decision, other.shares)
    }

    /// The parameters, enough to make the blend again.
    var parameters: ParameterArchive {
        var archive = ParameterArchive([
            "feature_count": .integers([Int64(featureCount)], shape: [1]), "class_count": .integers([Int64(classCount)], shape: [1]),
            "member_count": .integers([Int64(members.count)], shape: [1]), "weights": .doubles(weights, shape: [weights.count]),
            "errors": .doubles(errors, shape: [errors.count]), "shares": .doubles(shares, shape: [shares.count]),
            "decision": .string(decision.rawValue),
        ])
        for (i, m) in members.enumerated() { archive.merge(m.parameters, under: "member_\(i)") }
        return archive
    }

    /// A blend from its parameters.
    /// - Throws: `MatSieveError.input` where they are damaged.
    init(parameters: ParameterArchive) throws {
        let damaged = MatSieveError.input("model file: the stack is damaged or from another version; train it anew")
        featureCount = try parameters.integer("feature_count")
        classCount = try parameters.integer("class_count")
        let count = try parameters.integer("member_count")
        guard (1...1_000).contains(count), featureCount > 0, classCount == 0 || (2...10_000).contains(classCount),
            let decision = Decision(rawValue: try parameters.string("decision"))
        else { throw damaged }
        self.decision = decision
        weights = try parameters.doubles("weights", count: count)
        errors = try parameters.doubles("errors", count: count)
        shares = try parameters.doubles("shares", count: classCount)
        guard weights.allSatisfy({ $0 >= 0 && $0 <= 1 }), errors.allSatisfy({ $0 >= 0 && $0.isFinite }),
            shares.allSatisfy({ $0 >= 0 && $0 <= 1 })
        else { throw damaged }
        let columns = featureCount
        members = try (0..<count).map { try StackMember(parameters: parameters.group("member_\($0)"), featureCount: columns) }
    }

    /// Fits the recipes of positive weight on all rows.
    init(
        _ recipes: [StackRecipe], weights: [Double], outOfFold: [FeatureMatrix], table: OutOfFoldTable, _ data: TrainingData,
        decision: Decision, _ context: TrainingContext
    ) throws {
        let kept = recipes.indices.filter { weights[$0] > 0 }
        let total = kept.reduce(0) { $0 + weights[$1] }
        (featureCount, classCount, self.decision) = (data.features.columns, data.classCount, decision)
        self.weights = kept.map { weights[$0] / total }
        var store = NeighbourStore()
        members = try kept.map { try recipes[$0].fit(data, like: nil, &store, context) }
        errors = kept.map { data.task == .regression && table.canChoose ? Self.error(outOfFold[$0].values, table) : 0 }
        shares = data.task == .classification ? ClassProbabilities.shares(data) : []
    }

    /// Weighted root mean square; 0, which nothing is known by, where the squares overflow.
    private static func error(_ predicted: [Double], _ table: OutOfFoldTable) -> Double {
        var (sum, total) = (0.0, 0.0)
        for (row, target) in table.targets.enumerated() {
            let weight = table.weights?[row] ?? 1
            sum += weight * (predicted[row] - target) * (predicted[row] - target)
            total += weight
        }
        let error = (sum / total).squareRoot()
        return error.isFinite ? error : 0
    }
}
