import MaterialsCore

/// Trees in flat arrays; the prediction is `base` plus the leaf values in tree order, for each output.
///
/// Node and leaf numbers count within a tree. A child ≥ 0 is a node, always behind its parent; a child < 0 is leaf `~child`.
/// Features are compared as float32. Values that are not finite as float32 are missing.
struct TreeEnsemble: Equatable, Sendable {
    /// Start of every sum.
    var base = 0.0
    /// Columns of the feature matrix.
    var featureCount: Int
    /// Values of a leaf; more than one where leaves hold a distribution.
    var outputCount = 1
    /// Nodes of tree t: `nodeOffset[t]..<nodeOffset[t + 1]`.
    var nodeOffset: [Int] = [0]
    /// Leaves of tree t: `leafOffset[t]..<leafOffset[t + 1]`.
    var leafOffset: [Int] = [0]
    var feature: [Int32] = []
    /// Goes left where the value is at most this.
    var threshold: [Float] = []
    var left: [Int32] = []
    var right: [Int32] = []
    var missingLeft: [Bool] = []
    /// Set of categories that go left, all others go right; -1 for a node that compares numbers.
    var categorySet: [Int32] = []
    /// Leaves × outputs.
    var leafValue: [Double] = []
    /// Training rows (or their weight) that fell into each leaf; 0 where nobody counted.
    var leafCover: [Double] = []
    /// Words of set s: `setOffset[s]..<setOffset[s + 1]`; bit c of the words is category c.
    var setOffset: [Int] = [0]
    var setWords: [UInt64] = []

    init(featureCount: Int, outputCount: Int = 1) { (self.featureCount, self.outputCount) = (featureCount, outputCount) }

    var treeCount: Int { nodeOffset.count - 1 }
    var hasCategories: Bool { setOffset.count > 1 }
    var largestLeafCount: Int { (0..<treeCount).map { leafOffset[$0 + 1] - leafOffset[$0] }.max() ?? 0 }

    /// Only the first trees.
    mutating func truncate(to trees: Int) {
        guard trees < treeCount else { return }
        let (nodes, leaves) = (nodeOffset[trees], leafOffset[trees])
        nodeOffset.removeSubrange((trees + 1)...)
        leafOffset.removeSubrange((trees + 1)...)
        feature.removeSubrange(nodes...)
        threshold.removeSubrange(nodes...)
        left.removeSubrange(nodes...)
        right.removeSubrange(nodes...)
        missingLeft.removeSubrange(nodes...)
        categorySet.removeSubrange(nodes...)
        leafValue.removeSubrange((leaves * outputCount)...)
        leafCover.removeSubrange(leaves...)
        let sets = (categorySet.max() ?? -1) + 1
        setOffset.removeSubrange((Int(sets) + 1)...)
        setWords.removeSubrange(setOffset.last!...)
    }

    /// Sum of one row and output, tree by tree: the meaning that faster scorers must match bit for bit.
    func sum(_ row: Span<Double>, output: Int = 0) -> Double {
        var sum = base
        for tree in 0..<treeCount { sum += leafValue[(leafOffset[tree] + leaf(of: row, tree: tree)) * outputCount + output] }
        return sum
    }

    /// Leaf of one row in one tree.
    func leaf(of row: Span<Double>, tree: Int) -> Int {
        let first = nodeOffset[tree]
        guard nodeOffset[tree + 1] > first else { return 0 }
        var node: Int32 = 0
        repeat {
            let n = first + Int(node)
            node = goesLeft(row[Int(feature[n])], node: n) ? left[n] : right[n]
        } while node >= 0
        return Int(~node)
    }

    @inline(__always)
    func goesLeft(_ value: Double, node: Int) -> Bool {
        let x = Float(value)
        if categorySet[node] >= 0 { return isMember(x, of: Int(categorySet[node])) }
        return x.isFinite ? x <= threshold[node] : missingLeft[node]
    }

    /// Whether a category goes left: only whole numbers in the set do.
    func isMember(_ code: Float, of set: Int) -> Bool {
        let words = setOffset[set + 1] - setOffset[set]
        guard code >= 0, code < Float(words * 64), code == code.rounded(.towardZero) else { return false }
        let c = Int(code)
        return setWords[setOffset[set] + c >> 6] >> UInt64(c & 63) & 1 == 1
    }
}

/// One tree while it grows.
struct GrownTree {
    /// A decision, in bins of the training matrix and in values.
    struct Node {
        var feature: Int32
        /// Column of the binned matrix.
        var binnedColumn: Int32
        var bins: BinSet
        var threshold: Float
        var missingLeft: Bool
        /// Categories that go left; empty for numbers.
        var categories: [Int32]
        var left: Int32
        var right: Int32
    }
    var nodes: [Node] = []
    /// Leaves × outputs.
    var leafValues: [Double] = []
    /// Rows or weight of each leaf; empty where nobody counted.
    var leafCovers: [Double] = []
}

extension TreeEnsemble {
    /// Adds a tree behind the others.
    mutating func append(_ tree: GrownTree) {
        for node in tree.nodes {
            feature.append(node.feature)
            threshold.append(node.threshold)
            left.append(node.left)
            right.append(node.right)
            missingLeft.append(node.missingLeft)
            categorySet.append(node.categories.isEmpty ? -1 : appendSet(node.categories))
        }
        leafValue += tree.leafValues
        let leaves = tree.leafValues.count / outputCount
        leafCover += tree.leafCovers.isEmpty ? [Double](repeating: 0, count: leaves) : tree.leafCovers
        nodeOffset.append(feature.count)
        leafOffset.append(leafCover.count)
    }

    private mutating func appendSet(_ categories: [Int32]) -> Int32 {
        var words = [UInt64](repeating: 0, count: Int(categories.max()!) / 64 + 1)
        for c in categories { words[Int(c) >> 6] |= 1 << UInt64(c & 63) }
        setWords += words
        setOffset.append(setWords.count)
        return Int32(setOffset.count - 2)
    }
}
