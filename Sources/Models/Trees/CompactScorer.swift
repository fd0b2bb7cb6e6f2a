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
    /// For rows without missing values, and for rows with them where some node sends these left.
    private let plain: CompactTrees
    private let complete: CompactTrees?
    private let treeCount: Int
    /// Values that leaves point to; none where the leaves hold them.
    private let leafValue: SharedBuffer<Double>

    /// Lays out the trees; nil where they ask for categories or are too large for the nodes.
    init?(_ ensemble: TreeEnsemble) {
        guard let plain = CompactTrees(ensemble, missingLeft: false) else { return nil }
        self.plain = plain
        complete = ensemble.missingLeft.contains(true) ? CompactTrees(ensemble, missingLeft: true) : nil
        guard complete != nil || !ensemble.missingLeft.contains(true) else { return nil }
        (base, featureCount, outputCount) = (ensemble.base, ensemble.featureCount, ensemble.outputCount)
        treeCount = ensemble.treeCount
        leafValue = SharedBuffer(plain.isInline ? [] : ensemble.leafValue, padding: 0)
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
                forEachTree(of: plain, features, 0..<rows) { _, tree, rows, node in
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
        forEachTree(of: plain, features, 0..<rows) { index, tree, rows, node in
            for (i, row) in rows.enumerated() { values[row * treeCount + index] = value(tree.pointee.nodes[Int(node[i])].key) }
        }
        return values
    }

    /// The number of a tree, the tree, rows, and for each of these the node that is its leaf.
    private typealias Body = (Int, UnsafePointer<matsieve_forest_tree>, Range<Int>, UnsafePointer<UInt32>) -> Void

    /// Calls the body with each tree and block of rows, tree after tree for each block.
    private func forEachTree(of layout: CompactTrees, _ features: Span<Double>, _ rows: Range<Int>, _ body: Body) {
        let (width, group) = (layout.columns.width, Self.groupRows)
        var columns = layout.columns.layout
        let mostRows = group * max(1, min((rows.count + group - 1) / group, Self.blockBytes / (4 * width * group)))
        let keys = SharedBuffer<UInt32>(count: mostRows * width, repeating: 0)
        let scratch = SharedBuffer<UInt32>(count: mostRows * (Self.treesTogether + 2), repeating: 0)
        for first in stride(from: rows.lowerBound, to: rows.upperBound, by: mostRows) {
            let block = first..<min(first + mostRows, rows.upperBound)
            let isMissing = features.withUnsafeBufferPointer {
                matsieve_forest_keys(&columns, $0.baseAddress! + first * featureCount, block.count, featureCount, keys.pointer) != 0
            }
            if isMissing, let complete, complete !== layout {
                forEachTree(of: complete, features, block, body)
            } else {
                walk(layout, keys.pointer, block, scratch.pointer, body)
            }
        }
    }

    /// Takes the rows of a block, whose keys are given, through all trees.
    private func walk(
        _ layout: CompactTrees, _ keys: UnsafePointer<UInt32>, _ block: Range<Int>, _ scratch: UnsafeMutablePointer<UInt32>, _ body: Body
    ) {
        let (width, trees) = (layout.columns.width, layout.trees.pointer)
        let groups = (block.count + Self.groupRows - 1) / Self.groupRows
        let list = scratch + groups * Self.groupRows * Self.treesTogether
        for batch in stride(from: 0, to: treeCount, by: Self.treesTogether) {
            let count = min(Self.treesTogether, treeCount - batch)
            matsieve_forest_tops(trees + batch, count, keys, width, groups, scratch)
            for tree in batch..<batch + count {
                let node = scratch + (tree - batch) * groups * Self.groupRows
                let next = trees + (tree + 1 < treeCount ? tree + 1 : 0)
                matsieve_forest_leaves(trees + tree, keys, width, block.count, node, list, next)
                body(tree, trees + tree, block, node)
            }
        }
    }

    @inline(__always)
    private func value(_ leaf: UInt32) -> Double {
        plain.isInline ? Double(Float(bitPattern: leaf)) : leafValue.pointer[Int(leaf)]
    }

    private func add(
        _ tree: UnsafePointer<matsieve_forest_tree>, _ node: UnsafePointer<UInt32>, _ rows: Int, to sums: UnsafeMutablePointer<Double>,
        squares: UnsafeMutablePointer<Double>?
    ) {
        if plain.isInline { return matsieve_forest_sums(tree, node, rows, sums, squares) }
        let nodes = tree.pointee.nodes!
        for row in 0..<rows {
            let leaf = leafValue.pointer + Int(nodes[Int(node[row])].key)
            for output in 0..<outputCount { sums[row &* outputCount &+ output] += leaf[output] }
            if let squares { squares[row] += leaf[0] * leaf[0] }
        }
    }
}
