import MaterialsCore

/// Scores of batches by the fastest way that fits the trees.
struct ImportedTreesScorer: Sendable {
    private let trees: ImportedTrees
    private let walk: ImportedTreesWalk

    init(_ trees: ImportedTrees) {
        self.trees = trees
        walk = ImportedTreesWalk(trees)
    }

    /// Rows × scores.
    func scores(_ features: FeatureMatrix) -> FeatureMatrix {
        let outputs = trees.outputCount
        var result = FeatureMatrix(rows: features.rows, columns: outputs)
        var span = result.values.mutableSpan
        walk.sums(features.values.span, columns: features.columns, into: &span)
        finish(&result.values)
        return result
    }

    private func finish(_ values: inout [Double]) {
        guard trees.divisor != 1 || trees.finish.contains(where: { $0 != 0 }) else { return }
        for i in values.indices {
            values[i] = trees.rounded(trees.rounded(values[i] / trees.divisor) + trees.finish[i % trees.outputCount])
        }
    }
}
