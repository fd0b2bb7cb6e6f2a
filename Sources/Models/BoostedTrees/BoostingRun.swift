import MaterialsCore

/// Fits trees one after the other (one a class where there are more than two), each to the gradients of what stands so far.
struct BoostingRun {
    private let settings: BoostedTreesSettings
    private let context: TrainingContext
    private let loss: BoostingLoss
    private let targets: [Double]
    private let weights: [Double]?
    private let matrix: BinnedMatrix
    private let sampling: RowSampling
    /// Sum of base and trees of each row, with every tree; outputs × rows.
    private(set) var scores: [[Double]]
    private var derivatives: [Derivatives]
    /// One an output.
    private(set) var ensembles: [TreeEnsemble]

    /// Sets the validation rows aside.
    /// - Parameter matrix: the features in bins.
    init(_ data: TrainingData, matrix: BinnedMatrix, settings: BoostedTreesSettings, context: TrainingContext) {
        (self.settings, self.context, self.matrix, self.targets) = (settings, context, matrix, data.targets)
        loss = settings.loss
        // Equal weights are none.
        weights = data.weights.flatMap { w in w.allSatisfy { $0 == w[0] } ? nil : w }
        sampling = RowSampling(data, settings: settings, seed: context.seed)
        let base = loss.base(data.targets, weights: weights, rows: sampling.learning)
        ensembles = base.map { value in
            var ensemble = TreeEnsemble(featureCount: data.features.columns)
            ensemble.base = value
            return ensemble
        }
        scores = base.map { [Double](repeating: $0, count: data.targets.count) }
        let zeros = [Double](repeating: 0, count: data.targets.count)
        let hessians = loss.hasUnitHessian ? weights ?? [] : zeros
        derivatives = base.map { _ in Derivatives(gradients: zeros, hessians: hessians) }
    }

    /// Runs to the end and keeps the best number of trees.
    /// - Throws: `MatSieveError.stopped` when cancelled.
    mutating func run() throws {
        let largestWeight = weights?.max()
        var packed = PackedGradients(
            rows: targets.count,
            largestHessian: loss.hasUnitHessian && weights == nil ? nil : loss.largestHessian * (largestWeight ?? 1))
        let grower = TreeGrower(
            matrix: matrix, gradients: packed, shape: TreeShape(leaves: settings.leaves, maxDepth: settings.maxDepth),
            rules: SplitRules(fewestRows: Double(settings.minRowsInLeaf), l2: settings.l2, leastGain: settings.minGain),
            threads: context.threads)
        let watches = settings.earlyStoppingRounds > 0 && !sampling.validation.isEmpty
        var best = (loss: watches ? validationLoss() : 0, iterations: 0)
        for iteration in 0..<settings.trees {
            guard try addTrees(iteration, &packed, grower) else { break }
            guard watches else { continue }
            let now = validationLoss()
            if now < best.loss { best = (now, iteration + 1) }
            if iteration + 1 - best.iterations >= settings.earlyStoppingRounds { break }
        }
        if watches { for k in ensembles.indices { ensembles[k].truncate(to: best.iterations) } }
    }

    private func validationLoss() -> Double { loss.mean(scores, targets, weights: weights, rows: sampling.validation) }

    /// One tree an output.
    /// - Returns: false where there is nothing left to learn.
    private mutating func addTrees(_ iteration: Int, _ packed: inout PackedGradients, _ grower: TreeGrower) throws -> Bool {
        let threshold = residualThreshold()
        loss.derivatives(scores, targets, weights: weights, threshold: threshold, into: &derivatives)
        let rows = sampling.bag(iteration)
        var isLearning = false
        for k in ensembles.indices {
            if context.isCancelled() { throw MatSieveError.stopped("boosted-trees: stopped after \(iteration) trees; start the fit again") }
            let (gradients, hessians) = (derivatives[k].gradients, derivatives[k].hessians)
            let isFlat = !packed.pack(rows, gradients: gradients, hessians: hessians.isEmpty ? nil : hessians)
            // Other classes may still learn: their trees stay side by side.
            if isFlat && loss.outputs == 1 { return false }
            let mask = sampling.columns(iteration * loss.outputs + k, count: matrix.features.count)
            var tree = isFlat ? GrownTree(leafValues: [0]) : grower.grow(on: rows, gradients: packed, columnMask: mask)
            if !isFlat {
                setLeafValues(&tree, grower, output: k, threshold: threshold)
                addScores(of: tree, grower, output: k, bagged: rows.count)
            }
            ensembles[k].append(tree)
            isLearning = isLearning || !isFlat && (sampling.isRandom || !tree.nodes.isEmpty)
        }
        return isLearning
    }

    /// Root mean square of the residuals of the validation rows under the kept trees; NaN without validation rows.
    func validationSpread(_ features: FeatureMatrix) -> Double {
        guard !sampling.validation.isEmpty else { return .nan }
        var (sum, total) = (0.0, 0.0)
        let values = features.values.span
        for row in sampling.validation {
            let r = Int(row)
            let residual = ensembles[0].sum(values.extracting(r * features.columns..<(r + 1) * features.columns)) - targets[r]
            let weight = weights?[r] ?? 1
            sum += weight * residual * residual
            total += weight
        }
        return (sum / total).squareRoot()
    }

    // MARK: One iteration

    /// δ of huber: a quantile of the present absolute residuals.
    private func residualThreshold() -> Double {
        guard loss.kind == .huber else { return .infinity }
        var residuals = targets
        for row in sampling.learning { residuals[Int(row)] = (targets[Int(row)] - scores[0][Int(row)]).magnitude }
        var sample = WeightedSample(rows: sampling.learning, values: residuals, weights: weights)
        return sample.quantile(loss.level)
    }

    private func setLeafValues(_ tree: inout GrownTree, _ grower: TreeGrower, output: Int, threshold: Double) {
        let value = LeafValue(loss: loss, l2: settings.l2, targets: targets, weights: weights, threshold: threshold)
        for leaf in grower.leaves {
            let rows = UnsafeBufferPointer(start: grower.rows.pointer + leaf.start, count: leaf.count)
            tree.leafValues.append(settings.learningRate * value.step(rows, derivatives[output], scores: scores[output]))
            tree.leafCovers.append(weights.map { w in rows.reduce(0) { $0 + w[Int($1)] } } ?? Double(leaf.count))
        }
    }

    /// Adds the tree's values to the scores: by leaf for the rows it grew on, by walking for the others.
    private mutating func addScores(of tree: GrownTree, _ grower: TreeGrower, output: Int, bagged: Int) {
        for (leaf, value) in zip(grower.leaves, tree.leafValues) {
            for i in leaf.start..<leaf.start + leaf.count { scores[output][Int(grower.rows.pointer[i])] += value }
        }
        for row in sampling.validation { scores[output][Int(row)] += tree.leafValues[leaf(of: Int(row), in: tree)] }
        guard bagged < sampling.learning.count else { return }
        var isInBag = [Bool](repeating: false, count: targets.count)
        for i in 0..<bagged { isInBag[Int(grower.rows.pointer[i])] = true }
        for row in sampling.learning where !isInBag[Int(row)] {
            scores[output][Int(row)] += tree.leafValues[leaf(of: Int(row), in: tree)]
        }
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
