import MaterialsCore
import Testing

@testable import BenchmarkHarness

private func measurement(_ name: String, _ seconds: [Double], rows: Double = 10, threads: Int = 1) -> Measurement {
    Measurement(
        name: name, unit: "rows", rows: rows, seconds: seconds, userSeconds: seconds, peakMemoryBytes: 1 << 20, threads: threads,
        tiny: false, checksum: 1, origin: MeasurementOrigin(commit: "abc", date: "2026-01-01T00:00:00Z", cpu: "x", cpuCount: 2))
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
        #expect(m.medianSeconds == 2 && m.ratePerSecond == 5 && m.relativeSpread == 0.75)
    }

    @Test func linesReadBackAsWritten() throws {
        let all = [measurement("a", [1, 2]), measurement("b \"x\"", [0.1])]
        let text = try all.map { try History.line($0) + "\n" }.joined()
        #expect(try History.parse(text, subject: "f") == all)
        #expect(throws: MatSieveError.self) { try History.parse(text + "{}\n", subject: "f") }
    }

    @Test func runsArePooledPerItemAndThreads() throws {
        let before = [measurement("a", [1, 3]), measurement("a", [2]), measurement("gone", [1]), measurement("a", [9], threads: 2)]
        let after = [measurement("a", [2, 2], rows: 20), measurement("new", [1])]
        let comparison = try #require(Comparison.compare(before, after).first)
        #expect(Comparison.compare(before, after).count == 1)
        #expect(comparison.name == "a" && abs(comparison.ratio - 2) < 1e-12)
        #expect(abs(comparison.spread - 0.5) < 1e-12 && !comparison.isWithinSpread)
    }

    @Test func prepareIsNotTimedAndRunsAreCounted() throws {
        let count = Counter()
        let benchmark = Benchmark(name: "x", unit: "calls", summary: "") { _ in
            BenchmarkWork(rows: 4) {
                count.value += 1
            } checksum: {
                7
            } finish: {
                ["columns": 132]
            }
        }
        let origin = MeasurementOrigin.here(commit: "c")
        let m = try benchmark.measure(repeats: 3, warmUps: 2, context: BenchmarkContext(threads: 2), origin: origin)
        #expect(count.value == 5 && m.seconds.count == 3 && m.rows == 4 && m.threads == 2 && m.checksum == 7)
        #expect(m.peakMemoryBytes > 1 << 20 && m.origin == origin)
        let line = try History.line(m)
        #expect(line.contains(#""columns":132,"#) && line.contains(#""rate_per_second":"#) && line.contains(#""rows":4,"#))
    }

    @Test func resultsThatChangeAreRefused() {
        let count = Counter()
        let benchmark = Benchmark(name: "x", unit: "calls", summary: "") { _ in
            BenchmarkWork(rows: 1) {
                count.value += 1
            } checksum: {
                Double(count.value)
            }
        }
        #expect(throws: UnsteadyResult.self) {
            try benchmark.measure(repeats: 2, warmUps: 0, context: BenchmarkContext(), origin: .here(commit: ""))
        }
    }

    @Test(arguments: [["nothing"], ["--repeats", "0"], ["--repeats"], ["--speed", "9"], ["x", "--warm-ups", "-1"]])
    func wrongCommandLinesAreRefused(arguments: [String]) {
        let benchmark = Benchmark(name: "x", unit: "calls", summary: "") { _ in BenchmarkWork(rows: 1, run: {}, checksum: { 0 }) }
        var command = BenchmarkCommand([benchmark])
        #expect(throws: MatSieveError.self) { try command.parse(arguments) }
    }

    @Test func tableFigures() {
        #expect(BenchmarkTable.time(0.0123456) == "12.346 ms" && BenchmarkTable.time(2.5e-9) == "2.500 ns")
        #expect(BenchmarkTable.rate(15_400_000) == "15.40 M" && BenchmarkTable.rate(.infinity) == "-")
    }
}

private final class Counter: @unchecked Sendable { var value = 0 }
