import MaterialsCore

/// A tree ensemble as the attributes of an ONNX operator list it.
struct ListedEnsemble {
    private enum Mode { case leaf, atMost, less, atLeast, greater, equal, different, member }

    /// A node before its threshold is fitted to an arithmetic.
    private struct Node {
        var mode: Mode
        var feature: Int
        var threshold: Double
        var missingTrue: Bool
        var whenTrue: Int
        var whenFalse: Int
        var values: [Double] = []
        var categories: [UInt64] = []
    }

    /// Nodes of each tree and its root, in the order of the trees.
    private var listed: [(nodes: [Node], root: Int)] = []
    private let outputs: Int
    private var base: [Double] = []
    private var isAverage = false
    private let fileName: String
    /// Outputs that any leaf adds to.
    private(set) var usedOutputs: Set<Int> = []
    /// No leaf is negative.
    private(set) var allPositive = true
    /// True where thresholds are doubles.
    let isDouble: Bool

    /// Versions 1 and 3: lists of nodes with the numbers of their trees.
    init(_ c: OperatorContext, leaves: String, outputs: Int) throws {
        (self.outputs, fileName) = (outputs, c.fileName)
        isDouble = c.tensor("nodes_values_as_tensor")?.kind == .double
        guard outputs > 0, outputs <= 1 << 16 else { throw GraphError("\(outputs) outputs") }
        let treeIDs = c.integers("nodes_treeids") ?? []
        let nodeIDs = c.integers("nodes_nodeids") ?? []
        let features = c.integers("nodes_featureids") ?? []
        let (yes, no) = (c.integers("nodes_truenodeids") ?? [], c.integers("nodes_falsenodeids") ?? [])
        let (modes, thresholds) = (c.texts("nodes_modes"), c.wideNumbers("nodes_values"))
        let missing = c.integers("nodes_missing_value_tracks_true") ?? []
        let count = treeIDs.count
        guard count > 0, [nodeIDs.count, features.count, yes.count, no.count, modes.count, thresholds.count].allSatisfy({ $0 == count }),
            missing.isEmpty || missing.count == count
        else { throw GraphError("lists of nodes of different lengths") }
        // Trees in the order in which they first appear; nodes by number within.
        var place: [Place: (tree: Int, node: Int)] = [:]
        var treeNumber: [Int: Int] = [:]
        for i in 0..<count {
            let tree = treeNumber[treeIDs[i]] ?? listed.count
            if tree == listed.count {
                treeNumber[treeIDs[i]] = tree
                listed.append(([], 0))
            }
            place[Place(treeIDs[i], nodeIDs[i])] = (tree, listed[tree].nodes.count)
            listed[tree].nodes.append(
                Node(
                    mode: try Self.mode(modes[i]), feature: features[i], threshold: thresholds[i],
                    missingTrue: !missing.isEmpty && missing[i] != 0,
                    whenTrue: yes[i], whenFalse: no[i]))
        }
        for i in 0..<count {
            let (tree, node) = place[Place(treeIDs[i], nodeIDs[i])]!
            guard listed[tree].nodes[node].mode != .leaf else { continue }
            guard let a = place[Place(treeIDs[i], yes[i])], let b = place[Place(treeIDs[i], no[i])] else {
                throw GraphError("a node without children")
            }
            (listed[tree].nodes[node].whenTrue, listed[tree].nodes[node].whenFalse) = (a.node, b.node)
        }
        try addLeaves(c, leaves, place)
        try setBase(c.wideNumbers("base_values"))
        try setAggregation(c.text("aggregate_function", "SUM"))
    }

    /// Number of a tree and of a node in it.
    private struct Place: Hashable {
        let tree: Int
        let node: Int
        init(_ tree: Int, _ node: Int) { (self.tree, self.node) = (tree, node) }
    }

    private mutating func addLeaves(_ c: OperatorContext, _ leaves: String, _ place: [Place: (tree: Int, node: Int)]) throws {
        let (trees, nodes, ids) = (
            c.integers("\(leaves)_treeids") ?? [], c.integers("\(leaves)_nodeids") ?? [], c.integers("\(leaves)_ids") ?? []
        )
        let weights = c.wideNumbers("\(leaves)_weights")
        guard [nodes.count, ids.count, weights.count].allSatisfy({ $0 == trees.count }) else {
            throw GraphError("lists of leaves of different lengths")
        }
        guard trees.count < 1 << 26 / outputs else { throw GraphError("\(trees.count) leaves of \(outputs) values") }
        for i in trees.indices {
            guard let (tree, node) = place[Place(trees[i], nodes[i])], listed[tree].nodes[node].mode == .leaf, ids[i] >= 0, ids[i] < outputs
            else {
                throw GraphError("a leaf that is none")
            }
            if listed[tree].nodes[node].values.isEmpty { listed[tree].nodes[node].values = [Double](repeating: 0, count: outputs) }
            listed[tree].nodes[node].values[ids[i]] += weights[i]
            usedOutputs.insert(ids[i])
            if weights[i] < 0 { allPositive = false }
        }
    }

