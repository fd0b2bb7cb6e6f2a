import CKernels
import MaterialsCore

/// Sums of trees of any size; gives the bits of `TreeEnsemble.sum`.
///
/// Many rows go through one tree after the other: bit masks take them to the leaves of its top, branch-free walks of many rows at
/// once from there; rows that reached their leaf drop out every few levels.
///
/// - Cost: 31 vector comparisons of 16 rows a tree, then about 6 operations a level and row.
final class CompactScorer: Sendable {
    private static let groupRows = Int(MATSIEVE_FOREST_ROWS)
    /// Rows of a block have their keys in the second cache; tops of so many trees lie in the first.
    private static let (blockBytes, treesTogether) = (640 << 10, 8)

    private let base: Double
    private let featureCount: Int
    private let outputCount: Int
    private let layout: CompactTrees
    private let treeCount: Int
    /// Values that leaves point to; none where the leaves hold them.
    private let leafValue: SharedBuffer<Double>

    /// Lays out the trees; nil where they ask for categories or are too large for the nodes.
    init?(_ ensemble: TreeEnsemble) {
        guard let layout = CompactTrees(ensemble) else { return nil }
        (base, featureCount, outputCount) = (ensemble.base, ensemble.featureCount, ensemble.outputCount)
        (self.layout, treeCount) = (layout, ensemble.treeCount)
        leafValue = SharedBuffer(layout.isInline ? [] : ensemble.leafValue, padding: 0)
    }

    /// Sums of row-major features: rows × outputs.
    func sums(_ features: Span<Double>, into sums: inout MutableSpan<Double>) {
        var none: [Double] = []
        self.sums(features, into: &sums, squares: &none)
    }

    /// The same, and sums of the squares of the values of one output unless `squares` is empty.
    func sums(_ features: Span<Double>, into sums: inout MutableSpan<Double>, squares: inout [Double]) {
        let rows = sums.count / outputCount
        precondition(features.count == rows * featureCount && sums.count == rows * outputCount)
        precondition(squares.isEmpty || (squares.count == rows && outputCount == 1))
        // Pointers: hot loops over validated indices.
        sums.withUnsafeMutableBufferPointer { out in
            squares.withUnsafeMutableBufferPointer { squares in
                for i in 0..<out.count { out[i] = base }
                for i in 0..<squares.count { squares[i] = 0 }
                forEachTree(features, rows: rows) { tree, rows, node in
                    let target = out.baseAddress! + rows.lowerBound * outputCount
                    let ownSquares = squares.isEmpty ? nil : squares.baseAddress! + rows.lowerBound
                    add(tree, node, rows.count, to: target, squares: ownSquares)
                }
            }
        }
    }

    /// The value of every tree of one output: rows × trees.
    func treeValues(_ features: Span<Double>, rows: Int) -> [Double] {
        precondition(features.count == rows * featureCount && outputCount == 1)
        var values = [Double](repeating: 0, count: rows * treeCount)
        forEachTree(features, rows: rows) { tree, rows, node in
            let nodes = layout.trees.pointer[tree].nodes!
            for (i, row) in rows.enumerated() { values[row * treeCount + tree] = value(nodes[Int(node[i])].key) }
        }
        return values
    }

    /// Calls the body with the leaves of a block of rows in each tree: the tree, the rows, and the nodes that are their leaves.
    private func forEachTree(_ features: Span<Double>, rows: Int, _ body: (Int, Range<Int>, UnsafePointer<UInt32>) -> Void) {
        let (width, trees, group) = (layout.columns.width, layout.trees.pointer, Self.groupRows)
        var columns = layout.columns.layout
        let mostGroups = max(1, min((rows + group - 1) / group, Self.blockBytes / (4 * width * group)))
        let keys = SharedBuffer<UInt32>(count: mostGroups * group * width, repeating: 0)
        let node = SharedBuffer<UInt32>(count: mostGroups * group * Self.treesTogether, repeating: 0)
        let list = SharedBuffer<UInt32>(count: 2 * mostGroups * group, repeating: 0)
        for first in stride(from: 0, to: rows, by: mostGroups * group) {
            let block = first..<min(first + mostGroups * group, rows)
            let groups = (block.count + group - 1) / group
            features.withUnsafeBufferPointer {
                matsieve_forest_keys(&columns, $0.baseAddress! + first * featureCount, block.count, featureCount, keys.pointer)
            }
            for batch in stride(from: 0, to: treeCount, by: Self.treesTogether) {
                let count = min(Self.treesTogether, treeCount - batch)
                matsieve_forest_tops(trees + batch, count, keys.pointer, width, groups, node.pointer)
                for tree in batch..<batch + count {
                    let own = node.pointer + (tree - batch) * groups * group
                    let next = trees + (tree + 1 < treeCount ? tree + 1 : 0)
                    matsieve_forest_leaves(trees + tree, keys.pointer, width, groups, own, list.pointer, next)
                    body(tree, block, own)
                }
            }
        }
    }

    @inline(__always)
    private func value(_ leaf: UInt32) -> Double {
        layout.isInline ? Double(Float(bitPattern: leaf)) : leafValue.pointer[Int(leaf)]
    }

    private func add(
        _ tree: Int, _ node: UnsafePointer<UInt32>, _ rows: Int, to sums: UnsafeMutablePointer<Double>,
        squares: UnsafeMutablePointer<Double>?
    ) {
        let own = layout.trees.pointer + tree
        if layout.isInline { return matsieve_forest_sums(own, node, rows, sums, squares) }
        let nodes = own.pointee.nodes!
        for row in 0..<rows {
            let leaf = leafValue.pointer + Int(nodes[Int(node[row])].key)
            for output in 0..<outputCount { sums[row &* outputCount &+ output] += leaf[output] }
            if let squares { squares[row] += leaf[0] * leaf[0] }
        }
    }
}
