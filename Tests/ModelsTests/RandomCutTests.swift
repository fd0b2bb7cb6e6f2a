import CKernels
import MaterialsCore
import Testing

@testable import Models

/// The kernels of random cuts beside their naive twins.
@Suite struct RandomCutTests {
    @Test(arguments: [1, 2, 3, 17, 200]) func sumsAndRangesAreThoseOfTheTwins(_ count: Int) {
        let width = 2 * Int(MATSIEVE_CUT_BLOCK)
        var random = SplitMix64(seed: UInt64(count))
        let values = (0..<300 * width).map { _ in Float(random.nextInt(below: 7)) - 3 + (random.next() & 3 == 0 ? 0.1 : 0) }
        let rows = (0..<count).map { _ in Int32(random.nextInt(below: 300)) }
        let terms = (0..<2 * count).map { _ in random.nextUnit() - 0.3 }
        let cuts = (0..<width).map { _ in Float(random.nextUnit() * 6 - 3) }
        var (low, high) = ([Float](repeating: 0, count: width), [Float](repeating: 0, count: width))
        var (sums, weights) = ([Double](repeating: 1, count: width), [Double](repeating: 1, count: width))
        matsieve_column_ranges(values, width, rows, count, &low, &high)
        matsieve_cut_sums(values, width, rows, count, terms, cuts, &sums, &weights)
        for c in 0..<width {
            let own = rows.map { values[Int($0) * width + c] }
            #expect(low[c] == own.min() && high[c] == own.max())
            var (sum, weight) = (0.0, 0.0)
            for i in 0..<count where own[i] <= cuts[c] {
                sum += terms[2 * i]
                weight += terms[2 * i + 1]
            }
            #expect(sums[c] == sum && weights[c] == weight)
        }
    }

    /// Categories and missing values beside plain columns: the tree finds what each of them tells.
    @Test func columnsOfEveryKindAreSplit() throws {
        var random = SplitMix64(seed: 4)
        var features = FeatureMatrix(rows: 400, columns: 3)
        for row in 0..<400 {
            features[row, 0] = random.nextUnit()
            features[row, 1] = row % 3 == 0 ? .nan : random.nextUnit()
            features[row, 2] = Double(random.nextInt(below: 4))
        }
        let targets = (0..<400).map { row in
            (features[row, 0] > 0.5 ? 1.0 : 0) + (features[row, 1].isNaN ? 2.0 : 0) + (features[row, 2] == 2 ? 4.0 : 0)
        }
        let data = TrainingData(features: features, targets: targets, featureNames: ["a", "b", "c"], categoricalColumns: [2])
        var settings = try Settings(
            Setting(.mapping([("trees", 1, Setting(.number(50), source: "50"))])), subject: "extra-trees")
        let model = try ExtraTreesModel.fit(data, settings: &settings, context: TrainingContext(seed: 1))
        let error = Metrics.meanAbsoluteError(model.predictions(features).mean, targets)
        #expect(error < 0.02, "trained to the last row, error \(error)")
    }

    @Test(arguments: 0..<60) func bestRandomCutIsTheFirstOfTheLargestGain(_ seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let width = 32 * (1 + seed % 2)
        // Few different sums: equal gains, sides without weight, columns that do not vary.
        let sums = (0..<width).map { _ in Double(random.nextInt(below: 5)) - 2 }
        let weights = (0..<width).map { _ in Double(random.nextInt(below: 7)) }
        let high = (0..<width).map { _ in Float(random.nextInt(below: 3)) }
        let low = [Float](repeating: 0, count: width)
        let chosen = random.permutation(width).prefix(random.nextInt(below: width + 1)).map { Int32($0) }
        let least = Double(random.nextInt(below: 3))
        var (numerator, denominator) = (seed % 3 == 0 ? 1.5 : -1, 1.0)
        var best = NodeSplit(numerator: numerator, denominator: denominator)
        for c in chosen.map(Int.init) where low[c] < high[c] {
            let (n, d) = (sums[c] * sums[c], weights[c] * (6 - weights[c]))
            guard best.isBeaten(by: n, d), weights[c] >= least, 6 - weights[c] >= least else { continue }
            (best.column, best.numerator, best.denominator) = (c, n, d)
        }
        var gains = [Double](repeating: .nan, count: 2 * width)
        let found = matsieve_best_random_cut(
            chosen, chosen.count, width, sums, weights, low, high, 6, least, &gains, &numerator, &denominator)
        #expect(Int(found) == best.column)
        #expect(numerator == best.numerator && denominator == best.denominator)
    }
}