    private mutating func setBase(_ values: [Double]) throws {
        guard values.isEmpty || values.count == 1 || values.count == outputs else { throw GraphError("\(values.count) base values") }
        base = [Double](repeating: 0, count: outputs)
        if values.count == outputs { base = values }
        // One value for two classes belongs to the only score.
        if values.count == 1 { for k in base.indices where outputs == 1 || usedOutputs.contains(k) { base[k] = values[0] } }
    }

    private mutating func setAggregation(_ name: String) throws {
        guard name == "SUM" || name == "AVERAGE" else { throw GraphError("aggregate_function \(name)") }
        isAverage = name == "AVERAGE"
    }

    private static func mode(_ name: String) throws -> Mode {
        switch name {
        case "LEAF": return .leaf
        case "BRANCH_LEQ": return .atMost
        case "BRANCH_LT": return .less
        case "BRANCH_GTE": return .atLeast
        case "BRANCH_GT": return .greater
        case "BRANCH_EQ": return .equal
        case "BRANCH_NEQ": return .different
        default: throw GraphError("nodes of mode \(name)")
        }
    }

    /// Version 5: interior nodes and leaves listed apart, roots by number.
    init(fifth c: OperatorContext) throws {
        (outputs, fileName) = (c.integer("n_targets", 1), c.fileName)
        let splits = c.tensor("nodes_splits")
        isDouble = splits?.kind == .double
        guard outputs > 0, outputs <= 1 << 16, let splits, splits.kind != .text, let modes = c.tensor("nodes_modes")?.values,
            let weights = c.tensor("leaf_weights")?.values
        else { throw GraphError("missing lists of nodes") }
        let features = c.integers("nodes_featureids") ?? []
        let (yes, no) = (c.integers("nodes_truenodeids") ?? [], c.integers("nodes_falsenodeids") ?? [])
        let (yesLeaf, noLeaf) = (c.integers("nodes_trueleafs") ?? [], c.integers("nodes_falseleafs") ?? [])
        let missing = c.integers("nodes_missing_value_tracks_true") ?? []
        let ids = c.integers("leaf_targetids") ?? []
        let count = features.count
        guard [yes.count, no.count, yesLeaf.count, noLeaf.count, modes.count, splits.count].allSatisfy({ $0 == count }),
            missing.isEmpty || missing.count == count, ids.count == weights.count, ids.allSatisfy({ $0 >= 0 && $0 < outputs }),
            ids.count < 1 << 26 / outputs
        else { throw GraphError("lists of nodes of different lengths") }
        let order: [Mode] = [.atMost, .less, .atLeast, .greater, .equal, .different, .member]
        var sets = (c.tensor("membership_values")?.values ?? []).split(omittingEmptySubsequences: false, whereSeparator: \.isNaN)[...]
        var all: [Node] = []
        for i in 0..<count {
            guard let mode = Int(exactly: modes[i]), order.indices.contains(mode) else { throw GraphError("nodes of mode \(modes[i])") }
            // Leaves follow the interior nodes.
            let children = try [(yes[i], yesLeaf[i]), (no[i], noLeaf[i])].map { number, isLeaf in
                guard number >= 0, number < (isLeaf != 0 ? ids.count : count) else { throw GraphError("a node without children") }
                return isLeaf != 0 ? count + number : number
            }
            all.append(
                Node(
                    mode: order[mode], feature: features[i], threshold: splits.values[i], missingTrue: !missing.isEmpty && missing[i] != 0,
                    whenTrue: children[0], whenFalse: children[1]))
            if order[mode] == .member { all[i].categories = try Self.words(sets.popFirst()) }
        }
        for i in ids.indices {
            var leaf = Node(mode: .leaf, feature: 0, threshold: 0, missingTrue: false, whenTrue: 0, whenFalse: 0)
            leaf.values = [Double](repeating: 0, count: outputs)
            leaf.values[ids[i]] = weights[i]
            all.append(leaf)
            usedOutputs.insert(ids[i])
            if weights[i] < 0 { allPositive = false }
        }
        for root in c.integers("tree_roots") ?? [] {
            guard root >= 0, root < count else { throw GraphError("a root that is none") }
            listed.append(Self.subtree(all, root))
        }
        try setBase([])
        let aggregation = c.integer("aggregate_function", 1)
        guard aggregation == 0 || aggregation == 1 else { throw GraphError("aggregate_function \(aggregation)") }
        isAverage = aggregation == 0
    }

