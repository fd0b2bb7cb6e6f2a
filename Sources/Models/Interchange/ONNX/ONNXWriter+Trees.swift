import MaterialsCore

extension BoostedTreesModel: ONNXWritable {
    func write(to graph: inout ONNXGraphBuilder, classes: [String]) throws {
        let x = graph.finiteSingle("X", rounded: ensembles.contains { $0.hasCategories })
        let scores = graph.trees(ensembles, x)
        if task == .regression {
            graph.finishRegression(scores)
        } else if ensembles.count == 1 {
            graph.finishTwoClasses(graph.add("Sigmoid", [scores]), classes: classes)
        } else {
            graph.finishClasses(graph.add("Softmax", [scores], [("axis", .integer(1))]), classes: classes, count: ensembles.count)
        }
    }
}

extension ONNXGraphBuilder {
    /// Values that are not finite as float32 become missing; `rounded` where categories are asked for, which must be whole as float32.
    mutating func finiteSingle(_ x: String, rounded: Bool) -> String {
        // From here on rounding to float32 gives infinity.
        let limit = constant([0x1p128 - 0x1p103], shape: [1, 1])
        let missing = constant([.nan], shape: [1, 1])
        let finite = add("Where", [add("Less", [add("Abs", [x]), limit]), x, missing])
        guard rounded else { return finite }
        let single = add("Cast", [finite], [("to", .integer(1))])
        return add("Cast", [single], [("to", .integer(11))])
    }

    /// Sums of ensembles, one a column.
    mutating func trees(_ ensembles: [TreeEnsemble], _ x: String) -> String {
        var lists = TreeLists()
        for ensemble in ensembles { lists.append(ensemble) }
        return add("TreeEnsemble", [x], domain: "ai.onnx.ml", lists.attributes)
    }
}

/// Trees as the lists of ai.onnx.ml's `TreeEnsemble`.
struct TreeLists {
    private var outputs = 0
    private var roots: [Int] = []
    private var features: [Int] = []
    private var splits: [Double] = []
    private var modes: [UInt8] = []
    private var missingTrue: [Int] = []
    private var children: (yes: [Int], no: [Int]) = ([], [])
    private var isLeaf: (yes: [Int], no: [Int]) = ([], [])
    private var leafOutputs: [Int] = []
    private var leafValues: [Double] = []
    private var members: [Double] = []

    /// Adds an ensemble: `outputCount` outputs behind those there are. A leaf of the format has one value, so trees of
    /// several outputs stand once for each.
    mutating func append(_ ensemble: TreeEnsemble) {
        for output in 0..<ensemble.outputCount {
            // The start of our sums, as a tree of its own: so the order of additions is ours.
            if ensemble.base != 0 { appendConstant(ensemble.base) }
            for tree in 0..<ensemble.treeCount { append(ensemble, tree: tree, output: output) }
            if ensemble.treeCount == 0, ensemble.base == 0 { appendConstant(0) }
            outputs += 1
        }
    }

    private mutating func appendLeaf(_ value: Double) {
        leafOutputs.append(outputs)
        leafValues.append(value)
    }

    /// The format has no tree without a node.
    private mutating func appendConstant(_ value: Double) {
        roots.append(features.count)
        appendNode(feature: 0, split: 0, mode: 0, missingTrue: false)
        appendLeaf(value)
        appendLeaf(value)
        setChildren(features.count - 1, yes: ~(leafValues.count - 2), no: ~(leafValues.count - 1))
    }

    private mutating func append(_ ensemble: TreeEnsemble, tree: Int, output: Int) {
        let nodes = ensemble.nodeOffset[tree]..<ensemble.nodeOffset[tree + 1]
        let leaves = ensemble.leafOffset[tree]..<ensemble.leafOffset[tree + 1]
        let values = leaves.map { ensemble.leafValue[$0 * ensemble.outputCount + output] }
        guard !nodes.isEmpty else { return appendConstant(values[0]) }
        let (firstNode, firstLeaf) = (features.count, leafValues.count)
        roots.append(firstNode)
        for value in values { appendLeaf(value) }
        for n in nodes {
            let set = Int(ensemble.categorySet[n])
            appendNode(
                feature: Int(ensemble.feature[n]), split: set < 0 ? Self.largestDouble(roundingTo: ensemble.threshold[n]) : 0,
                mode: set < 0 ? 0 : 6, missingTrue: set < 0 && ensemble.missingLeft[n])
            if set >= 0 { appendMembers(ensemble, set) }
        }
        for n in nodes {
            func place(_ child: Int32) -> Int { child < 0 ? ~(firstLeaf + Int(~child)) : firstNode + Int(child) }
            setChildren(firstNode + n - nodes.lowerBound, yes: place(ensemble.left[n]), no: place(ensemble.right[n]))
        }
    }

    private mutating func appendNode(feature: Int, split: Double, mode: UInt8, missingTrue: Bool) {
        features.append(feature)
        splits.append(split)
        modes.append(mode)
        self.missingTrue.append(missingTrue ? 1 : 0)
        for list in [\TreeLists.children, \TreeLists.isLeaf] {
            self[keyPath: list].yes.append(0)
            self[keyPath: list].no.append(0)
        }
    }

    /// A child < 0 is leaf `~child`.
    private mutating func setChildren(_ node: Int, yes: Int, no: Int) {
        (children.yes[node], isLeaf.yes[node]) = yes < 0 ? (~yes, 1) : (yes, 0)
        (children.no[node], isLeaf.no[node]) = no < 0 ? (~no, 1) : (no, 0)
    }

    /// The categories that go left, ended by NaN.
    private mutating func appendMembers(_ ensemble: TreeEnsemble, _ set: Int) {
        let words = ensemble.setOffset[set]..<ensemble.setOffset[set + 1]
        for (i, word) in ensemble.setWords[words].enumerated() {
            for bit in 0..<64 where word >> UInt64(bit) & 1 == 1 { members.append(Double(i * 64 + bit)) }
        }
        members.append(.nan)
    }

    /// The largest double that rounds to at most a float32: so doubles are sent where their float32 would be.
    static func largestDouble(roundingTo threshold: Float) -> Double {
        let next = threshold.nextUp
        let middle = next.isFinite ? (Double(threshold) + Double(next)) / 2 : 0x1p128 - 0x1p103
        // The middle itself rounds to the even one.
        return threshold.bitPattern & 1 == 0 ? middle : middle.nextDown
    }

    var attributes: [(String, ONNXGraphBuilder.Attribute)] {
        [
            ("n_targets", .integer(outputs)), ("aggregate_function", .integer(1)), ("post_transform", .integer(0)),
            ("tree_roots", .integers(roots)), ("nodes_featureids", .integers(features)), ("nodes_splits", .doubles(splits)),
            ("nodes_modes", .smallNumbers(modes)), ("nodes_truenodeids", .integers(children.yes)),
            ("nodes_falsenodeids", .integers(children.no)), ("nodes_trueleafs", .integers(isLeaf.yes)),
            ("nodes_falseleafs", .integers(isLeaf.no)), ("nodes_missing_value_tracks_true", .integers(missingTrue)),
            ("leaf_targetids", .integers(leafOutputs)), ("leaf_weights", .doubles(leafValues)),
        ] + (members.isEmpty ? [] : [("membership_values", .doubles(members))])
    }
}
