import Foundation
import MaterialsCore
import Testing

@testable import Models

/// A LightGBM text model read into our trees.
func lightGBMTrees(_ text: String) throws -> TreeEnsemble {
    let blocks = text.components(separatedBy: "\nTree=")
    let header = blocks[0].split(separator: "\n")
    let lastColumn = Int(header.first { $0.hasPrefix("max_feature_idx=") }!.split(separator: "=")[1])!
    var ensemble = TreeEnsemble(featureCount: lastColumn + 1)
    for block in blocks.dropFirst() {
        var fields: [String: [String]] = [:]
        for line in block.split(separator: "\n") where line.contains("=") {
            let parts = line.split(separator: "=", maxSplits: 1)
            fields[String(parts[0])] = parts.count > 1 ? parts[1].split(separator: " ").map(String.init) : []
        }
        ensemble.append(tree(fields))
    }
    return ensemble
}

private func tree(_ fields: [String: [String]]) -> GrownTree {
    var tree = GrownTree()
    tree.leafValues = fields["leaf_value"]!.map { Double($0)! }
    tree.leafCovers = fields["leaf_count"]!.map { Double($0)! }
    for n in fields["split_feature"]!.indices {
        let exact = Double(fields["threshold"]![n])!
        // Features are float32: x <= t holds for the same x when t is rounded down.
        let nearest = Float(exact)
        let threshold = Double(nearest) > exact ? nearest.nextDown : nearest
        let decision = Int(fields["decision_type"]![n])!
        // Without missing values in the split a NaN counts as 0.
        let missingLeft = decision >> 2 & 3 == 0 ? 0 <= exact : decision & 2 != 0
        tree.nodes.append(
            GrownTree.Node(
                feature: Int32(fields["split_feature"]![n])!, binnedColumn: 0, bins: BinSet(), threshold: threshold,
                missingLeft: missingLeft,
                categories: [], left: Int32(fields["left_child"]![n])!, right: Int32(fields["right_child"]![n])!))
    }
    return tree
}

@Suite struct LightGBMTests {
    private let ensemble: TreeEnsemble
    private let features: FeatureMatrix

    init() throws {
        ensemble = try lightGBMTrees(ReferenceData.text("lightgbm_trees/model.txt"))
        let values = try ReferenceData.values("lightgbm_trees/features.f32", of: Float.self).map { Double($0) }
        features = FeatureMatrix(rows: values.count / ensemble.featureCount, columns: ensemble.featureCount, values: values)
    }

    @Test func treesAreValid() throws {
        try ensemble.validate()
        #expect(ensemble.treeCount == 20 && ensemble.largestLeafCount == 31 && features.rows == 500)
    }

    @Test func everyRowReachesLightGBMsLeafInEveryTree() throws {
        let leaves = try ReferenceData.values("lightgbm_trees/leaves.i32", of: Int32.self)
        let ours = (0..<features.rows).flatMap { row in
            (0..<ensemble.treeCount).map { Int32(ensemble.leaf(of: Array(features.row(row)).span, tree: $0)) }
        }
        #expect(ours == leaves)
    }

    @Test func sumsHaveLightGBMsBits() throws {
        let expected = try ReferenceData.values("lightgbm_trees/predictions.f64", of: Double.self)
        #expect((0..<features.rows).map { ensemble.sum(Array(features.row($0)).span) }.bits == expected.bits)
        let scorer = try #require(BitmaskScorer(ensemble))
        var sums = [Double](repeating: .nan, count: features.rows)
        var span = sums.mutableSpan
        scorer.sums(features.values.span, into: &span)
        #expect(sums.bits == expected.bits)
    }
}
