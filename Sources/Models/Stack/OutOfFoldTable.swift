import MaterialsCore

/// Predictions of recipes for rows that their fits did not see: what a blend is chosen on.
struct OutOfFoldTable: Sendable {
    /// Rows that some fold tests, ascending.
    let rows: [Int]
    /// Their targets.
    let targets: [Double]
    /// Their weights.
    let weights: [Double]?
    private let data: TrainingData
    /// nil where there are too few rows: nothing is held out then.
    private let folds: Folds?
    private let learned: [[Int]]
    /// `place[row]`: position in `rows`.
    private let place: [Int]

    private static let rowsToShare = 2_000

    /// False where there are too few rows to hold some out.
    var canChoose: Bool { folds != nil }
    /// Outputs of a prediction: one value, or the probability of each class.
    var outputs: Int { max(data.classCount, 1) }

    init(_ data: TrainingData, folds: Folds?) {
        (self.data, self.folds) = (data, folds)
        let count = data.targets.count
        learned = folds.map { f in f.testRows.indices.map { f.learnedRows($0, of: count) } } ?? []
        let rows = folds.map { $0.testRows.joined().sorted() } ?? Array(0..<count)
        var place = [Int](repeating: -1, count: count)
        for (i, row) in rows.enumerated() { place[row] = i }
        (self.rows, self.place) = (rows, place)
        targets = rows.map { data.targets[$0] }
        weights = data.weights.map { w in rows.map { w[$0] } }
    }

    /// What a recipe predicts for rows that its fits did not see: rows × outputs in the order of `rows`.
    struct Column {
        /// With the combination of trees that these are of.
        var recipe: StackRecipe
        var outputs: FeatureMatrix
    }

    /// Predictions of each recipe, in each combination of its trees where it is to choose. Zeros where nothing can be held out.
    ///
    /// Of many rows, hyperparameters of models that search long for them are chosen in the first fold and serve in the others; of few
    /// they would know the rows that they are judged by.
    func predictions(_ recipes: [StackRecipe], _ context: TrainingContext) throws -> [[Column]] {
        let combinations = recipes.map { $0.choosesCombination && data.task == .regression ? TreeCombination.allCases : [] }
        var result = recipes.indices.map { i in
            let own = combinations[i].isEmpty ? [recipes[i]] : combinations[i].map { recipes[i].combining($0) }
            return own.map { Column(recipe: $0, outputs: FeatureMatrix(rows: rows.count, columns: outputs)) }
        }
        guard let folds else { return result }
        var first: [(any PropertyModel)?] = Array(repeating: nil, count: recipes.count)
        for (fold, tested) in folds.testRows.enumerated() {
            let (part, seen) = (data.selecting(learned[fold]), data.features.selecting(tested))
            var store = NeighbourStore()
            for (i, recipe) in recipes.enumerated() {
                let member = try recipe.fit(part, like: first[i], &store, context)
                if first[i] == nil, rows.count > Self.rowsToShare, member.model is any HyperparameterSharing { first[i] = member.model }
                let outputs = member.outputs(seen, classCount: data.classCount, combinations: combinations[i])
                for (v, table) in outputs.enumerated() {
                    for (k, row) in tested.enumerated() {
                        for c in 0..<self.outputs { result[i][v].outputs[place[row], c] = table[k, c] }
                    }
                }
            }
        }
        return result
    }

    /// Predictions of one recipe.
    func predictions(_ recipe: StackRecipe, _ context: TrainingContext) throws -> FeatureMatrix {
        try predictions([recipe], context)[0][0].outputs
    }
}

extension Prediction {
    /// The value, or the probabilities of all classes, of one row.
    func copyOutputs(of source: Int, to row: Int, of matrix: inout FeatureMatrix) {
        guard classCount > 0 else {
            matrix[row, 0] = mean[source]
            return
        }
        for c in 0..<classCount { matrix[row, c] = probability(ofClass: c, row: source) }
    }
}

extension Folds {
    private static let fewestRows = 8

    /// Folds inside a fit: `count` seeded ones, or a single held-out fifth for 1; nil where rows or classes are too few to choose by.
    static func inner(_ count: Int, _ data: TrainingData, seed: UInt64) throws -> Folds? {
        let rows = data.targets.count
        guard rows >= fewestRows else { return nil }
        let folds =
            count == 1
            ? try holdOut(0.2, targets: data.targets, task: data.task, seed: seed)
            : try random(min(count, rows / 2), targets: data.targets, task: data.task, seed: seed)
        return data.task == .regression || folds.leaveClasses(data.targets) ? folds : nil
    }

    /// Whether every fold leaves at least two classes to learn from.
    private func leaveClasses(_ targets: [Double]) -> Bool {
        testRows.indices.allSatisfy { fold in
            let left = learnedRows(fold, of: targets.count).map { targets[$0] }
            return left.contains { $0 != left[0] }
        }
    }
}
