import MaterialsCore

/// Trees of any size, with categories and several outputs: walks node by node, tree by tree over blocks of rows; gives the
/// bits of `TreeEnsemble.sum`.
final class WalkingScorer: Sendable {
    private struct Node: BitwiseCopyable {
        var feature: Int32
        var threshold: Float
        var left: Int32
        var right: Int32
        /// -1 for numbers.
        var categorySet: Int32
        var missingLeft: Bool
    }

    private static let blockRows = 64
    private let ensemble: TreeEnsemble
    private let nodes: SharedBuffer<Node>

    init(_ ensemble: TreeEnsemble) {
        self.ensemble = ensemble
        let nothing = Node(feature: 0, threshold: 0, left: ~0, right: ~0, categorySet: -1, missingLeft: false)
        let all = ensemble.feature.indices.map { n in
            Node(
                feature: ensemble.feature[n], threshold: ensemble.threshold[n], left: ensemble.left[n], right: ensemble.right[n],
                categorySet: ensemble.categorySet[n], missingLeft: ensemble.missingLeft[n])
        }
        nodes = SharedBuffer(all, padding: nothing)
    }

    /// Sums of row-major features: rows × outputs.
    func sums(_ features: Span<Double>, into sums: inout MutableSpan<Double>) {
        forEachLeaf(features, sums: &sums) { _, _ in }
    }

    /// Sums of one output, and sums of the squares of its leaf values.
    func sums(_ features: Span<Double>, into sums: inout MutableSpan<Double>, squares: inout [Double]) {
        for i in squares.indices { squares[i] = 0 }
        forEachLeaf(features, sums: &sums) { row, value in squares[row] += value * value }
    }

    @inline(__always)
    private func forEachLeaf(_ features: Span<Double>, sums: inout MutableSpan<Double>, _ body: (Int, Double) -> Void) {
        let (columns, outputs) = (ensemble.featureCount, ensemble.outputCount)
        let rows = sums.count / outputs
        precondition(features.count == rows * columns && sums.count == rows * outputs)
        let block = SharedBuffer<Float>(count: Self.blockRows * columns, repeating: 0)
        for i in 0..<sums.count { sums[i] = ensemble.base }
        for first in stride(from: 0, to: rows, by: Self.blockRows) {
            let count = min(Self.blockRows, rows - first)
            for i in 0..<count * columns { block.pointer[i] = Float(features[first * columns + i]) }
            for tree in 0..<ensemble.treeCount {
                let leaves = ensemble.leafOffset[tree]
                for row in 0..<count {
                    let values = (leaves + leaf(block.pointer + row * columns, tree: tree)) * outputs
                    for output in 0..<outputs { sums[(first + row) * outputs + output] += ensemble.leafValue[values + output] }
                    body(first + row, ensemble.leafValue[values])
                }
            }
        }
    }

    private func leaf(_ row: UnsafePointer<Float>, tree: Int) -> Int {
        let first = ensemble.nodeOffset[tree]
        guard ensemble.nodeOffset[tree + 1] > first else { return 0 }
        // Validated: children lie in the tree and behind their parents.
        let nodes = nodes.pointer + first
        var next: Int32 = 0
        repeat {
            let node = nodes[Int(next)]
            next = goesLeft(row[Int(node.feature)], node) ? node.left : node.right
        } while next >= 0
        return Int(~next)
    }

    @inline(__always)
    private func goesLeft(_ x: Float, _ node: Node) -> Bool {
        if node.categorySet >= 0 { return ensemble.isMember(x, of: Int(node.categorySet)) }
        return x.isFinite ? x <= node.threshold : node.missingLeft
    }
}
