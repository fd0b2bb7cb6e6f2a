import MaterialsCore

/// Fits trees one after the other, each to the gradients of what stands so far.
struct BoostingRun {
    private let settings: BoostedTreesSettings
    private let context: TrainingContext
    private let loss: BoostingLoss
    private let targets: [Double]
    private let matrix: BinnedMatrix
    private let learning: [Int32]
    private let validation: [Int32]
    /// Sum of base and trees of each row, with every tree.
    private(set) var scores: [Double]
    private var gradients: [Double]
    private var hessians: [Double]
    private(set) var ensemble: TreeEnsemble

    /// Bins the features and sets the validation rows aside.
    init(_ data: TrainingData, settings: BoostedTreesSettings, context: TrainingContext) throws {
        (self.settings, self.context, self.targets) = (settings, context, data.targets)
        loss = BoostingLoss(task: data.task)
        matrix = try BinnedMatrix(data, mostBins: settings.maxBins, context: context)
        (learning, validation) = Self.divide(data, fraction: settings.validationFraction, seed: context.seed)
        ensemble = TreeEnsemble(featureCount: data.features.columns)
        ensemble.base = loss.base(data.targets, rows: learning)
        scores = [Double](repeating: ensemble.base, count: data.targets.count)
        gradients = scores
        hessians = scores
    }

    /// Validation rows are drawn from each class (or from all rows) by the seed; with fewer than 10 rows there are none.
    private static func divide(_ data: TrainingData, fraction: Double, seed: UInt64) -> (learning: [Int32], validation: [Int32]) {
        let rows = data.targets.indices
        let groups = data.task == .regression ? [Array(rows)] : [0.0, 1.0].map { c in rows.filter { data.targets[$0] == c } }
        var random = SplitMix64(seed: seed ^ 0x76_61_6c_69)
        var isAside = [Bool](repeating: false, count: rows.count)
        for group in groups where group.count >= 10 {
            let count = Int((Double(group.count) * fraction).rounded())
            for i in random.permutation(group.count).prefix(count) { isAside[group[i]] = true }
        }
        return (rows.filter { !isAside[$0] }.map { Int32($0) }, rows.filter { isAside[$0] }.map { Int32($0) })
    }

    /// Runs to the end and keeps the best number of trees.
    /// - Throws: `MatSieveError.stopped` when cancelled.
    mutating func run() throws {
        var packed = PackedGradients(rows: targets.count, largestHessian: loss.largestHessian)
        let grower = TreeGrower(
            matrix: matrix, gradients: packed, shape: TreeShape(leaves: settings.leaves, maxDepth: settings.maxDepth),
            rules: SplitRules(fewestRows: Double(settings.minRowsInLeaf), l2: settings.l2, leastGain: settings.minGain),
            threads: context.threads)
        let watches = settings.earlyStoppingRounds > 0 && !validation.isEmpty
        var best = (loss: watches ? loss.mean(scores, targets, rows: validation) : 0, trees: 0)
        for iteration in 0..<settings.trees {
            if context.isCancelled() { throw MatSieveError.stopped("boosted-trees: stopped after \(iteration) trees; start the fit again") }
            guard addTree(iteration, &packed, grower) else { break }
            guard watches else { continue }
            let now = loss.mean(scores, targets, rows: validation)
            if now < best.loss { best = (now, iteration + 1) }
            if iteration + 1 - best.trees >= settings.earlyStoppingRounds { break }
        }
        if watches { ensemble.truncate(to: best.trees) }
    }

    /// - Returns: false where there is nothing left to learn.
    private mutating func addTree(_ iteration: Int, _ packed: inout PackedGradients, _ grower: TreeGrower) -> Bool {
        loss.derivatives(scores, targets, gradients: &gradients, hessians: &hessians)
        let rows = bag(iteration)
        guard packed.pack(rows, gradients: gradients, hessians: loss.largestHessian == nil ? nil : hessians) else { return false }
        var tree = grower.grow(on: rows, gradients: packed, columnMask: columns(iteration))
        setLeafValues(&tree, grower)
        addScores(of: tree, grower, bagged: rows.count)
        ensemble.append(tree)
        let isRandom = settings.rowFraction < 1 || settings.featureFraction < 1
        return isRandom || !tree.nodes.isEmpty
    }

