import MaterialsCore

/// Which rows are kept aside, and what each tree may see; all by the seed.
struct RowSampling: Sendable {
    /// Ascending rows to learn from.
    let learning: [Int32]
    /// Ascending rows kept aside.
    let validation: [Int32]
    private let rowFraction: Double
    private let featureFraction: Double
    private let seed: UInt64

    /// Validation rows are drawn from each class (or from all rows); with fewer than 10 rows there are none.
    init(_ data: TrainingData, settings: BoostedTreesSettings, seed: UInt64) {
        (rowFraction, featureFraction, self.seed) = (settings.rowFraction, settings.featureFraction, seed)
        let rows = data.targets.indices
        var groups = [[Int]](repeating: [], count: max(data.classCount, 1))
        for row in rows { groups[data.task == .regression ? 0 : Int(data.targets[row])].append(row) }
        var random = SplitMix64(seed: seed ^ 0x76_61_6c_69)
        var isAside = [Bool](repeating: false, count: rows.count)
        for group in groups where group.count >= 10 {
            let count = Int((Double(group.count) * settings.validationFraction).rounded())
            for i in random.permutation(group.count).prefix(count) { isAside[group[i]] = true }
        }
        learning = rows.filter { !isAside[$0] }.map { Int32($0) }
        validation = rows.filter { isAside[$0] }.map { Int32($0) }
    }

    /// Trees differ even where nothing changes.
    var isRandom: Bool { rowFraction < 1 || featureFraction < 1 }

    /// Rows that an iteration learns from: each by a hash of seed, iteration and row.
    func bag(_ iteration: Int) -> [Int32] {
        guard rowFraction < 1 else { return learning }
        let limit = UInt64(rowFraction * 0x1p53)
        let stream = SplitMix64.hash(seed &+ SplitMix64.hash(UInt64(iteration) &+ 1))
        let chosen = learning.filter { SplitMix64.hash(stream &+ UInt64($0)) >> 11 < limit }
        return chosen.isEmpty ? learning : chosen
    }

    /// Binned columns that a tree may split: the first of a seeded permutation.
    func columns(_ tree: Int, count: Int) -> [Bool] {
        guard featureFraction < 1 else { return [Bool](repeating: true, count: count) }
        var mask = [Bool](repeating: false, count: count)
        var random = SplitMix64(seed: SplitMix64.hash(seed &+ 0x63_6f_6c) &+ UInt64(tree))
        let chosen = max(1, Int((Double(count) * featureFraction).rounded()))
        for column in random.permutation(count).prefix(chosen) { mask[column] = true }
        return mask
    }
}