    /// A set of categories as bits.
    private static func words(_ members: ArraySlice<Double>?) throws -> [UInt64] {
        guard let members, members.allSatisfy({ $0 >= 0 && $0 < 0x1p24 && $0 == $0.rounded() }) else {
            throw GraphError("members that are no categories")
        }
        var words = [UInt64](repeating: 0, count: Int(members.max() ?? 0) / 64 + 1)
        for c in members { words[Int(c) / 64] |= 1 << UInt64(Int(c) % 64) }
        return words
    }

    /// The nodes below a root, numbered anew.
    private static func subtree(_ all: [Node], _ root: Int) -> (nodes: [Node], root: Int) {
        var number = [root: 0]
        var nodes = [all[root]]
        var i = 0
        while i < nodes.count {
            if nodes[i].mode != .leaf {
                for path in [\Node.whenTrue, \Node.whenFalse] {
                    let child = nodes[i][keyPath: path]
                    if number[child] == nil {
                        number[child] = nodes.count
                        nodes.append(all[child])
                    }
                    nodes[i][keyPath: path] = number[child]!
                }
            }
            i += 1
        }
        return (nodes, 0)
    }

    /// The trees for an arithmetic.
    func trees(_ arithmetic: ImportedTrees.Arithmetic) throws -> ImportedTrees {
        let features = listed.lazy.flatMap(\.nodes).filter { $0.mode != .leaf }.map(\.feature).max() ?? 0
        guard features >= 0, features < 1 << 24 else { throw GraphError("feature \(features)") }
        var result = ImportedTrees(arithmetic: arithmetic, featureCount: features + 1, outputCount: outputs)
        let sole = listed.map { tree in Self.soleOutput(tree.nodes) }
        result.leafWidth = sole.contains(nil) ? outputs : 1
        result.finish = base.map { result.rounded($0) }
        result.divisor = isAverage ? Double(max(listed.count, 1)) : 1
        for (t, tree) in listed.enumerated() {
            let output = result.leafWidth == 1 ? sole[t]! : 0
            let nodes = tree.nodes.map { node($0, arithmetic, output: result.leafWidth == 1 ? output : nil) }
            try result.append(nodes, root: tree.root, output: output, subject: fileName)
        }
        try result.validate(fileName)
        return result
    }

    /// The only output that the leaves of a tree add to; nil where there are several.
    private static func soleOutput(_ nodes: [Node]) -> Int? {
        var used: Int?
        for node in nodes where node.mode == .leaf {
            for (k, value) in node.values.enumerated() where value != 0 {
                if let used, used != k { return nil }
                used = k
            }
        }
        return used ?? 0
    }

    private func node(_ node: Node, _ arithmetic: ImportedTrees.Arithmetic, output: Int?) -> ListedNode {
        var result = ListedNode()
        func rounded(_ x: Double) -> Double { arithmetic == .single ? Double(Float(x)) : x }
        if node.mode == .leaf {
            let values = node.values.isEmpty ? [Double](repeating: 0, count: outputs) : node.values
            result.values = (output.map { [values[$0]] } ?? values).map(rounded)
            return result
        }
        let swaps = [.atLeast, .greater, .different].contains(node.mode)
        result.feature = node.feature
        (result.left, result.right) = swaps ? (node.whenFalse, node.whenTrue) : (node.whenTrue, node.whenFalse)
        result.threshold = rounded(node.threshold)
        if node.mode == .less || node.mode == .atLeast {
            result.threshold = arithmetic == .single ? Double(Float(node.threshold).nextDown) : node.threshold.nextDown
        }
        if node.mode == .member {
            result.categories = node.categories
            result.rule = NodeRule(.wholeMember, missing: .nan, missingLeft: node.missingTrue)
            return result
        }
        let question: NodeRule.Question = node.mode == .equal || node.mode == .different ? .equal : .atMost
        // A comparison with NaN is false, unless missing values are told to go with the true ones; NaN differs from all.
        let goesTrue = node.missingTrue || node.mode == .different
        result.rule = NodeRule(question, missing: .nan, missingLeft: goesTrue != swaps)
        return result
    }
}