    /// Root mean square of the residuals of the validation rows under the kept trees; NaN without validation rows.
    func validationSpread(_ features: FeatureMatrix) -> Double {
        guard !validation.isEmpty else { return .nan }
        var sum = 0.0
        let values = features.values.span
        for row in validation {
            let r = Int(row)
            let residual = ensemble.sum(values.extracting(r * features.columns..<(r + 1) * features.columns)) - targets[r]
            sum += residual * residual
        }
        return (sum / Double(validation.count)).squareRoot()
    }

    // MARK: One iteration

    /// Rows that a tree learns from: each by a hash of seed, iteration and row.
    private func bag(_ iteration: Int) -> [Int32] {
        guard settings.rowFraction < 1 else { return learning }
        let limit = UInt64(settings.rowFraction * 0x1p53)
        let stream = Self.hash(context.seed &+ Self.hash(UInt64(iteration) &+ 1))
        let chosen = learning.filter { Self.hash(stream &+ UInt64($0)) >> 11 < limit }
        return chosen.isEmpty ? learning : chosen
    }

    /// Columns that a tree may split: the first of a seeded permutation.
    private func columns(_ iteration: Int) -> [Bool] {
        let count = matrix.features.count
        guard settings.featureFraction < 1 else { return [Bool](repeating: true, count: count) }
        var mask = [Bool](repeating: false, count: count)
        var random = SplitMix64(seed: Self.hash(context.seed &+ 0x63_6f_6c) &+ UInt64(iteration))
        let chosen = max(1, Int((Double(count) * settings.featureFraction).rounded()))
        for column in random.permutation(count).prefix(chosen) { mask[column] = true }
        return mask
    }

    private static func hash(_ value: UInt64) -> UInt64 {
        var random = SplitMix64(seed: value)
        return random.next()
    }

    /// - learning rate × Σ gradients / (Σ hessians + l2), from the exact gradients in row order.
    private func setLeafValues(_ tree: inout GrownTree, _ grower: TreeGrower) {
        tree.leafValues = grower.leaves.map { leaf in
            var (g, h) = (0.0, 0.0)
            for i in leaf.start..<leaf.start + leaf.count {
                let row = Int(grower.rows.pointer[i])
                g += gradients[row]
                h += loss.task == .regression ? 1 : hessians[row]
            }
            return h + settings.l2 > 0 ? -settings.learningRate * g / (h + settings.l2) : 0
        }
    }

    /// Adds the tree's values to the scores: by leaf for the rows it grew on, by walking for the others.
    private mutating func addScores(of tree: GrownTree, _ grower: TreeGrower, bagged: Int) {
        for (leaf, value) in zip(grower.leaves, tree.leafValues) {
            for i in leaf.start..<leaf.start + leaf.count { scores[Int(grower.rows.pointer[i])] += value }
        }
        for row in validation { scores[Int(row)] += tree.leafValues[leaf(of: Int(row), in: tree)] }
        guard bagged < learning.count else { return }
        var isInBag = [Bool](repeating: false, count: scores.count)
        for i in 0..<bagged { isInBag[Int(grower.rows.pointer[i])] = true }
        for row in learning where !isInBag[Int(row)] { scores[Int(row)] += tree.leafValues[leaf(of: Int(row), in: tree)] }
    }

    private func leaf(of row: Int, in tree: GrownTree) -> Int {
        guard !tree.nodes.isEmpty else { return 0 }
        var node: Int32 = 0
        repeat {
            let n = tree.nodes[Int(node)]
            let code = matrix.column(Int(n.binnedColumn))[row * BinnedMatrix.blockWidth]
            node = n.bins.contains(Int(code)) ? n.left : n.right
        } while node >= 0
        return Int(~node)
    }
}
