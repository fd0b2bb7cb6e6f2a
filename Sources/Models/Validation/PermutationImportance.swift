import MaterialsCore

/// How much the error on held-out rows grows when the values of a feature are exchanged among them.
///
/// Filled fold by fold from `CrossValidation.run(inspect:)`. Features that tell the same share their importance: exchanging one
/// leaves the other.
///
/// - Output:   growth of the mean absolute error or the log loss, mean over the judged rows, largest first
/// - Numerics: seeded; a feature's exchange depends on seed, fold and feature only
/// - Cost:     at most 1,000 rows of all folds together, times the features. Of more than 200 features, groups are exchanged
///   as a whole on the first fold, and only the features of the groups that matter most are judged, 200 in all
/// - Source:   L. Breiman, Mach. Learn. 45, 5 (2001), doi:10.1023/A:1010933404324; A. Fisher, C. Rudin, F. Dominici,
///   J. Mach. Learn. Res. 20, 177 (2019)
public struct PermutationImportance: Sendable {
    private let data: TrainingData
    private let seed: UInt64
    private let rowsPerFold: Int
    private let mostFeatures: Int
    /// Columns judged; chosen by the first fold where there are too many.
    private var columns: [Int]?
    private var growth: [Double] = []
    private var rows = 0.0

    /// Judges the features of `data`.
    /// - Parameters:
    ///   - data: all rows
    ///   - folds: that will be inspected
    ///   - seed: of rows and exchanges
    ///   - mostRows: of all folds together
    ///   - mostFeatures: that are judged one by one
    public init(_ data: TrainingData, folds: Folds, seed: UInt64, mostRows: Int = 1_000, mostFeatures: Int = 200) {
        (self.data, self.seed, self.mostFeatures) = (data, seed, mostFeatures)
        rowsPerFold = max(1, mostRows / max(folds.testRows.count, 1))
        if data.features.columns <= mostFeatures { columns = Array(0..<data.features.columns) }
    }

    /// Judges a fold's model on rows that it did not see.
    public mutating func add(_ model: any PropertyModel, tested: [Int], fold: Int, isCancelled: () -> Bool = { false }) throws {
        var random = SplitMix64(seed: seed ^ UInt64(fold) &* 0x9e37_79b9_7f4a_7c15)
        let chosen = random.permutation(tested.count).prefix(rowsPerFold).sorted().map { tested[$0] }
        guard chosen.count > 1 else { return }
        let judge = ExchangeJudge(model: model, data: data, rows: chosen)
        let before = judge.error(exchanging: [], random: random)
        let judged =
            columns
            ?? Self.mostImportant(Self.blocks(data, most: mostFeatures), most: mostFeatures) { block in
                judge.error(exchanging: Array(block), random: Self.stream(seed, fold, block.lowerBound)) - before
            }
        if columns == nil { columns = judged }
        if growth.isEmpty { growth = [Double](repeating: 0, count: judged.count) }
        let weight = Double(chosen.count)
        for (i, column) in judged.enumerated() {
            if isCancelled() { throw MatSieveError.stopped("importance of features: stopped; start the training again") }
            growth[i] += weight * (judge.error(exchanging: [column], random: Self.stream(seed, fold, column)) - before)
        }
        rows += weight
    }

    /// Features that matter most, largest growth first; at most `limit`.
    /// - Parameter shap: mean |SHAP value| of each column, where the model has it
    public func result(shap: [Double]? = nil, limit: Int = .max) -> [ModelCard.FeatureImportance] {
        guard let columns, rows > 0 else { return [] }
        let order = columns.indices.sorted { (-growth[$0], columns[$0]) < (-growth[$1], columns[$1]) }
        return order.prefix(limit).map {
            .init(feature: data.featureNames[columns[$0]], permutation: growth[$0] / rows, shap: shap?[columns[$0]])
        }
    }

    private static func stream(_ seed: UInt64, _ fold: Int, _ column: Int) -> SplitMix64 {
        var mixed = SplitMix64(seed: seed ^ UInt64(fold + 1) &* 0xbf58_476d_1ce4_e5b9 ^ UInt64(column + 1) &* 0x94d0_49bb_1331_11eb)
        return SplitMix64(seed: mixed.next())
    }

    /// The groups, divided where they have more columns than may be judged; fifty blocks where there are no groups, or too many.
    private static func blocks(_ data: TrainingData, most: Int) -> [Range<Int>] {
        let isGrouped = (1...most).contains(data.groups.count)
        let groups = isGrouped ? data.groups.map(\.columns) : [0..<data.features.columns]
        let width = isGrouped ? most : max(1, data.features.columns / 50)
        return groups.flatMap { g in
            stride(from: g.lowerBound, to: g.upperBound, by: width).map { $0..<min($0 + width, g.upperBound) }
        }
    }

    /// Columns of the blocks that matter most until there are enough, ascending.
    private static func mostImportant(_ blocks: [Range<Int>], most: Int, growth: (Range<Int>) -> Double) -> [Int] {
        let grown = blocks.map(growth)
        let order = blocks.indices.sorted { (-grown[$0], $0) < (-grown[$1], $1) }
        return Array(order.flatMap { Array(blocks[$0]) }.prefix(most)).sorted()
    }
}

/// Some held-out rows and the model that did not see them.
private struct ExchangeJudge {
    let model: any PropertyModel
    let data: TrainingData
    let rows: [Int]
    let features: FeatureMatrix
    let observed: [Double]
    let weights: [Double]?

    init(model: any PropertyModel, data: TrainingData, rows: [Int]) {
        (self.model, self.data, self.rows) = (model, data, rows)
        features = data.features.selecting(rows)
        observed = rows.map { data.targets[$0] }
        weights = data.weights.map { w in rows.map { w[$0] } }
    }

    /// Error where some columns, together, come from other rows.
    func error(exchanging columns: [Int], random: SplitMix64) -> Double {
        var (random, changed) = (random, features)
        if !columns.isEmpty {
            let source = random.permutation(rows.count)
            for row in rows.indices { for c in columns { changed[row, c] = features[source[row], c] } }
        }
        return Metrics.error(model.predictions(changed, classCount: data.classCount), observed: observed, task: data.task, weights: weights)
    }
}
