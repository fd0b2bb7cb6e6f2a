import MaterialsCore
import Reporting

/// What can be folded of a property without loss: histograms of fixed edges, for every candidate that it was computed for and
/// for those that passed all filters, and the exact sum of the latter.
struct PropertyDistribution: Sendable {
    private(set) var computed = FixedHistogram()
    private(set) var passed = FixedHistogram()
    private(set) var sum = ExactSum()

    init() {}

    /// Counts values when they are computed.
    mutating func insert(computed values: [Double]) {
        for v in values { computed.add(v) }
    }

    /// Counts the values of candidates that passed all filters.
    mutating func insert(passed values: [Double]) {
        for v in values {
            passed.add(v)
            if v.isFinite { sum.add(v) }
        }
    }

    mutating func merge(_ other: PropertyDistribution) {
        computed.merge(other.computed)
        passed.merge(other.passed)
        sum.merge(other.sum)
    }

    func encode(to writer: inout ByteWriter) {
        computed.encode(to: &writer)
        passed.encode(to: &writer)
        sum.encode(to: &writer)
    }

    init(from reader: inout ByteReader) throws {
        computed = try FixedHistogram(from: &reader)
        passed = try FixedHistogram(from: &reader)
        sum = try ExactSum(from: &reader)
    }

    /// The histogram for the report: 30 bins over the middle 99 % of the values; nil where there is nothing to show.
    func reported() -> ReportedHistogram? {
        let (low, high) = (computed.quantile(0.005), computed.quantile(0.995))
        guard computed.count > 1, low.isFinite, high.isFinite, low < high else { return nil }
        let bins = 30
        let (before, after) = (computed.rebinned(bins, from: low, to: high), passed.rebinned(bins, from: low, to: high))
        return ReportedHistogram(
            lower: low, upper: high, before: before.bins, after: after.bins, below: before.below, above: before.above,
            afterOutside: after.below + after.above)
    }

    /// Mean over the candidates that passed; nil where none has a value.
    var passedMean: Double? { passed.count == 0 ? nil : sum.value / Double(passed.count) }
}
