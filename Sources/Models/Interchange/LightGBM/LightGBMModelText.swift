import MaterialsCore

/// A model file of LightGBM: `key=value` lines in sections, one a tree.
///
/// - Source: the format that LightGBM 2.3 to 4.x writes (`version=v3`, `v4`).
struct LightGBMModelText {
    let fileName: String
    private let header: LightGBMSection
    private let trees: [LightGBMSection]

    init(_ bytes: [UInt8], fileName: String) throws {
        self.fileName = fileName
        var sections = [LightGBMSection(fileName: fileName, title: "header")]
        var isWhole = false
        for line in bytes.split(whereSeparator: { $0 == 10 || $0 == 13 }) {
            if line.starts(with: "end of trees".utf8) {
                isWhole = true
                break
            }
            if line.starts(with: "Tree=".utf8) {
                sections.append(LightGBMSection(fileName: fileName, title: String(decoding: line, as: UTF8.self)))
            } else if let equals = line.firstIndex(of: UInt8(ascii: "=")) {
                sections[sections.count - 1].lines[String(decoding: line[..<equals], as: UTF8.self)] = line[(equals + 1)...]
            } else {
                sections[sections.count - 1].lines[String(decoding: line, as: UTF8.self)] = []
            }
        }
        guard isWhole else {
            throw MatSieveError.input("\(fileName): 'end of trees' is missing; the LightGBM model is cut short, write it again")
        }
        (header, trees) = (sections[0], Array(sections.dropFirst()))
    }

    /// The model that the file holds.
    func model() throws -> ForeignModel {
        let last = try header.integer("max_feature_idx")
        guard last < 1 << 24 else { throw header.damaged("'max_feature_idx'") }
        let columns = last + 1
        let scores = try header.integer("num_tree_per_iteration")
        guard columns > 0, columns <= 1 << 24, scores > 0, scores <= max(trees.count, 1), trees.count.isMultiple(of: scores) else {
            throw header.damaged("'max_feature_idx' or 'num_tree_per_iteration'")
        }
        let objective = try LightGBMObjective(header.text("objective") ?? "none", scores: scores, fileName: fileName)
        var ensemble = ImportedTrees(arithmetic: .double, featureCount: columns, outputCount: scores)
        ensemble.tinyIsZero = true
        for (number, tree) in trees.enumerated() { try ensemble.append(tree, output: number % scores) }
        let isAverage = header.lines["average_output"] != nil
        if isAverage { ensemble.divisor = Double(max(trees.count / scores, 1)) }
        let model = try ImportedTreesModel(
            trees: ensemble, task: objective.task, classCount: objective.classCount, transform: objective.transform, scale: objective.scale,
            format: "LightGBM text")
        let names = header.text("feature_names").map { $0.split(separator: " ").map(String.init) } ?? []
        return ForeignModel(
            model: model, featureNames: names.count == columns ? names : ForeignModel.numberedNames(columns), featureCount: columns,
            task: objective.task, classes: (0..<objective.classCount).map { "\($0)" }, format: "LightGBM text",
            notes: ["objective \(objective.name)"] + (isAverage ? ["the mean of the trees (random forest)"] : []))
    }
}

/// Lines of one section by key.
struct LightGBMSection {
    let fileName: String
    let title: String
    var lines: [String: ArraySlice<UInt8>] = [:]

    init(fileName: String, title: String) { (self.fileName, self.title) = (fileName, title) }

    func damaged(_ what: String) -> MatSieveError {
        .input("\(fileName): \(what) of \(title) is missing or damaged; write the LightGBM model again")
    }

    func text(_ key: String) -> String? { lines[key].map { String(decoding: $0, as: UTF8.self) } }

    func integer(_ key: String) throws -> Int {
        guard let line = lines[key], let value = DecimalText.integer(line) else { throw damaged("'\(key)'") }
        return value
    }

    func integers(_ key: String, count: Int) throws -> [Int] {
        let all = try words(key, count: count).map { word in
            guard let value = DecimalText.integer(word) else { throw damaged("'\(key)'") }
            return value
        }
        return all
    }

