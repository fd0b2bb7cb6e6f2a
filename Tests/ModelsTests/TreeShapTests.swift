import MaterialsCore
import Testing

@testable import Models

/// Shapley values by their definition: all subsets of features, unseen ones averaged over by cover.
private func shapleyValues(_ ensemble: TreeEnsemble, _ row: [Double], output: Int) -> [Double] {
    let count = ensemble.featureCount
    func expectation(_ known: Int, tree: Int) -> Double {
        func cover(_ child: Int32) -> Double {
            guard child >= 0 else { return ensemble.leafCover[ensemble.leafOffset[tree] + Int(~child)] }
            let n = ensemble.nodeOffset[tree] + Int(child)
            return cover(ensemble.left[n]) + cover(ensemble.right[n])
        }
        func value(_ child: Int32) -> Double {
            guard child >= 0 else {
                return ensemble.leafValue[(ensemble.leafOffset[tree] + Int(~child)) * ensemble.outputCount + output]
            }
            let n = ensemble.nodeOffset[tree] + Int(child)
            let feature = Int(ensemble.feature[n])
            if known >> feature & 1 == 1 {
                return value(ensemble.goesLeft(row[feature], node: n) ? ensemble.left[n] : ensemble.right[n])
            }
            let (l, r) = (cover(ensemble.left[n]), cover(ensemble.right[n]))
            return (l * value(ensemble.left[n]) + r * value(ensemble.right[n])) / (l + r)
        }
        return value(ensemble.nodeOffset[tree + 1] > ensemble.nodeOffset[tree] ? 0 : ~0)
    }
    let game = (0..<1 << count).map { subset in (0..<ensemble.treeCount).reduce(0.0) { $0 + expectation(subset, tree: $1) } }
    func factorial(_ n: Int) -> Double { n < 2 ? 1 : Double(n) * factorial(n - 1) }
    return (0..<count).map { feature in
        (0..<1 << count).filter { $0 >> feature & 1 == 0 }.reduce(0.0) { sum, subset in
            let size = subset.nonzeroBitCount
            let weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            return sum + weight * (game[subset | 1 << feature] - game[subset])
        }
    }
}

@Suite struct TreeShapTests {
    /// Numbers with missing values, a category, and a target of all of them.
    private func data(classes: Int, rows: Int = 150) -> TrainingData {
        var random = SplitMix64(seed: 5)
        var features = FeatureMatrix(rows: rows, columns: 5)
        var targets: [Double] = []
        for row in 0..<rows {
            for column in 0..<4 { features[row, column] = row % 9 == column ? .nan : random.nextUnit() }
            features[row, 4] = Double(random.nextInt(below: 6))
            let known = (0..<4).map { features[row, $0].isNaN ? 0.7 : features[row, $0] }
            let signal = known[0] + known[1] * known[2] + (features[row, 4] == 2 ? 1 : 0) + 0.1 * random.nextUnit()
            targets.append(classes == 0 ? signal : min(Double(classes - 1), (signal * 1.5).rounded(.down)))
        }
        return TrainingData(
            features: features, targets: targets, featureNames: (0..<5).map { "x\($0)" }, categoricalColumns: [4],
            task: classes == 0 ? .regression : .classification, classCount: classes)
    }

    @Test(arguments: [0, 2, 3]) func valuesOfAForestAreShapleysByDefinition(_ classes: Int) throws {
        let source = data(classes: classes)
        var s = try settings(["trees": 4])
        let ensemble = try RandomForestModel.fit(source, settings: &s, context: TrainingContext(seed: 2)).forest.ensemble
        let rows = source.features.selecting(Array(0..<6))
        let ours = try ensemble.contributions(rows, threads: 2)
        #expect(ours.count == max(1, classes == 2 ? 1 : classes))
        for (output, contributions) in ours.enumerated() {
            for row in 0..<rows.rows {
                let exact = shapleyValues(ensemble, Array(rows.row(row)), output: output)
                #expect(largestDifference(Array(contributions.values.row(row)), exact) < 1e-12)
            }
        }
        #expect(try ensemble.contributions(rows, threads: 1) == ours)
    }

    @Test(arguments: ["boosted-trees", "extra-trees", "random-forest"], [0, 2, 3]) func valuesSumToThePrediction(
        _ name: String, _ classes: Int
    ) throws {
        let source = data(classes: classes)
        var s = try settings(["trees": 20])
        let model = try ModelRegistry.entry(named: name).fit(source, &s, TrainingContext(seed: 2))
        let explains = try #require(model as? any ExplainsByTrees)
        let rows = source.features.selecting(Array(0..<40))
        let values = try explains.shapValues(rows, threads: 1)
        let p = model.predictions(rows, classCount: classes)
        for row in 0..<rows.rows {
            var sums = values.map { contributions in contributions.values.row(row).reduce(contributions.expected, +) }
            if name == "boosted-trees", classes > 0 {
                let powers = classes == 2 ? [1, PortableMath.exp(sums[0])] : sums.map { PortableMath.exp($0) }
                sums = powers.map { $0 / powers.reduce(0, +) }
                if classes == 2 { sums = [sums[1]] }
            }
            for (k, sum) in sums.enumerated() {
                let expected = classes == 0 ? p.mean[row] : p.probability(ofClass: classes == 2 ? 1 : k, row: row)
                #expect((sum - expected).magnitude < 1e-12)
            }
        }
    }

    @Test func valuesAreLightGBMs() throws {
        let ensemble = try lightGBMTrees(ReferenceData.text("lightgbm_trees/model.txt"))
        let all = try ReferenceData.values("lightgbm_trees/features.f32", of: Float.self).map { Double($0) }
        let features = FeatureMatrix(rows: 20, columns: 132, values: Array(all.prefix(20 * 132)))
        let expected = try ReferenceData.values("forests/lightgbm_contributions.f64", of: Double.self)
        let ours = try ensemble.contributions(features, threads: 1)[0]
        for row in 0..<20 {
            #expect(largestDifference(Array(ours.values.row(row)), Array(expected[row * 133..<row * 133 + 132])) < 1e-12)
            #expect((ours.expected - expected[row * 133 + 132]).magnitude < 1e-12)
        }
    }

    @Test func treesWithoutCoversAreRefused() throws {
        var ensemble = try lightGBMTrees(ReferenceData.text("lightgbm_trees/model.txt"))
        ensemble.leafCover = ensemble.leafCover.map { _ in 0 }
        #expect { try ensemble.contributions(FeatureMatrix(rows: 1, columns: 132), threads: 1) } throws: {
            ($0 as? MatSieveError)?.kind == .input
        }
    }
}
