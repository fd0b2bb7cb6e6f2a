/// Tables for people.
enum BenchmarkTable {
    static func measurementHeader(_ origin: MeasurementOrigin) -> String {
        """
        commit \(origin.commit), \(origin.date), \(origin.cpu), \(origin.cpuCount) CPUs
        \(left("benchmark", 24)) \(right("rows", 11)) \(right("median", 10)) \(right("min", 10)) \(right("max", 10)) \
        \(right("spread", 7)) \(right("rows/s", 9)) \(right("per CPU s", 9)) \(right("memory", 9))
        """
    }

    static func row(_ m: Measurement) -> String {
        [
            left(m.name, 24), right("\(Int(m.rows))", 11), right(time(m.medianSeconds), 10), right(time(m.seconds.min() ?? .nan), 10),
            right(time(m.seconds.max() ?? .nan), 10), right(percent(m.relativeSpread), 7), right(rate(m.ratePerSecond), 9),
            right(rate(m.ratePerUserSecond), 9), right("\(m.peakMemoryBytes >> 20) MiB", 9), " \(m.unit)",
        ].joined(separator: " ")
    }

    static var comparisonHeader: String {
        "\(left("benchmark", 24)) \(right("before", 12)) \(right("after", 12)) \(right("faster by", 10)) \(right("spread", 7))"
    }

    static func row(_ c: Comparison) -> String {
        [
            left(c.name, 24), right(time(c.before), 12), right(time(c.after), 12), right("\(fixed(c.ratio, 3))×", 10),
            right(percent(c.spread), 7), c.isWithinSpread ? " (within the spread)" : "",
        ].joined(separator: " ")
    }

    /// Seconds as ns, µs, ms or s with three decimals.
    static func time(_ seconds: Double) -> String {
        let scales: [(Double, String)] = [(1, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")]
        let (scale, unit) = scales.first { abs(seconds) >= $0.0 } ?? (1e-9, "ns")
        return seconds.isFinite ? "\(fixed(seconds / scale, 3)) \(unit)" : "-"
    }

    /// Rows a second with k, M or G.
    static func rate(_ perSecond: Double) -> String {
        guard perSecond.isFinite else { return "-" }
        let scales: [(Double, String)] = [(1e9, " G"), (1e6, " M"), (1e3, " k")]
        let (scale, unit) = scales.first { perSecond >= $0.0 } ?? (1, "")
        return fixed(perSecond / scale, 2) + unit
    }

    private static func percent(_ fraction: Double) -> String { "\(fixed(fraction * 100, 1)) %" }

    private static func fixed(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
        var scale = 1
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((abs(value) * Double(scale)).rounded())
        let decimals = String(scaled % scale)
        let zeros = String(repeating: "0", count: digits - decimals.count)
        return (value < 0 ? "-" : "") + "\(scaled / scale).\(zeros)\(decimals)"
    }

    private static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
