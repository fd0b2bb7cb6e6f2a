import MaterialsCore

/// Trees of any size and rule: walks node by node over blocks of rows; gives the bits of `ImportedTrees.scores`.
final class ImportedTreesWalk: Sendable {
    private struct Node: BitwiseCopyable {
        var threshold: Double
        var feature: Int32
        var left: Int32
        var right: Int32
        var categorySet: Int32
        var rule: NodeRule
    }

    private static let blockRows = 64
    private let trees: ImportedTrees
    private let nodes: SharedBuffer<Node>

    init(_ trees: ImportedTrees) {
        self.trees = trees
        let nothing = Node(
            threshold: 0, feature: 0, left: ~0, right: ~0, categorySet: -1, rule: NodeRule(.atMost, missing: .nan, missingLeft: false))
        let all = trees.feature.indices.map { n in
            Node(
                threshold: trees.threshold[n], feature: trees.feature[n], left: trees.left[n], right: trees.right[n],
                categorySet: trees.categorySet[n], rule: trees.rule[n])
        }
        nodes = SharedBuffer(all, padding: nothing)
    }

    /// Unfinished scores of row-major features of `columns` each: `outputCount` a row.
    func sums(_ features: Span<Double>, columns: Int, into scores: inout MutableSpan<Double>) {
        let outputs = trees.outputCount
        let rows = scores.count / outputs
        precondition(columns >= trees.featureCount && features.count == rows * columns)
        let block = SharedBuffer<Double>(count: Self.blockRows * columns, repeating: 0)
        for first in stride(from: 0, to: rows, by: Self.blockRows) {
            let count = min(Self.blockRows, rows - first)
            for i in 0..<count * columns { block.pointer[i] = trees.compared(features[first * columns + i]) }
            for i in 0..<count * outputs { scores[first * outputs + i] = trees.start[i % outputs] }
            for tree in 0..<trees.treeCount { add(tree, block.pointer, columns, first: first, count: count, &scores) }
        }
    }

    private func add(
        _ tree: Int, _ block: UnsafePointer<Double>, _ columns: Int, first: Int, count: Int, _ scores: inout MutableSpan<Double>
    ) {
        let (outputs, width) = (trees.outputCount, trees.leafWidth)
        let firstOutput = width == 1 ? Int(trees.treeOutput[tree]) : 0
        for row in 0..<count {
            let value = (trees.leafOffset[tree] + leaf(block + row * columns, tree: tree)) * width
            let score = (first + row) * outputs + firstOutput
            for k in 0..<width { scores[score + k] = trees.rounded(scores[score + k] + trees.leafValue[value + k]) }
        }
    }

    private func leaf(_ row: UnsafePointer<Double>, tree: Int) -> Int {
        let first = trees.nodeOffset[tree]
        guard trees.nodeOffset[tree + 1] > first else { return 0 }
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
    private func goesLeft(_ value: Double, _ node: Node) -> Bool {
        let rule = node.rule.rawValue
        if rule & 1 != 0 {
            return value.isNaN ? rule & 4 != 0 : trees.isMember(value, of: Int(node.categorySet), whole: rule & 2 != 0)
        }
        let missing = rule >> 3
        let x = value.isNaN && missing != NodeRule.Missing.nan.rawValue ? 0 : value
        if missing == NodeRule.Missing.zero.rawValue && x == 0 || x.isNaN { return rule & 4 != 0 }
        return rule & 3 == 0 ? x <= node.threshold : x == node.threshold
    }
}
