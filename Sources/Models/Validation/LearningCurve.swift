import MaterialsCore

/// Error by the number of rows learned from, on the rows that the first fold tests.
public enum LearningCurve {
    /// Shares of the first fold's training rows.
    public static let shares = [0.1, 0.2, 0.4, 0.7, 1]

    /// Fits on nested seeded parts of the rows that the first fold learns from.
    ///
    /// In a classification parts hold a row of each class at least. Parts of fewer than two rows are left out.
    /// - Parameters:
    ///   - data: all rows
    ///   - folds: the first of which is used
    ///   - seed: of the order in which rows are taken
    ///   - whole: metrics of the first fold where they are known, which saves the last fit
    ///   - fit: learns from rows
    public static func measure(
        _ data: TrainingData, folds: Folds, seed: UInt64, whole: [String: Double]? = nil,
        fit: (_ training: TrainingData) throws -> any PropertyModel
    ) throws -> [ModelCard.LearningPoint] {
        guard let tested = folds.testRows.first else { return [] }
        let learned = folds.learnedRows(0, of: data.targets.count)
        let order = classesFirst(learned, data, seed: seed)
        let judged = data.selecting(tested)
        let weights = data.weights.map { w in tested.map { w[$0] } }
        let fewest = data.task == .regression ? 2 : max(2, Set(learned.map { data.targets[$0] }).count)
        let sizes = shares.map { max(fewest, Int((Double(learned.count) * $0).rounded())) }.filter { $0 <= learned.count }
        return try Set(sizes).sorted().map { size in
            if let whole, size == learned.count { return ModelCard.LearningPoint(rows: size, metrics: whole) }
            let model = try fit(data.selecting(order.prefix(size).sorted()))
            let prediction = model.predictions(judged.features, classCount: data.classCount)
            return ModelCard.LearningPoint(
                rows: size, metrics: Metrics.scores(prediction, observed: judged.targets, task: data.task, weights: weights))
        }
    }

    /// A seeded order; in a classification the first row of each class comes first.
    private static func classesFirst(_ rows: [Int], _ data: TrainingData, seed: UInt64) -> [Int] {
        var random = SplitMix64(seed: seed ^ 0x63_75_72_76)
        let order = random.permutation(rows.count).map { rows[$0] }
        guard data.task == .classification else { return order }
        var (seen, first, rest): (Set<Double>, [Int], [Int]) = ([], [], [])
        for row in order { if seen.insert(data.targets[row]).inserted { first.append(row) } else { rest.append(row) } }
        return first + rest
    }
}

extension HeldOutPredictions {
    /// Rows with the largest errors, worst first: |error| in a regression, the least probability of the observed class otherwise.
    ///
    /// A row that several folds tested counts once, by its averaged prediction.
    /// - Parameters:
    ///   - ids: labels of the rows of the table
    ///   - formulas: beside them
    ///   - count: how many
    public func worstErrors(ids: [String], formulas: [String], count: Int = 20) -> [ModelCard.WorstError] {
        let averaged = averaged(rowCount: ids.count)
        var observed = [Double](repeating: .nan, count: ids.count)
        for (entry, row) in rows.enumerated() { observed[row] = self.observed[entry] }
        let errors = observed.indices.map { row -> Double in
            if observed[row].isNaN { return -.infinity }
            return task == .regression
                ? (averaged.mean[row] - observed[row]).magnitude : 1 - averaged.probability(ofClass: Int(observed[row]), row: row)
        }
        let order = errors.indices.filter { errors[$0] > 0 }.sorted { (-errors[$0], $0) < (-errors[$1], $1) }
        return order.prefix(count).map { row in
            ModelCard.WorstError(
                id: ids[row], formula: formulas[row], observed: observed[row], predicted: averaged.mean[row],
                spread: averaged.spread[row].isNaN ? nil : averaged.spread[row])
        }
    }
}
