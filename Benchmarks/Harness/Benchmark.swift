/// What a benchmark is run with.
public struct BenchmarkContext: Sendable {
    /// True to try the program on a small input; the figures mean nothing then.
    public var tiny: Bool
    /// Threads the work may use.
    public var threads: Int
    /// The folder `Datasets`, with real inputs.
    public var datasets: String
    /// Further options of the benchmark, `--input FILE` as `input: FILE`.
    public var options: [String: String]

    /// Makes a context.
    public init(tiny: Bool = false, threads: Int = 1, datasets: String = "Datasets", options: [String: String] = [:]) {
        (self.tiny, self.threads, self.datasets, self.options) = (tiny, threads, datasets, options)
    }
}

/// Work that is ready to be timed: its input is made.
public struct BenchmarkWork {
    /// Items that one run goes through.
    public var items: Int
    /// One run; it ends by handing its result to `keep`.
    public var run: () throws -> Void

    /// Makes work of so many items.
    public init(items: Int, run: @escaping () throws -> Void) { (self.items, self.run) = (items, run) }
}

/// A named piece of work to be timed.
public struct Benchmark: Sendable {
    /// Name on the command line: lower-case with hyphens.
    public var name: String
    /// What an item is, in the plural.
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

    /// Prepares the work, runs it `warmUp` times, then `runs` times with the clock on.
    public func measure(runs: Int, warmUp: Int, context: BenchmarkContext, origin: MeasurementOrigin) throws -> Measurement {
        ProcessUsage.resetPeakMemory()
        let work = try prepare(context)
        for _ in 0..<warmUp { try work.run() }
        var seconds: [Double] = []
        var userSeconds: [Double] = []
        for _ in 0..<max(runs, 1) {
            let user = ProcessUsage.userSeconds
            let start = ContinuousClock.now
            try work.run()
            seconds.append((ContinuousClock.now - start) / .seconds(1))
            userSeconds.append(ProcessUsage.userSeconds - user)
        }
        return Measurement(
            name: name, unit: unit, items: Double(work.items), seconds: seconds, userSeconds: userSeconds,
            peakMemoryBytes: ProcessUsage.peakMemoryBytes, threads: context.threads, tiny: context.tiny, origin: origin)
    }
}

/// Uses a value so that the optimiser can't drop the work that made it.
@inline(never)
public func keep<T>(_ value: T) { withExtendedLifetime(value) {} }
