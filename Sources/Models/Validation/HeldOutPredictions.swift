import MaterialsCore

/// What fits say of rows that they did not see: one entry for each row and each fold that tested it.
public struct HeldOutPredictions: Equatable, Sendable {
    /// Row of the table that an entry stands for.
    public let rows: [Int]
    /// Fold that tested it.
    public let folds: [Int]
    /// What the fold's model says of it.
    public var prediction: Prediction
    /// Its target.
    public let observed: [Double]
    /// Its weight, where rows have weights.
    public let weights: [Double]?

    /// Entries of equal count.
    public init(rows: [Int], folds: [Int], prediction: Prediction, observed: [Double], weights: [Double]? = nil) {
        precondition(rows.count == folds.count && rows.count == prediction.rows && rows.count == observed.count)
        (self.rows, self.folds, self.prediction, self.observed, self.weights) = (rows, folds, prediction, observed, weights)
    }

    /// Entries.
    public var count: Int { rows.count }

    /// Numbers or classes.
    public var task: LearningTask { prediction.classCount == 0 ? .regression : .classification }

    /// Only the given entries.
    public func selecting(_ entries: [Int]) -> HeldOutPredictions {
        var part = Prediction(rows: entries.count, classCount: prediction.classCount)
        for (i, e) in entries.enumerated() { part.copyRow(e, of: prediction, to: i) }
        return HeldOutPredictions(
            rows: entries.map { rows[$0] }, folds: entries.map { folds[$0] }, prediction: part, observed: entries.map { observed[$0] },
            weights: weights.map { w in entries.map { w[$0] } })
    }

    /// One prediction a row of the table, NaN where no fold tested it.
    ///
    /// A row that several folds tested gets the mean of their means or probabilities and the root mean square of their spreads.
    public func averaged(rowCount: Int) -> Prediction {
        var result = Prediction(rows: rowCount, classCount: prediction.classCount)
        var entries = [[Int]](repeating: [], count: rowCount)
        for (entry, row) in rows.enumerated() { entries[row].append(entry) }
        for row in 0..<rowCount where !entries[row].isEmpty { average(entries[row], into: &result, row) }
        return result
    }

    private func average(_ entries: [Int], into result: inout Prediction, _ row: Int) {
        if entries.count == 1 { return result.copyRow(entries[0], of: prediction, to: row) }
        let share = 1 / Double(entries.count)
        if prediction.classCount == 0 {
            result.mean[row] = entries.reduce(0) { $0 + prediction.mean[$1] } * share
            result.spread[row] = (entries.reduce(0) { $0 + prediction.spread[$1] * prediction.spread[$1] } * share).squareRoot()
        } else {
            let classes = (0..<max(prediction.classCount, 2)).map { c in
                entries.reduce(0) { $0 + prediction.probability(ofClass: c, row: $1) } * share
            }
            result.setProbabilities(classes.span, row: row)
        }
    }

    /// Entries to judge, and those to learn from that share no row with them, so that what is learned is judged honestly.
    struct CrossFit: Equatable, Sendable {
        var judged: [Int]
        var learned: [Int]
    }

    /// Parts that together judge every entry once: the folds (at most ten, the rest joined), or, where they leave less than half of
    /// the entries to learn from or there is one fold only, five seeded parts of the rows.
    func crossFits(seed: UInt64) -> [CrossFit] {
        let foldCount = (folds.max() ?? 0) + 1
        let byFold = crossFits(parts: min(foldCount, 10)) { folds[$0] % 10 }
        if foldCount > 1, byFold.allSatisfy({ 2 * $0.learned.count >= count }) { return byFold }
        let distinct = Set(rows).sorted()
        guard distinct.count > 1 else { return [] }
        var random = SplitMix64(seed: seed ^ 0x66_6f_6c_64)
        let parts = min(5, distinct.count)
        let place = random.permutation(distinct.count)
        let part = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, place[$0] % parts) })
        return crossFits(parts: parts) { part[rows[$0]]! }
    }

    private func crossFits(parts: Int, _ part: (Int) -> Int) -> [CrossFit] {
        let partOf = rows.indices.map(part)
        return (0..<parts).compactMap { p in
            let judged = rows.indices.filter { partOf[$0] == p }
            let seen = Set(judged.map { rows[$0] })
            let learned = rows.indices.filter { partOf[$0] != p && !seen.contains(rows[$0]) }
            return judged.isEmpty ? nil : CrossFit(judged: judged, learned: learned)
        }
    }
}
