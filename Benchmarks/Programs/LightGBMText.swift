import Foundation
import MaterialsCore
import Models

extension BoostedTreesModel {
    /// Trees from LightGBM's text format, numeric splits only.
    ///
    /// - Source: LightGBM 4 (MIT licence), `Tree::ToString`: a block a tree, one `key=values` a line.
    init(lightGBMText path: String) throws {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { throw MatSieveError.input("cannot read \(path)") }
        let blocks = text.components(separatedBy: "\nTree=").map { LightGBMBlock($0) }
        var trees = FlatTrees()
        for block in blocks.dropFirst() { try trees.append(block, path) }
        guard let last = try blocks[0].integers("max_feature_idx", path).first else {
            throw MatSieveError.input("\(path): no max_feature_idx")
        }
        var archive = ParameterArchive([
            "task": .string(LearningTask.regression.rawValue), "spread": .doubles([-1], shape: [1]), "summary_keys": .strings(["trees"]),
            "summary_values": .strings(["\(blocks.count - 1)"]),
        ])
        archive.merge(trees.archive(featureCount: last + 1), under: "trees")
        try self.init(parameters: archive)
    }
}

/// The lines of one block by key.
private struct LightGBMBlock {
    private var fields: [Substring: [Substring]] = [:]

    init(_ text: String) {
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { fields[parts[0]] = parts[1].split(separator: " ") }
        }
    }

    func integers(_ key: Substring, _ path: String) throws -> [Int64] { try values(key, path) { Int64($0) } }
    func doubles(_ key: Substring, _ path: String) throws -> [Double] { try values(key, path) { Double($0) } }

    private func values<T>(_ key: Substring, _ path: String, _ read: (Substring) -> T?) throws -> [T] {
        try (fields[key] ?? []).map { text in
            guard let value = read(text) else { throw MatSieveError.input("\(path): '\(text)' in \(key) is not a number") }
            return value
        }
    }
}

/// Trees one after the other, in the arrays of a model file.
private struct FlatTrees {
    private var nodeOffset: [Int64] = [0]
    private var leafOffset: [Int64] = [0]
    private var feature: [Int64] = []
    private var threshold: [Double] = []
    private var left: [Int64] = []
    private var right: [Int64] = []
    private var missingLeft: [UInt8] = []
    private var leafValue: [Double] = []

    mutating func append(_ block: LightGBMBlock, _ path: String) throws {
        let exact = try block.doubles("threshold", path)
        let decisions = try block.integers("decision_type", path)
        guard exact.count == decisions.count, decisions.allSatisfy({ $0 & 1 == 0 }) else {
            throw MatSieveError.input("\(path): categorical splits are not read")
        }
        feature += try block.integers("split_feature", path)
        left += try block.integers("left_child", path)
        right += try block.integers("right_child", path)
        leafValue += try block.doubles("leaf_value", path)
        for (t, decision) in zip(exact, decisions) {
            // Features are float32: x ≤ t holds for the same x when t is rounded down.
            let nearest = Float(t)
            threshold.append(Double(Double(nearest) > t ? nearest.nextDown : nearest))
            // Where a split knows no missing values, NaN counts as 0.
            missingLeft.append((decision >> 2 & 3 == 0 ? 0 <= t : decision & 2 != 0) ? 1 : 0)
        }
        nodeOffset.append(Int64(feature.count))
        leafOffset.append(Int64(leafValue.count))
    }

    func archive(featureCount: Int64) -> ParameterArchive {
        func integers(_ values: [Int64]) -> ParameterArchive.Entry { .integers(values, shape: [values.count]) }
        return ParameterArchive([
            "base": .doubles([0], shape: [1]), "feature_count": integers([featureCount]), "node_offset": integers(nodeOffset),
            "leaf_offset": integers(leafOffset), "feature": integers(feature), "threshold": .doubles(threshold, shape: [threshold.count]),
            "left": integers(left), "right": integers(right), "missing_left": .bytes(missingLeft),
            "category_set": integers([Int64](repeating: -1, count: feature.count)),
            "leaf_value": .doubles(leafValue, shape: [leafValue.count]), "set_offset": integers([0]), "set_words": integers([]),
        ])
    }
}
