import Foundation
import MaterialsCore
import Models

/// LightGBM's model text as the parameters of `boosted-trees`: numeric splits and the plain regression objective.
struct LightGBMText {
    private var offsets: (node: [Int64], leaf: [Int64]) = ([0], [0])
    private var feature: [Int64] = []
    private var threshold: [Double] = []
    private var left: [Int64] = []
    private var right: [Int64] = []
    private var missingLeft: [UInt8] = []
    private var leafValue: [Double] = []
    private let featureCount: Int64

    /// Reads a model's text.
    init(path: String) throws {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { throw MatSieveError.input("\(path): no such text file") }
        let blocks = text.components(separatedBy: "\nTree=")
        let header = Self.fields(blocks[0])
        guard let last = header["max_feature_idx"]?.first.flatMap({ Int64($0) }) else {
            throw MatSieveError.input("\(path): is no model text of LightGBM")
        }
        guard header["objective"]?.first == "regression" else { throw MatSieveError.input("\(path): its objective is not 'regression'") }
        featureCount = last + 1
        for (number, block) in blocks.dropFirst().enumerated() {
            let fields = Self.fields(block)
            guard fields["num_cat"]?.first == "0", fields["is_linear"]?.first ?? "0" == "0", append(fields) else {
                throw MatSieveError.input("\(path): tree \(number) is damaged, or has categories or linear leaves")
            }
        }
    }

    private static func fields(_ block: String) -> [String: [String]] {
        var fields: [String: [String]] = [:]
        for line in block.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { fields[String(parts[0])] = parts[1].split(separator: " ").map(String.init) }
        }
        return fields
    }

    private mutating func append(_ fields: [String: [String]]) -> Bool {
        func numbers<T: LosslessStringConvertible>(_ name: String) -> [T] { (fields[name] ?? []).compactMap { T($0) } }
        let (columns, exact, decisions): ([Int64], [Double], [Int]) = (
            numbers("split_feature"), numbers("threshold"), numbers("decision_type")
        )
        let (lefts, rights, values): ([Int64], [Int64], [Double]) = (numbers("left_child"), numbers("right_child"), numbers("leaf_value"))
        let counts = [exact.count, decisions.count, lefts.count, rights.count, values.count - 1]
        guard counts.allSatisfy({ $0 == columns.count }) else { return false }
        for (t, decision) in zip(exact, decisions) {
            // Features are float32: x <= t holds for the same x when t is rounded down.
            let nearest = Float(t)
            threshold.append(Double(Double(nearest) > t ? nearest.nextDown : nearest))
            // Where a split knows no missing values, a NaN counts as 0.
            missingLeft.append((decision >> 2 & 3 == 0 ? 0 <= t : decision & 2 != 0) ? 1 : 0)
        }
        feature += columns
        left += lefts
        right += rights
        leafValue += values
        offsets.node.append(Int64(feature.count))
        offsets.leaf.append(Int64(leafValue.count))
        return true
    }

    /// The trees as a trained model's parameters.
    var parameters: ParameterArchive {
        func integers(_ values: [Int64]) -> ParameterArchive.Entry { .integers(values, shape: [values.count]) }
        return ParameterArchive([
            "task": .string("regression"), "spread": .doubles([-1], shape: [1]), "summary_keys": .strings([]),
            "summary_values": .strings([]),
            "trees/base": .doubles([0], shape: [1]), "trees/feature_count": integers([featureCount]),
            "trees/node_offset": integers(offsets.node), "trees/leaf_offset": integers(offsets.leaf), "trees/feature": integers(feature),
            "trees/threshold": .doubles(threshold, shape: [threshold.count]), "trees/left": integers(left), "trees/right": integers(right),
            "trees/missing_left": .bytes(missingLeft), "trees/category_set": integers(feature.map { _ in -1 }),
            "trees/leaf_value": .doubles(leafValue, shape: [leafValue.count]), "trees/set_offset": integers([0]),
            "trees/set_words": integers([]),
        ])
    }
}
