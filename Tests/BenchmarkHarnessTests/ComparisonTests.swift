import Testing

@testable import BenchmarkHarness

private func measurement(_ name: String, _ seconds: [Double], items: Double = 10, threads: Int = 1) -> Measurement {
    Measurement(
        name: name, unit: "rows", items: items, seconds: seconds, userSeconds: seconds, peakMemoryBytes: 1 << 20, threads: threads,
        tiny: false, origin: MeasurementOrigin(commit: "abc", date: "2026-01-01T00:00:00Z", cpu: "x", cpuCount: 2))
}

@Suite struct ComparisonTests {
    @Test func quantilesAreNumpysDefault() {
        // numpy.quantile([3, 1, 2, 10], [0, 0.25, 0.5, 0.75, 1])
        let values = [3.0, 1, 2, 10]
        #expect([0, 0.25, 0.5, 0.75, 1].map { quantile(values, $0) } == [1, 1.75, 2.5, 4.75, 10])
        #expect(quantile([], 0.5).isNaN)
    }

    @Test func derivedFigures() {
        let m = measurement("a", [2, 1, 4])
        #expect(m.medianSeconds == 2 && m.itemsPerSecond == 5 && m.relativeSpread == 0.75)
    }

    @Test func linesReadBackAsWritten() throws {
        let all = [measurement("a", [1, 2]), measurement("b \"x\"", [0.1])]
        let text = try all.map { try History.line($0) + "\n" }.joined()
        #expect(try History.parse(text, subject: "f") == all)
        #expect(throws: HistoryError.self) { try History.parse(text + "{}\n", subject: "f") }
    }

    @Test func runsArePooledPerItemAndThreads() throws {
        let before = [measurement("a", [1, 3]), measurement("a", [2]), measurement("gone", [1]), measurement("a", [9], threads: 2)]
        let after = [measurement("a", [2, 2], items: 20), measurement("new", [1])]
        let comparison = try #require(Comparison.compare(before, after).first)
        #expect(Comparison.compare(before, after).count == 1)
        #expect(comparison.name == "a" && abs(comparison.ratio - 2) < 1e-12)
        #expect(abs(comparison.spread - 0.5) < 1e-12 && !comparison.isWithinSpread)
    }

    @Test func prepareIsNotTimedAndRunsAreCounted() throws {
        let count = Counter()
        let benchmark = Benchmark(name: "x", unit: "calls", summary: "") { _ in BenchmarkWork(items: 4) { count.value += 1 } }
        let origin = MeasurementOrigin.here(commit: "c")
        let m = try benchmark.measure(runs: 3, warmUp: 2, context: BenchmarkContext(threads: 2), origin: origin)
        #expect(count.value == 5 && m.seconds.count == 3 && m.items == 4 && m.threads == 2)
        #expect(m.peakMemoryBytes > 1 << 20 && m.origin == origin)
    }

    @Test(arguments: [["nothing"], ["--runs", "0"], ["--runs"], ["--speed", "9"], ["x", "--warm-up", "-1"]])
    func wrongCommandLinesAreRefused(arguments: [String]) {
        var command = BenchmarkCommand([Benchmark(name: "x", unit: "calls", summary: "") { _ in BenchmarkWork(items: 1) {} }])
        #expect(throws: UsageError.self) { try command.parse(arguments) }
    }

    @Test func tableFigures() {
        #expect(BenchmarkTable.time(0.0123456) == "12.346 ms" && BenchmarkTable.time(2.5e-9) == "2.500 ns")
        #expect(BenchmarkTable.rate(15_400_000) == "15.40 M" && BenchmarkTable.rate(.infinity) == "-")
    }
}

private final class Counter: @unchecked Sendable { var value = 0 }
