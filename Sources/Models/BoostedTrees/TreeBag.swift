/// Runs of boosting with seeds of their own, averaged into one sum of trees.
struct TreeBag {
    /// Runs × outputs.
    private var runs: [[TreeEnsemble]] = []
    private var spreads: [Double] = []

    mutating func add(_ ensembles: [TreeEnsemble], spread: Double) {
        runs.append(ensembles)
        spreads.append(spread)
    }

    /// Trees of one output.
    var treeCount: Int { runs.reduce(0) { $0 + $1[0].treeCount } }

    /// Root of the mean square; the average of the runs errs less.
    var spread: Double {
        if spreads.count == 1 { return spreads[0] }
        return (spreads.reduce(0) { $0 + $1 * $1 } / Double(spreads.count)).squareRoot()
    }

    /// The mean of the runs' scores: all trees behind one another, values divided by the number of runs.
    var mean: [TreeEnsemble] {
        if runs.count == 1 { return runs[0] }
        let share = 1 / Double(runs.count)
        return runs[0].indices.map { output in
            var mean = TreeEnsemble(featureCount: runs[0][output].featureCount)
            for run in runs {
                mean.base += run[output].base * share
                mean.append(run[output], scale: share)
            }
            return mean
        }
    }
}

extension TreeEnsemble {
    /// Adds the trees of another ensemble, their values times `scale`.
    mutating func append(_ other: TreeEnsemble, scale: Double) {
        let sets = Int32(setOffset.count - 1)
        nodeOffset += other.nodeOffset.dropFirst().map { $0 + feature.count }
        leafOffset += other.leafOffset.dropFirst().map { $0 + leafCover.count }
        setOffset += other.setOffset.dropFirst().map { $0 + setWords.count }
        feature += other.feature
        threshold += other.threshold
        left += other.left
        right += other.right
        missingLeft += other.missingLeft
        categorySet += other.categorySet.map { $0 < 0 ? $0 : $0 + sets }
        leafValue += other.leafValue.map { $0 * scale }
        leafCover += other.leafCover
        setWords += other.setWords
    }
}
