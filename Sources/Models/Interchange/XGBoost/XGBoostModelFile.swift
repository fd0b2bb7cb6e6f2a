import MaterialsCore

/// A model of XGBoost in JSON or UBJSON.
///
/// - Source: the schema of XGBoost 1.6 to 3.2: `learner` with `learner_model_param`, `objective` and `gradient_booster`.
struct XGBoostModelFile {
    private let root: DocumentPlace
    private let format: String
    private let fileName: String

    init(_ document: StructuredDocument, format: String, fileName: String) {
        root = DocumentPlace(document: document, path: "", fileName: fileName)
        (self.format, self.fileName) = (format, fileName)
    }

    /// The model that the file holds.
    func model() throws -> ForeignModel {
        guard let learner = root.member("learner") else {
            throw MatSieveError.input(
                "\(fileName): no 'learner' in it; only models that XGBoost wrote are read from \(format.dropFirst(8))")
        }
        let shape = try learner.required("learner_model_param")
        let columns = try shape.required("num_feature").integer()
        let classes = try shape.member("num_class")?.integer() ?? 0
        let targets = try shape.member("num_target")?.integer() ?? 1
        guard columns > 0, columns <= 1 << 24, (0...65_536).contains(classes) else {
            throw shape.damaged("has a bad count of features or classes")
        }
        guard targets <= 1 else { throw MatSieveError.input("\(fileName): predicts \(targets) targets; train one model a target") }
        let objective = try XGBoostObjective(try learner.required("objective"), classes: classes)
        let scores = max(classes, 1)
        var trees = ImportedTrees(arithmetic: .single, featureCount: columns, outputCount: scores)
        trees.start = try start(shape.required("base_score"), objective, scores: scores)
        let (booster, notes) = try appendTrees(of: learner, to: &trees)
        let model = try ImportedTreesModel(
            trees: trees, task: objective.task, classCount: objective.classCount, transform: objective.transform, format: format)
        return ForeignModel(
            model: model, featureNames: try names(learner, columns), featureCount: columns, task: objective.task,
            classes: (0..<objective.classCount).map { "\($0)" }, format: format,
            notes: ["objective \(objective.name), booster \(booster)"] + notes)
    }

    private func names(_ learner: DocumentPlace, _ columns: Int) throws -> [String] {
        let names = try learner.member("feature_names")?.elements().map { try $0.text() } ?? []
        return names.count == columns ? names : ForeignModel.numberedNames(columns)
    }

    /// `base_score` is text: a number, or since version 3.1 a list of one or one a score; in the scale of the output.
    private func start(_ place: DocumentPlace, _ objective: XGBoostObjective, scores: Int) throws -> [Double] {
        let words = try place.text().split { "[], ".contains($0) }
        let numbers = words.compactMap { Float($0) }
        guard numbers.count == words.count, numbers.count == 1 || numbers.count == scores else {
            throw place.damaged("is not one number a score")
        }
        let margins = try numbers.map { number in
            let margin = objective.margin(number)
            guard margin.isFinite else { throw place.damaged("lies outside what \(objective.name) can give") }
            return Double(margin)
        }
        return margins.count == scores ? margins : [Double](repeating: margins[0], count: scores)
    }

    private func appendTrees(of learner: DocumentPlace, to trees: inout ImportedTrees) throws -> (booster: String, notes: [String]) {
        var booster = try learner.required("gradient_booster")
        let name = try booster.required("name").text()
        guard name == "gbtree" || name == "dart" else {
            throw MatSieveError.input("\(fileName): booster '\(name)' of XGBoost is not supported; train with gbtree or dart")
        }
        var weights: [Double]?
        if name == "dart" {
            weights = try booster.required("weight_drop").numbers()
            booster = try booster.required("gbtree")
        }
        let model = try booster.required("model")
        let listed = try model.required("trees").elements()
        let outputs = try model.required("tree_info").integers(count: listed.count)
        guard weights == nil || weights?.count == listed.count else { throw booster.damaged("has not one weight a tree") }
        let used = try rounds(learner, model, trees: listed.count)
        for t in 0..<used {
            guard outputs[t] >= 0, outputs[t] < trees.outputCount else { throw model.damaged("has a tree for no class") }
            try trees.appendXGBoost(listed[t], output: outputs[t], weight: Float(weights?[t] ?? 1))
        }
        return (name, used < listed.count ? ["the first \(used) of \(listed.count) trees, up to the best iteration"] : [])
    }

