import MaterialsCore

extension TreeEnsemble {
    /// The trees as flat arrays.
    var archive: ParameterArchive {
        func integers(_ values: some Sequence<Int64>) -> ParameterArchive.Entry {
            let all = Array(values)
            return .integers(all, shape: [all.count])
        }
        return ParameterArchive([
            "base": .doubles([base], shape: [1]),
            "feature_count": .integers([Int64(featureCount)], shape: [1]),
            "output_count": .integers([Int64(outputCount)], shape: [1]),
            "node_offset": integers(nodeOffset.lazy.map { Int64($0) }),
            "leaf_offset": integers(leafOffset.lazy.map { Int64($0) }),
            "feature": integers(feature.lazy.map { Int64($0) }),
            "threshold": .doubles(threshold.map { Double($0) }, shape: [threshold.count]),
            "left": integers(left.lazy.map { Int64($0) }),
            "right": integers(right.lazy.map { Int64($0) }),
            "missing_left": .bytes(missingLeft.map { $0 ? 1 : 0 }),
            "category_set": integers(categorySet.lazy.map { Int64($0) }),
            "leaf_value": .doubles(leafValue, shape: [leafCover.count, outputCount]),
            "leaf_cover": .doubles(leafCover, shape: [leafCover.count]),
            "set_offset": integers(setOffset.lazy.map { Int64($0) }),
            "set_words": integers(setWords.lazy.map { Int64(bitPattern: $0) }),
        ])
    }

    /// Reads trees and checks that every walk stays inside them and ends.
    /// - Throws: `MatSieveError.input` for anything damaged.
    init(archive: ParameterArchive) throws {
        self.init(featureCount: try archive.integer("feature_count"))
        base = try archive.double("base")
        nodeOffset = try Self.offsets(archive, "node_offset")
        leafOffset = try Self.offsets(archive, "leaf_offset")
        let nodes = nodeOffset.last!
        feature = try Self.small(archive, "feature", count: nodes)
        threshold = try archive.doubles("threshold", count: nodes).map { Float($0) }
        left = try Self.small(archive, "left", count: nodes)
        right = try Self.small(archive, "right", count: nodes)
        let missing = try archive.bytes("missing_left")
        missingLeft = missing.map { $0 != 0 }
        categorySet = try Self.small(archive, "category_set", count: nodes)
        try readLeaves(archive, count: leafOffset.last!)
        setOffset = try Self.offsets(archive, "set_offset")
        setWords = try archive.integers("set_words", count: setOffset.last!).map { UInt64(bitPattern: $0) }
        try validate()
    }

    /// Older archives have neither several outputs nor covers.
    private mutating func readLeaves(_ archive: ParameterArchive, count: Int) throws {
        leafCover = [Double](repeating: 0, count: count)
        if archive["output_count"] != nil || archive["leaf_cover"] != nil {
            outputCount = try archive.integer("output_count")
            leafCover = try archive.doubles("leaf_cover", count: count)
        }
        guard outputCount > 0, outputCount <= Int(Int32.max) else { throw Self.damaged("'output_count'") }
        leafValue = try archive.doubles("leaf_value", count: count * outputCount)
    }

    private static func damaged(_ what: String) -> MatSieveError { .input("model file: \(what) of the trees is damaged; train it anew") }

    private static func offsets(_ archive: ParameterArchive, _ name: String) throws -> [Int] {
        let all = try archive.integers(name)
        guard all.first == 0, all.last! <= Int64(Int32.max), zip(all, all.dropFirst()).allSatisfy({ $0 <= $1 }) else {
            throw damaged("'\(name)'")
        }
        return all.map { Int($0) }
    }

    private static func small(_ archive: ParameterArchive, _ name: String, count: Int) throws -> [Int32] {
        try archive.integers(name, count: count).map { value in
            guard let v = Int32(exactly: value) else { throw damaged("'\(name)'") }
            return v
        }
    }

    /// Refuses trees that could lead out of the arrays or round in circles.
    func validate() throws {
        guard (0...1 << 24).contains(featureCount), base.isFinite, missingLeft.count == feature.count, nodeOffset.count == leafOffset.count
        else {
            throw Self.damaged("the size")
        }
        guard feature.allSatisfy({ $0 >= 0 && $0 < featureCount }) else { throw Self.damaged("'feature'") }
        guard threshold.allSatisfy(\.isFinite) else { throw Self.damaged("'threshold'") }
        guard leafValue.allSatisfy(\.isFinite) else { throw Self.damaged("'leaf_value'") }
        guard leafCover.allSatisfy({ $0 >= 0 && $0.isFinite }) else { throw Self.damaged("'leaf_cover'") }
        guard categorySet.allSatisfy({ $0 >= -1 && Int($0) < setOffset.count - 1 }) else { throw Self.damaged("'category_set'") }
        for tree in 0..<treeCount { try validate(tree: tree) }
    }

    /// Children lie behind their parents and every node and leaf has exactly one parent: so a walk ends at a leaf.
    private func validate(tree: Int) throws {
        let first = nodeOffset[tree]
        let nodes = nodeOffset[tree + 1] - first
        let leaves = leafOffset[tree + 1] - leafOffset[tree]
        guard leaves == nodes + 1 else { throw Self.damaged("the number of leaves") }
        var nodeSeen = [Bool](repeating: false, count: nodes)
        var leafSeen = [Bool](repeating: false, count: leaves)
        for node in 0..<nodes {
            for child in [left[first + node], right[first + node]] {
                let index = Int(child >= 0 ? child : ~child)
                guard child >= 0 ? index > node && index < nodes && !nodeSeen[index] : index < leaves && !leafSeen[index] else {
                    throw Self.damaged("a child")
                }
                if child >= 0 { nodeSeen[index] = true } else { leafSeen[index] = true }
            }
        }
    }
}
