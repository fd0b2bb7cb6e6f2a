/// One benchmark in two histories.
public struct Comparison: Equatable, Sendable {
    /// Name of the benchmark, with its threads.
    public var name: String
    /// Median seconds a row, of all runs of the first history.
    public var before: Double
    /// The same of the second.
    public var after: Double
    /// Larger of the two relative interquartile ranges.
    public var spread: Double

    /// How many times faster the second is.
    public var ratio: Double { before / after }

    /// True where the difference is no larger than the spread of the runs.
    public var isWithinSpread: Bool { abs(ratio - 1) <= spread }

    /// Brings two histories together; all runs of a benchmark are pooled. What only one of them has is left out.
    public static func compare(_ before: [Measurement], _ after: [Measurement]) -> [Comparison] {
        let (old, new) = (pooled(before), pooled(after))
        return old.keys.sorted().compactMap { name in
            guard let a = old[name], let b = new[name] else { return nil }
            return Comparison(
                name: name, before: quantile(a, 0.5), after: quantile(b, 0.5), spread: max(relativeRange(a), relativeRange(b)))
        }
    }

    /// Seconds a row of all runs, by name, threads and size.
    private static func pooled(_ history: [Measurement]) -> [String: [Double]] {
        var result: [String: [Double]] = [:]
        for m in history {
            let name = m.name + (m.threads > 1 ? " ×\(m.threads)" : "") + (m.tiny ? " (tiny)" : "")
            result[name, default: []] += m.seconds.map { $0 / m.rows }
        }
        return result
    }

    private static func relativeRange(_ values: [Double]) -> Double {
        (quantile(values, 0.75) - quantile(values, 0.25)) / quantile(values, 0.5)
    }
}
