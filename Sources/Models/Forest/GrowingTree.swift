import MaterialsCore

/// Limits of the trees of a forest.
struct ForestRules: Sendable {
    /// Different rows that each leaf must have.
    var fewestRows: Int
    /// 0: no limit.
    var maxDepth: Int
    /// Features that a split looks at.
    var featuresPerSplit: Int
}

/// Rows that wait for a decision: the same range in every list.
struct PendingNode {
    var start: Int
    var count: Int
    var depth: Int
    /// Node that it hangs on, and which side; -1 for the root.
    var parent = -1
    var isLeft = true
}

/// One tree of a forest while it grows, root first.
struct GrowingTree {
    private(set) var tree = GrownTree()

    /// Adds a decision below its parent and returns its number.
    mutating func addNode(_ node: GrownTree.Node, at place: PendingNode) -> Int {
        tree.nodes.append(node)
        attach(Int32(tree.nodes.count - 1), at: place)
        return tree.nodes.count - 1
    }

    /// Adds a leaf below its parent.
    mutating func addLeaf(_ values: LeafValues, at place: PendingNode) {
        attach(~Int32(tree.leafCovers.count), at: place)
        tree.leafValues += values.values
        tree.leafCovers.append(values.weight)
    }

    private mutating func attach(_ child: Int32, at place: PendingNode) {
        guard place.parent >= 0 else { return }
        if place.isLeft { tree.nodes[place.parent].left = child } else { tree.nodes[place.parent].right = child }
    }
}

/// What a leaf answers: a mean, a share of class 1, or the shares of all classes, rounded to float32.
///
/// Rounded values fit into the eight bytes of a scorer's node; sums of them are exact far below the noise of any target.
struct LeafValues {
    private(set) var values: [Double]
    var weight: Double

    init(_ values: [Double], weight: Double) { (self.values, self.weight) = (values.map { Double(Float($0)) }, weight) }
}
