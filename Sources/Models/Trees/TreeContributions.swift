import MaterialsCore

/// What each feature adds to the predictions of one output: SHAP values.
public struct TreeContributions: Equatable, Sendable {
    /// Rows × features.
    public var values: FeatureMatrix
    /// Mean prediction over the training rows as the trees counted them; with the values of a row it sums to its prediction.
    public var expected: Double

    /// Names contributions.
    public init(values: FeatureMatrix, expected: Double) { (self.values, self.expected) = (values, expected) }
}

/// A model of trees that says exactly what each feature adds to a prediction.
public protocol ExplainsByTrees: Sendable {
    /// SHAP values of described rows, one an output: a single one for numbers and two classes, else one a class.
    ///
    /// Forests explain the mean or the share of a class, boosted trees the number, the log-odds of class 1 or the score of a class
    /// before the softmax.
    ///
    ///     prediction(row) = expected + Σ_feature value(row, feature)
    ///
    /// - Errors:   trees that do not know how many training rows reached their leaves, as in models of old files.
    /// - Numerics: equal to the prediction up to rounding; the same for any number of threads.
    /// - Cost:     rows × leaves × depth².
    /// - Source:   S. M. Lundberg et al., Nature Machine Intelligence 2, 56 (2020), doi:10.1038/s42256-019-0138-9, algorithm 2
    ///   (path-dependent); unseen features are averaged over as the covers of the nodes say.
    func shapValues(_ features: FeatureMatrix, threads: Int) throws -> [TreeContributions]
}

extension TreeEnsemble {
    /// True where every tree knows how many training rows reached its leaves.
    var hasCovers: Bool {
        (0..<treeCount).allSatisfy { tree in leafCover[leafOffset[tree]..<leafOffset[tree + 1]].contains { $0 > 0 } }
    }

    /// SHAP values of each output.
    /// - Throws: `MatSieveError.input` where covers are unknown.
    func contributions(_ features: FeatureMatrix, threads: Int) throws -> [TreeContributions] {
        guard hasCovers else {
            throw MatSieveError.input("model file: the trees do not say how many training rows reached their leaves; train them anew")
        }
        let (rows, outputs) = (features.rows, outputCount)
        let trees = (0..<treeCount).map { CoveredTree(self, tree: $0) }
        let sums = SharedBuffer<Double>(count: rows * outputs * featureCount, repeating: 0)
        let part = 4
        parallelLoop((rows + part - 1) / part, threads: threads) { block in
            let walk = TreeShapWalk(self, deepest: trees.map(\.depth).max() ?? 0)
            for row in block * part..<min((block + 1) * part, rows) {
                let values = features.values.span.extracting(row * featureCount..<(row + 1) * featureCount)
                for tree in trees { walk.run(tree, values, into: sums.pointer + row * outputs * featureCount) }
            }
        }
        return (0..<outputs).map { output in
            var values = FeatureMatrix(rows: rows, columns: featureCount)
            for row in 0..<rows {
                for column in 0..<featureCount { values[row, column] = sums.pointer[(row * outputs + output) * featureCount + column] }
            }
            return TreeContributions(values: values, expected: trees.reduce(base) { $0 + $1.expected[output] })
        }
    }
}

/// A tree with the cover of each node.
struct CoveredTree: Sendable {
    let tree: Int
    /// Decisions on the longest way.
    let depth: Int
    /// Mean over the leaves by cover, one an output.
    let expected: [Double]
    /// Share of a node's cover that goes left; its right share is the rest.
    let leftShare: [Double]
    let rightShare: [Double]

    init(_ ensemble: TreeEnsemble, tree: Int) {
        let nodes = ensemble.nodeOffset[tree]..<ensemble.nodeOffset[tree + 1]
        let leaves = ensemble.leafOffset[tree]..<ensemble.leafOffset[tree + 1]
        var cover = [Double](repeating: 0, count: nodes.count)
        var height = [Int](repeating: 0, count: nodes.count)
        var (left, right) = (cover, cover)
        for node in nodes.indices.reversed() {
            let n = node - nodes.lowerBound
            func below(_ child: Int32) -> (cover: Double, height: Int) {
                child >= 0 ? (cover[Int(child)], height[Int(child)] + 1) : (ensemble.leafCover[leaves.lowerBound + Int(~child)], 1)
            }
            let (l, r) = (below(ensemble.left[node]), below(ensemble.right[node]))
            (cover[n], height[n]) = (l.cover + r.cover, max(l.height, r.height))
            (left[n], right[n]) = cover[n] > 0 ? (l.cover / cover[n], r.cover / cover[n]) : (0.5, 0.5)
        }
        let total = leaves.reduce(0.0) { $0 + ensemble.leafCover[$1] }
        expected = (0..<ensemble.outputCount).map { output in
            leaves.reduce(0.0) { $0 + ensemble.leafCover[$1] * ensemble.leafValue[$1 * ensemble.outputCount + output] } / total
        }
        (self.tree, depth, leftShare, rightShare) = (tree, height.first ?? 0, left, right)
    }
}
