import MaterialsCore

extension ImportedTrees {
    /// The trees as flat arrays.
    var archive: ParameterArchive {
        func integers(_ values: [some FixedWidthInteger]) -> ParameterArchive.Entry {
            .integers(values.map { Int64(truncatingIfNeeded: $0) }, shape: [values.count])
        }
        func doubles(_ values: [Double]) -> ParameterArchive.Entry { .doubles(values, shape: [values.count]) }
        return ParameterArchive([
            "arithmetic": .string(arithmetic.rawValue), "tiny_is_zero": integers([tinyIsZero ? 1 : 0]),
            "feature_count": integers([featureCount]), "start": doubles(start), "finish": doubles(finish), "divisor": doubles([divisor]),
            "leaf_width": integers([leafWidth]), "tree_output": integers(treeOutput), "node_offset": integers(nodeOffset),
            "leaf_offset": integers(leafOffset), "feature": integers(feature), "threshold": doubles(threshold),
            "rule": .bytes(rule.map(\.rawValue)), "left": integers(left), "right": integers(right),
            "category_set": integers(categorySet), "leaf_value": doubles(leafValue), "set_offset": integers(setOffset),
            "set_words": integers(setWords),
        ])
    }

    /// Reads trees and checks that every walk stays inside them and ends.
    /// - Throws: `MatSieveError.input` for anything damaged.
    init(archive: ParameterArchive) throws {
        guard let arithmetic = Arithmetic(rawValue: try archive.string("arithmetic")) else { throw Self.damaged("'arithmetic'") }
        self.init(arithmetic: arithmetic, featureCount: try archive.integer("feature_count"), outputCount: 0)
        tinyIsZero = try archive.integer("tiny_is_zero") == 1
        (start, finish) = (try archive.doubles("start"), try archive.doubles("finish"))
        divisor = try archive.double("divisor")
        leafWidth = try archive.integer("leaf_width")
        treeOutput = try Self.small(archive, "tree_output")
        nodeOffset = try Self.offsets(archive, "node_offset")
        leafOffset = try Self.offsets(archive, "leaf_offset")
        feature = try Self.small(archive, "feature")
        threshold = try archive.doubles("threshold")
        rule = try archive.bytes("rule").map { byte in
            guard let rule = NodeRule(rawValue: byte) else { throw Self.damaged("'rule'") }
            return rule
        }
        left = try Self.small(archive, "left")
        right = try Self.small(archive, "right")
        categorySet = try Self.small(archive, "category_set")
        leafValue = try archive.doubles("leaf_value")
        setOffset = try Self.offsets(archive, "set_offset")
        setWords = try archive.integers("set_words").map { UInt64(bitPattern: $0) }
        try validate("model file")
    }

    private static func damaged(_ what: String, _ subject: String = "model file") -> MatSieveError {
        .input("\(subject): \(what) of the trees is damaged; convert the model again")
    }

    private static func offsets(_ archive: ParameterArchive, _ name: String) throws -> [Int] {
        let all = try archive.integers(name)
        guard all.first == 0, all.last! <= Int64(Int32.max), zip(all, all.dropFirst()).allSatisfy({ $0 <= $1 }) else {
            throw damaged("'\(name)'")
        }
        return all.map { Int($0) }
    }

    private static func small(_ archive: ParameterArchive, _ name: String) throws -> [Int32] {
        try archive.integers(name).map { value in
            guard let v = Int32(exactly: value) else { throw damaged("'\(name)'") }
            return v
        }
    }

    /// Refuses trees that could lead out of the arrays or round in circles.
    func validate(_ subject: String) throws {
        let nodes = nodeOffset.last!
        guard featureCount > 0, featureCount <= 1 << 24, outputCount > 0, finish.count == outputCount, divisor > 0, divisor.isFinite,
            leafWidth == 1 || leafWidth == outputCount, nodeOffset.count == leafOffset.count, treeOutput.count == treeCount,
            [feature.count, threshold.count, rule.count, left.count, right.count, categorySet.count].allSatisfy({ $0 == nodes }),
            leafValue.count == leafOffset.last! * leafWidth, setOffset.last! == setWords.count
        else { throw Self.damaged("the size", subject) }
        guard feature.allSatisfy({ $0 >= 0 && $0 < featureCount }) else { throw Self.damaged("a feature number", subject) }
        guard threshold.allSatisfy({ !$0.isNaN }) else { throw Self.damaged("a threshold", subject) }
        guard (leafValue + start + finish).allSatisfy(\.isFinite) else { throw Self.damaged("a leaf value", subject) }
        guard treeOutput.allSatisfy({ $0 >= 0 && $0 < outputCount }) else { throw Self.damaged("the score of a tree", subject) }
        for node in 0..<nodes {
            let sets = categorySet[node]
            guard rule[node].hasSet ? sets >= 0 && Int(sets) < setOffset.count - 1 : sets == -1 else {
                throw Self.damaged("a set of categories", subject)
            }
        }
        for tree in 0..<treeCount { try validate(tree: tree, subject) }
    }

    /// Children lie behind their parents and every node and leaf has exactly one parent: so a walk ends at a leaf.
    private func validate(tree: Int, _ subject: String) throws {
        let nodes = nodeOffset[tree]..<nodeOffset[tree + 1]
        guard leafOffset[tree + 1] - leafOffset[tree] == nodes.count + 1 else { throw Self.damaged("the shape", subject) }
        var nodeSeen = [Bool](repeating: false, count: nodes.count)
        var leafSeen = [Bool](repeating: false, count: nodes.count + 1)
        for n in nodes {
            for child in [left[n], right[n]] {
                let i = Int(child >= 0 ? child : ~child)
                let isNew = child >= 0 ? i < nodes.count && i > n - nodes.lowerBound && !nodeSeen[i] : i <= nodes.count && !leafSeen[i]
                guard isNew else { throw Self.damaged("the shape", subject) }
                if child >= 0 { nodeSeen[i] = true } else { leafSeen[i] = true }
            }
        }
    }
}