    func doubles(_ key: String, count: Int) throws -> [Double] {
        try words(key, count: count).map { word in
            guard let value = DecimalText.double(word) else { throw damaged("'\(key)'") }
            return value
        }
    }

    private func words(_ key: String, count: Int) throws -> [ArraySlice<UInt8>] {
        let words = (lines[key] ?? []).split(separator: UInt8(ascii: " "))
        guard words.count == count else { throw damaged("'\(key)'") }
        return words
    }
}

extension ImportedTrees {
    /// Adds a tree of a LightGBM file.
    mutating func append(_ tree: LightGBMSection, output: Int) throws {
        if let linear = tree.text("is_linear"), linear != "0" {
            throw MatSieveError.input(
                "\(tree.fileName): trees with linear models in their leaves are not supported; train with linear_tree=false")
        }
        let leaves = try tree.integer("num_leaves")
        guard leaves > 0, leaves < 1 << 24 else { throw tree.damaged("'num_leaves'") }
        leafValue += try tree.doubles("leaf_value", count: leaves)
        leafOffset.append(leafValue.count)
        treeOutput.append(Int32(output))
        if leaves > 1 { try appendNodes(tree, count: leaves - 1) }
        nodeOffset.append(feature.count)
    }

    private mutating func appendNodes(_ tree: LightGBMSection, count: Int) throws {
        feature += try tree.integers("split_feature", count: count).map { Int32(clamping: $0) }
        left += try tree.integers("left_child", count: count).map { Int32(clamping: $0) }
        right += try tree.integers("right_child", count: count).map { Int32(clamping: $0) }
        let thresholds = try tree.doubles("threshold", count: count)
        let types = try tree.integers("decision_type", count: count)
        let sets = try firstSet(of: tree)
        for node in 0..<count {
            // Bit 0: categories; bit 1: missing goes left; bits 2 and 3: what is missing.
            let type = types[node]
            guard (0..<16).contains(type), let missing = NodeRule.Missing(rawValue: UInt8(type >> 2)) else {
                throw tree.damaged("'decision_type'")
            }
            let isCategory = type & 1 == 1
            // NaN is in no set.
            rule.append(
                isCategory
                    ? NodeRule(.member, missing: .nan, missingLeft: false) : NodeRule(.atMost, missing: missing, missingLeft: type & 2 != 0)
            )
            threshold.append(isCategory ? 0 : thresholds[node])
            guard !isCategory || sets.contains(thresholds[node]) else { throw tree.damaged("'threshold'") }
            categorySet.append(isCategory ? Int32(sets.lowerBound) + Int32(thresholds[node]) : -1)
        }
    }

    /// Adds the sets of categories of a tree; the numbers of its sets, from 0 in the tree, as a range that starts at ours.
    private mutating func firstSet(of tree: LightGBMSection) throws -> LightGBMSets {
        let first = setOffset.count - 1
        let count = try tree.lines["num_cat"] == nil ? 0 : tree.integer("num_cat")
        guard count > 0 else { return LightGBMSets(lowerBound: first, count: 0) }
        guard count < 1 << 24 else { throw tree.damaged("'num_cat'") }
        let bounds = try tree.integers("cat_boundaries", count: count + 1)
        guard bounds[0] == 0, zip(bounds, bounds.dropFirst()).allSatisfy({ $0 <= $1 }), bounds[count] < 1 << 28 else {
            throw tree.damaged("'cat_boundaries'")
        }
        let words = try tree.integers("cat_threshold", count: bounds[count])
        guard words.allSatisfy({ UInt32(exactly: $0) != nil }) else { throw tree.damaged("'cat_threshold'") }
        for set in 0..<count {
            var wide = [UInt64](repeating: 0, count: (bounds[set + 1] - bounds[set] + 1) / 2)
            for (i, word) in words[bounds[set]..<bounds[set + 1]].enumerated() { wide[i / 2] |= UInt64(word) << UInt64(32 * (i % 2)) }
            _ = appendSet(wide)
        }
        return LightGBMSets(lowerBound: first, count: count)
    }
}

/// Where the sets of a tree stand among all.
private struct LightGBMSets {
    var lowerBound: Int
    var count: Int

    func contains(_ number: Double) -> Bool { number >= 0 && number < Double(count) }
}
