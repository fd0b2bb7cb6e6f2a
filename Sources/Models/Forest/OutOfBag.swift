import MaterialsCore

/// What the trees say of rows that were not in their bags.
struct OutOfBag: Sendable {
    /// Rows that at least one tree left out.
    var rows: [Int] = []
    /// Rows × outputs: mean over these trees.
    var means: [Double] = []
    /// Variance between these trees (first output).
    var variances: [Double] = []

    /// Asks the trees, in tree order for each row.
    /// - Parameter bags: one bit a row for each tree, 1 where the tree saw it.
    init(_ ensemble: TreeEnsemble, _ features: FeatureMatrix, bags: [[UInt64]], threads: Int) {
        let outputs = ensemble.outputCount
        let sums = SharedBuffer<Double>(count: features.rows * outputs, repeating: 0)
        let squares = SharedBuffer<Double>(count: features.rows, repeating: 0)
        let counts = SharedBuffer<Int32>(count: features.rows, repeating: 0)
        let part = 64
        parallelLoop((features.rows + part - 1) / part, threads: threads) { block in
            for tree in 0..<ensemble.treeCount {
                for row in block * part..<min((block + 1) * part, features.rows) where bags[tree][row >> 6] >> UInt64(row & 63) & 1 == 0 {
                    let values = features.values.span.extracting(row * features.columns..<(row + 1) * features.columns)
                    let leaf = (ensemble.leafOffset[tree] + ensemble.leaf(of: values, tree: tree)) * outputs
                    for output in 0..<outputs { sums.pointer[row * outputs + output] += ensemble.leafValue[leaf + output] }
                    squares.pointer[row] += ensemble.leafValue[leaf] * ensemble.leafValue[leaf]
                    counts.pointer[row] += 1
                }
            }
        }
        for row in 0..<features.rows where counts.pointer[row] > 0 {
            let count = Double(counts.pointer[row])
            rows.append(row)
            for output in 0..<outputs { means.append(sums.pointer[row * outputs + output] / count) }
            let mean = sums.pointer[row * outputs] / count
            variances.append(max(squares.pointer[row] / count - mean * mean, 0))
        }
    }
}
