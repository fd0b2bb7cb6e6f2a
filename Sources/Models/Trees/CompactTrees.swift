import CKernels
import MaterialsCore

/// Trees of any size for the kernels of forests: a top that parts most rows by bit masks, and nodes of eight bytes below it.
///
/// Below the top a node's next one is a number of places on: children stand side by side, so one more where the row goes right.
/// A missing value has the largest key and goes right; for tables with missing values, nodes that send them left ask a copy of the
/// column whose keys are one larger, where they wrap to 0. Column 0 has key 0 in every row: a leaf compares it, stays where it is and has its key free for its value,
/// where one float32 says it all, or else for the place of its values.
final class CompactTrees: Sendable {
    let columns: KeyColumns
    let isInline: Bool
    /// As the kernels take them.
    let trees: SharedBuffer<matsieve_forest_tree>
    let nodes: SharedBuffer<matsieve_forest_node>
    private let top: SharedBuffer<matsieve_forest_top>
    private let start: SharedBuffer<UInt32>
    private static let topLeaves = Int(MATSIEVE_FOREST_TOP)

    /// Lays out the trees; nil where they ask for categories or are too large for the nodes.
    /// - Parameter missingLeft: whether missing values go left where nodes say so, at the cost of more columns; else all go right.
    init?(_ ensemble: TreeEnsemble, missingLeft: Bool) {
        guard !ensemble.hasCategories, ensemble.leafValue.count < Int(Int32.max) else { return nil }
        guard let columns = KeyColumns(ensemble, missingLeft: missingLeft) else { return nil }
        self.columns = columns
        isInline = ensemble.outputCount == 1 && ensemble.leafValue.allSatisfy { Double(Float($0)) == $0 }
        let count = ensemble.treeCount
        top = SharedBuffer(count: count * (Self.topLeaves - 1), repeating: matsieve_forest_top())
        start = SharedBuffer(count: count * Self.topLeaves, repeating: 0)
        nodes = SharedBuffer(count: ensemble.leafCover.count + ensemble.feature.count, repeating: matsieve_forest_node())
        trees = SharedBuffer(count: count, repeating: matsieve_forest_tree())
        for tree in 0..<count {
            var layout = TreeLayout(ensemble, tree: tree, columns: columns, isInline: isInline)
            layout.layTop(leaves: Self.topLeaves)
            guard layout.layBranches() else { return nil }
            let (top, start) = (top.pointer + tree * (Self.topLeaves - 1), start.pointer + tree * Self.topLeaves)
            let own = nodes.pointer + ensemble.nodeOffset[tree] + ensemble.leafOffset[tree]
            top.update(from: layout.top, count: layout.top.count)
            start.update(from: layout.start, count: layout.start.count)
            own.update(from: layout.nodes, count: layout.nodes.count)
            trees.pointer[tree] = matsieve_forest_tree(
                top: top, top_count: layout.top.count, start: start, nodes: own, node_count: layout.nodes.count)
        }
    }
}

/// Where the keys of the columns that some node asks for lie in a group of rows.
final class KeyColumns: Sendable {
    private static let chunk = 8
    private let starts: SharedBuffer<Int32>
    private let copied: SharedBuffer<Int32>
    private let places: [[UInt16]]
    /// Whether nodes that send missing values left have columns of their own.
    let hasCopies: Bool
    /// Columns of a group.
    let width: Int

    /// Nil where there are too many for the nodes.
    init?(_ ensemble: TreeEnsemble, missingLeft: Bool) {
        hasCopies = missingLeft
        var isAsked = [Bool](repeating: false, count: ensemble.featureCount)
        var isCopied = isAsked
        for n in ensemble.feature.indices {
            isAsked[Int(ensemble.feature[n])] = true
            if missingLeft && ensemble.missingLeft[n] { isCopied[Int(ensemble.feature[n])] = true }
        }
        var (starts, copied): ([Int32], [Int32]) = ([], [])
        var places = [[Int]](repeating: [Int](repeating: 0, count: ensemble.featureCount), count: 2)
        for first in stride(from: 0, to: ensemble.featureCount, by: Self.chunk) {
            let chunk = first..<min(first + Self.chunk, ensemble.featureCount)
            guard isAsked[chunk].contains(true) else { continue }
            let start = max(0, min(first, ensemble.featureCount - Self.chunk))
            for column in chunk { places[0][column] = 1 + starts.count * Self.chunk + column - start }
            starts.append(Int32(start))
        }
        let end = 1 + starts.count * Self.chunk
        for column in isCopied.indices where isCopied[column] {
            places[1][column] = end + copied.count
            copied.append(Int32(places[0][column]))
        }
        width = end + copied.count
        guard width <= Int(UInt16.max) else { return nil }
        self.places = places.map { $0.map { UInt16($0) } }
        self.starts = SharedBuffer(starts, padding: 0)
        self.copied = SharedBuffer(copied, padding: 0)
    }