    /// Trees up to the best iteration, as XGBoost's own `predict` of a model with early stopping uses.
    private func rounds(_ learner: DocumentPlace, _ model: DocumentPlace, trees: Int) throws -> Int {
        guard let best = try learner.member("attributes")?.member("best_iteration")?.integer() else { return trees }
        let bounds = try model.member("iteration_indptr")?.integers() ?? []
        guard best >= 0, best < bounds.count - 1, (0...trees).contains(bounds[best + 1]) else { return trees }
        return bounds[best + 1]
    }
}

extension ImportedTrees {
    /// Adds a tree of an XGBoost file: `x < t` goes left, compared as float32.
    mutating func appendXGBoost(_ tree: DocumentPlace, output: Int, weight: Float) throws {
        let left = try tree.required("left_children").integers()
        let count = left.count
        if let width = try tree.member("tree_param")?.member("size_leaf_vector")?.integer(), width > 1 {
            throw MatSieveError.input("\(tree.fileName): trees with several values a leaf (multi_output_tree) are not supported")
        }
        let right = try tree.required("right_children").integers(count: count)
        let features = try tree.required("split_indices").integers(count: count)
        let conditions = try tree.required("split_conditions").numbers(count: count)
        let defaults = try tree.required("default_left").numbers(count: count)
        let types = try tree.member("split_type")?.numbers() ?? []
        let sets = try XGBoostCategories(tree)
        var nodes = [ListedNode](repeating: ListedNode(), count: count)
        for n in 0..<count {
            if left[n] == -1 {
                nodes[n].values = [Double(Float(conditions[n]) * weight)]
                continue
            }
            (nodes[n].left, nodes[n].right, nodes[n].feature) = (left[n], right[n], features[n])
            let missingLeft = defaults[n] != 0
            if n < types.count, types[n] == 1 {
                // Categories of a set go right there, left here.
                nodes[n].categories = try sets.words(of: n)
                nodes[n].rule = NodeRule(.member, missing: .nan, missingLeft: !missingLeft)
                (nodes[n].left, nodes[n].right) = (right[n], left[n])
            } else {
                nodes[n].threshold = Double(Float(conditions[n]).nextDown)
                nodes[n].rule = NodeRule(.atMost, missing: .nan, missingLeft: missingLeft)
            }
        }
        try append(nodes, root: 0, output: output, subject: tree.fileName)
    }
}

/// Sets of categories of a tree.
private struct XGBoostCategories {
    private let tree: DocumentPlace
    private let categories: [Int]
    /// Segment of a node: where its categories start and how many there are.
    private var segments: [Int: (start: Int, size: Int)] = [:]

    init(_ tree: DocumentPlace) throws {
        self.tree = tree
        categories = try tree.member("categories")?.integers() ?? []
        let nodes = try tree.member("categories_nodes")?.integers() ?? []
        let starts = try tree.member("categories_segments")?.integers(count: nodes.count) ?? []
        let sizes = try tree.member("categories_sizes")?.integers(count: nodes.count) ?? []
        guard starts.count == nodes.count, sizes.count == nodes.count else { throw tree.damaged("has incomplete categories") }
        for (i, node) in nodes.enumerated() { segments[node] = (starts[i], sizes[i]) }
    }

    /// The categories of a node as bits.
    func words(of node: Int) throws -> [UInt64] {
        guard let (start, size) = segments[node], start >= 0, size >= 0, start <= categories.count, size <= categories.count - start else {
            throw tree.damaged("has damaged categories")
        }
        let members = categories[start..<start + size]
        guard members.allSatisfy({ (0..<1 << 24).contains($0) }) else { throw tree.damaged("has damaged categories") }
        var words = [UInt64](repeating: 0, count: (members.max() ?? 0) / 64 + 1)
        for c in members { words[c / 64] |= 1 << UInt64(c % 64) }
        return words
    }
}
