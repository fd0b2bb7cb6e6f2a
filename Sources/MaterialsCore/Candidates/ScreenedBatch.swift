/// A property of the run: an input column, a prediction, or something computed from them.
public struct PropertyDefinition: Equatable, Sendable {
    /// Name in expressions and outputs.
    public var name: String
    /// Unit, where known.
    public var unit: String?
    /// True where values come with a standard deviation (column `<name>_std`).
    public var hasSpread: Bool

    /// Defines a property.
    public init(name: String, unit: String? = nil, hasSpread: Bool = false) {
        (self.name, self.unit, self.hasSpread) = (name, unit, hasSpread)
    }
}

/// A batch on its way through the screen: candidates and the properties known so far.
public struct ScreenedBatch: Sendable {
    /// The rows that are left.
    public private(set) var candidates: CandidateBatch
    /// One array a property of the run, in its order; nil until computed; missing is NaN.
    public private(set) var values: [[Double]?]
    /// Standard deviations beside `values`; nil where there are none.
    public private(set) var spreads: [[Double]?]

    /// A batch of which nothing is known yet.
    public init(candidates: CandidateBatch, propertyCount: Int) {
        self.candidates = candidates
        values = [[Double]?](repeating: nil, count: propertyCount)
        spreads = values
    }

    /// Rows left.
    public var count: Int { candidates.count }

    /// Sets a property of all rows.
    public mutating func set(_ property: Int, values: [Double], spread: [Double]? = nil) {
        precondition(values.count == count)
        self.values[property] = values
        spreads[property] = spread
    }

    /// Keeps the rows where `keep` is true.
    public mutating func compact(keeping keep: [Bool]) {
        if keep.allSatisfy({ $0 }) { return }
        let rows = keep.indices.filter { keep[$0] }
        candidates = candidates.selecting(rows)
        for p in values.indices {
            values[p] = values[p].map { c in rows.map { c[$0] } }
            spreads[p] = spreads[p].map { c in rows.map { c[$0] } }
        }
    }

    /// Records candidates as unusable and drops them.
    public mutating func reject(_ rows: [(row: Int, defect: CandidateDefect)], stage: RejectionStage) {
        if rows.isEmpty { return }
        var keep = [Bool](repeating: true, count: count)
        for (row, defect) in rows where keep[row] {
            keep[row] = false
            candidates.rejections.append(
                Rejection(index: candidates.indices[row], id: candidates.ids[row], stage: stage, defect: defect))
        }
        compact(keeping: keep)
    }
}
