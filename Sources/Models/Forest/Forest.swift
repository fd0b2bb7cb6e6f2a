import MaterialsCore

/// Trained trees whose answers are averaged; what `random-forest` and `extra-trees` share.
struct Forest: Sendable {
    let task: LearningTask
    /// 0 in a regression.
    let classCount: Int
    /// Leaves hold (target - center) / scale, or the share of class 1, or the shares of all classes.
    let ensemble: TreeEnsemble
    let center: Double
    let scale: Double
    let spread: ForestSpread
    private(set) var combination: TreeCombination
    private(set) var summary: [String: String]
    private let scorer: CompactScorer?
    private let walks: WalkingScorer?

    init(
        task: LearningTask, classCount: Int, ensemble: TreeEnsemble, center: Double, scale: Double, spread: ForestSpread,
        combination: TreeCombination = .mean, summary: [String: String]
    ) {
        (self.task, self.classCount, self.ensemble, self.center, self.scale) = (task, classCount, ensemble, center, scale)
        (self.spread, self.combination, self.summary) = (spread, combination, summary)
        scorer = CompactScorer(ensemble)
        walks = scorer == nil ? WalkingScorer(ensemble) : nil
    }

    /// The same trees, brought together another way.
    func combining(_ how: TreeCombination) -> Forest {
        var result = self
        result.combination = how
        result.summary["combine"] = how.rawValue
        return result
    }

    /// Fills `prediction`; features must have the columns of the training.
    func predict(_ features: FeatureMatrix, into prediction: inout Prediction) {
        precondition(features.columns == ensemble.featureCount && prediction.rows == features.rows)
        task == .regression ? predictNumbers(features, into: &prediction) : predictClasses(features, into: &prediction)
    }

    private func predictNumbers(_ features: FeatureMatrix, into prediction: inout Prediction) {
        var squares = [Double](repeating: 0, count: features.rows)
        var sums = prediction.mean.mutableSpan
        scorer?.sums(features.values.span, into: &sums, squares: &squares)
        walks?.sums(features.values.span, into: &sums, squares: &squares)
        let count = Double(ensemble.treeCount)
        for row in 0..<features.rows {
            let mean = prediction.mean[row] / count
            prediction.mean[row] = center + scale * mean
            prediction.spread[row] = scale * spread.deviation(variance: squares[row] / count - mean * mean)
        }
        if combination != .mean { combineTrees(features, into: &prediction) }
    }

    /// Replaces the mean of the trees by another middle of them.
    private func combineTrees(_ features: FeatureMatrix, into prediction: inout Prediction) {
        let trees = ensemble.treeCount
        for first in stride(from: 0, to: features.rows, by: Self.combinedRows) {
            let count = min(Self.combinedRows, features.rows - first)
            let part = features.values.span.extracting(first * features.columns..<(first + count) * features.columns)
            let values = scorer?.treeValues(part, rows: count) ?? walkedValues(part, rows: count)
            for row in 0..<count {
                var own = values[row * trees..<(row + 1) * trees]
                prediction.mean[first + row] = center + scale * combination.combine(&own)
            }
        }
    }

    private static let combinedRows = 256

    private func walkedValues(_ features: Span<Double>, rows: Int) -> [Double] {
        let (columns, trees) = (ensemble.featureCount, ensemble.treeCount)
        var values = [Double](repeating: 0, count: rows * trees)
        for row in 0..<rows {
            let x = features.extracting(row * columns..<(row + 1) * columns)
            for t in 0..<trees { values[row * trees + t] = ensemble.leafValue[ensemble.leafOffset[t] + ensemble.leaf(of: x, tree: t)] }
        }
        return values
    }

    private func predictClasses(_ features: FeatureMatrix, into prediction: inout Prediction) {
        let outputs = ensemble.outputCount
        var shares = [Double](repeating: 0, count: features.rows * outputs)
        var sums = shares.mutableSpan
        scorer?.sums(features.values.span, into: &sums)
        walks?.sums(features.values.span, into: &sums)
        let count = Double(ensemble.treeCount)
        for i in shares.indices { shares[i] = min(shares[i] / count, 1) }
        for row in 0..<features.rows {
            if outputs == 1 {
                prediction.setProbability(shares[row], row: row)
            } else {
                prediction.setProbabilities(shares.span.extracting(row * outputs..<(row + 1) * outputs), row: row)
            }
        }
    }
}

extension Forest {
    /// A trained forest from its parameters.
    /// - Throws: `MatSieveError.input` where they are damaged.
    init(parameters: ParameterArchive) throws {
        guard let task = LearningTask(rawValue: try parameters.string("task")) else {
            throw MatSieveError.input("model file: unknown task; it is damaged or from another version, train it anew")
        }
        let classCount = try parameters.integer("class_count")
        let trees = try TreeEnsemble(archive: parameters.group("trees"))
        let numbers = try parameters.doubles("target_range", count: 2)
        let spread = ForestSpread(try parameters.doubles("spread", count: 2))
        let outputs = task == .regression || classCount == 2 ? 1 : classCount
        guard task == .regression ? classCount == 0 : classCount >= 2, trees.outputCount == outputs, trees.treeCount > 0,
            numbers.allSatisfy(\.isFinite), numbers[1] > 0, spread.isUsable,
            trees.leafValue.allSatisfy({ $0.magnitude <= 1 && (task == .regression || $0 >= 0) })
        else { throw MatSieveError.input("model file: the numbers of the forest are damaged; train it anew") }
        guard let combination = TreeCombination(rawValue: try parameters.string("combination")) else {
            throw MatSieveError.input("model file: the combination of the trees is damaged; train it anew")
        }
        self.init(
            task: task, classCount: classCount, ensemble: trees, center: numbers[0], scale: numbers[1], spread: spread,
            combination: combination, summary: try parameters.summary())
    }

    /// The parameters, enough to make the forest again.
    var parameters: ParameterArchive {
        var archive = ParameterArchive([
            "task": .string(task.rawValue), "class_count": .integers([Int64(classCount)], shape: [1]),
            "target_range": .doubles([center, scale], shape: [2]), "spread": .doubles(spread.numbers, shape: [2]),
            "combination": .string(combination.rawValue),
        ])
        archive.setSummary(summary)
        archive.merge(ensemble.archive, under: "trees")
        return archive
    }
}
