import MaterialsCore

/// Work that is ready to be timed: its input is made.
public struct BenchmarkWork {
    /// Rows that one run goes through.
    public var rows: Int
    /// One run: what is timed.
    public var run: () throws -> Void
    /// A number made of the results of the last run, the same for every run and number of threads; not timed.
    public var checksum: () throws -> Double
    /// Writes results and adds figures, after the last run; not timed.
    public var finish: () throws -> [String: Double]

    /// Makes work of so many rows.
    public init(
        rows: Int, run: @escaping () throws -> Void, checksum: @escaping () throws -> Double,
        finish: @escaping () throws -> [String: Double] = { [:] }
    ) {
        (self.rows, self.run, self.checksum, self.finish) = (rows, run, checksum, finish)
    }
}

/// A named piece of work to be timed.
public struct Benchmark: Sendable {
    /// Name on the command line: lower-case with hyphens.
    public var name: String
    /// What a row is, in the plural.
    public var unit: String
    /// One line for `list`.
    public var summary: String
    /// Options it knows beside those of every benchmark.
    public var optionNames: [String]
    /// Makes the input; not timed.
    public var prepare: @Sendable (BenchmarkContext) throws -> BenchmarkWork

    /// Defines a benchmark.
    public init(
        name: String, unit: String, summary: String, optionNames: [String] = [],
        prepare: @escaping @Sendable (BenchmarkContext) throws -> BenchmarkWork
    ) {
        (self.name, self.unit, self.summary) = (name, unit, summary)
        (self.optionNames, self.prepare) = (optionNames, prepare)
    }

    /// Prepares the work, runs it `warmUps` times, then `repeats` times with the clock on.
    /// - Throws: what the work throws, and `UnsteadyResult` where two runs give different checksums.
    public func measure(
        repeats: Int, warmUps: Int, context: BenchmarkContext, origin: MeasurementOrigin
    ) throws -> Measurement {
        ProcessUsage.resetPeakMemory()
        let work = try prepare(context)
        for _ in 0..<warmUps { try work.run() }
        var measurement = Measurement(
            name: name, unit: unit, rows: Double(work.rows), seconds: [], userSeconds: [], peakMemoryBytes: 0,
            threads: context.threads, tiny: context.tiny, checksum: .nan, origin: origin)
        for run in 0..<max(repeats, 1) {
            let user = ProcessUsage.userSeconds
            let start = ContinuousClock.now
            try work.run()
            measurement.seconds.append((ContinuousClock.now - start) / .seconds(1))
            measurement.userSeconds.append(ProcessUsage.userSeconds - user)
            let checksum = try work.checksum()
            if run > 0, checksum.bitPattern != measurement.checksum.bitPattern {
                throw UnsteadyResult(message: "\(name): checksum \(checksum) after \(measurement.checksum)")
            }
            measurement.checksum = checksum
        }
        measurement.peakMemoryBytes = ProcessUsage.peakMemoryBytes
        measurement.extras = try work.finish()
        return measurement
    }
}

/// Two runs of the same work gave different results: a defect of what is measured.
public struct UnsteadyResult: Error, CustomStringConvertible {
    /// One line.
    public var message: String
    /// The line.
    public var description: String { message }
}