    /// The column of a feature, or of its copy.
    func place(of feature: Int32, missingLeft: Bool) -> UInt16 { places[missingLeft ? 1 : 0][Int(feature)] }

    /// As the kernels take it.
    var layout: matsieve_forest_columns {
        matsieve_forest_columns(chunk: starts.pointer, chunk_count: starts.count, copied: copied.pointer, copied_count: copied.count)
    }
}

/// The layout of one tree.
private struct TreeLayout {
    private let ensemble: TreeEnsemble
    private let columns: KeyColumns
    private let isInline: Bool
    private let firstNode: Int
    private let firstLeaf: Int
    private let root: Int32
    private var isTop: [Bool]
    /// Leaves of the top from left to right: nodes or leaves of the tree.
    private var branches: [Int32] = []
    private(set) var top: [matsieve_forest_top] = []
    private(set) var start: [UInt32] = []
    private(set) var nodes: [matsieve_forest_node] = []

    init(_ ensemble: TreeEnsemble, tree: Int, columns: KeyColumns, isInline: Bool) {
        (self.ensemble, self.columns, self.isInline) = (ensemble, columns, isInline)
        (firstNode, firstLeaf) = (ensemble.nodeOffset[tree], ensemble.leafOffset[tree])
        let count = ensemble.nodeOffset[tree + 1] - firstNode
        root = count > 0 ? 0 : ~0
        isTop = [Bool](repeating: false, count: count)
    }

    /// Puts the nodes that most training rows came through at the top.
    mutating func layTop(leaves: Int) {
        let covers = covers
        var open = root >= 0 ? [root] : []
        for _ in 1..<leaves {
            guard let (place, node) = open.enumerated().max(by: { covers[Int($0.element)] < covers[Int($1.element)] }) else { break }
            isTop[Int(node)] = true
            open.remove(at: place)
            open += [ensemble.left[firstNode + Int(node)], ensemble.right[firstNode + Int(node)]].filter { $0 >= 0 }
        }
        layTop(root)
    }

    /// Training rows of each node, or its leaves where nobody counted.
    private var covers: [Double] {
        var covers = [Double](repeating: 0, count: isTop.count)
        for node in isTop.indices.reversed() {
            for child in [ensemble.left[firstNode + node], ensemble.right[firstNode + node]] {
                covers[node] += child >= 0 ? covers[Int(child)] : max(ensemble.leafCover[firstLeaf + Int(~child)], 0.1)
            }
        }
        return covers
    }

    private mutating func layTop(_ child: Int32) {
        guard child >= 0, isTop[Int(child)] else { return branches.append(child) }
        let n = firstNode + Int(child)
        let first = branches.count
        layTop(ensemble.left[n])
        let lost = (UInt32(1) << UInt32(branches.count) - 1) & ~(UInt32(1) << UInt32(first) - 1)
        let node = node(n, step: 0)
        top.append(matsieve_forest_top(column: UInt32(node.column), key: node.key, kept: ~lost))
        layTop(ensemble.right[n])
    }

    private func node(_ n: Int, step: UInt16) -> matsieve_forest_node {
        let missingLeft = columns.hasCopies && ensemble.missingLeft[n]
        return matsieve_forest_node(
            column: columns.place(of: ensemble.feature[n], missingLeft: missingLeft), step: step,
            key: ComparisonKey.key(finite: ensemble.threshold[n] + 0) + (missingLeft ? 1 : 0))
    }

    /// Lays out what hangs below the top, each branch level by level; false where a child is too far from its parent.
    mutating func layBranches() -> Bool {
        for branch in branches {
            start.append(UInt32(nodes.count))
            var waiting = [branch]
            var next = 0
            while next < waiting.count {
                let child = waiting[next]
                if child < 0 {
                    nodes.append(matsieve_forest_node(column: 0, step: 0, key: leafKey(firstLeaf + Int(~child))))
                } else {
                    guard let step = UInt16(exactly: waiting.count - next) else { return false }
                    nodes.append(node(firstNode + Int(child), step: step))
                    waiting.append(ensemble.left[firstNode + Int(child)])
                    waiting.append(ensemble.right[firstNode + Int(child)])
                }
                next += 1
            }
        }
        return true
    }

    private func leafKey(_ leaf: Int) -> UInt32 {
        let value = leaf * ensemble.outputCount
        return isInline ? Float(ensemble.leafValue[value]).bitPattern : UInt32(value)
    }
}
