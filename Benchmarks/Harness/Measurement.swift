/// How long a piece of work took, run several times.
public struct Measurement: Codable, Equatable, Sendable {
    /// Name of the benchmark.
    public var name: String
    /// What a row is, in the plural: `compositions`.
    public var unit: String
    /// Rows of one run.
    public var rows: Double
    /// Wall-clock seconds of each run, in the order they ran.
    public var seconds: [Double]
    /// User CPU seconds of each run, all threads together.
    public var userSeconds: [Double]
    /// Most memory the process held while the work was made and ran; bytes.
    public var peakMemoryBytes: Int
    /// Threads the work was given.
    public var threads: Int
    /// True where the input was cut down to try the program only.
    public var tiny: Bool
    /// A number made of the results, the same for every run.
    public var checksum: Double
    /// Where, when and of what it was taken.
    public var origin: MeasurementOrigin
    /// Further figures of the benchmark (`columns`, `mae`, …); written beside the others, not read back.
    public var extras: [String: Double] = [:]

    enum CodingKeys: CodingKey {
        case name, unit, rows, seconds, userSeconds, peakMemoryBytes, threads, tiny, checksum, origin
    }

    /// Records what was measured.
    public init(
        name: String, unit: String, rows: Double, seconds: [Double], userSeconds: [Double], peakMemoryBytes: Int,
        threads: Int, tiny: Bool, checksum: Double, origin: MeasurementOrigin, extras: [String: Double] = [:]
    ) {
        (self.name, self.unit, self.rows) = (name, unit, rows)
        (self.seconds, self.userSeconds, self.peakMemoryBytes) = (seconds, userSeconds, peakMemoryBytes)
        (self.threads, self.tiny, self.checksum) = (threads, tiny, checksum)
        (self.origin, self.extras) = (origin, extras)
    }

    /// Median of the wall-clock seconds.
    public var medianSeconds: Double { quantile(seconds, 0.5) }

    /// Rows in a second, at the median.
    public var ratePerSecond: Double { rows / medianSeconds }

    /// Rows in a second of user CPU time, at the median; steadier on a shared machine.
    public var ratePerUserSecond: Double { rows / quantile(userSeconds, 0.5) }

    /// Interquartile range of the seconds over their median.
    public var relativeSpread: Double { (quantile(seconds, 0.75) - quantile(seconds, 0.25)) / medianSeconds }
}

/// Where, when and of what a measurement was taken.
public struct MeasurementOrigin: Codable, Equatable, Sendable {
    /// Commit of the measured program, as the caller names it.
    public var commit: String
    /// ISO 8601, UTC.
    public var date: String
    /// Model name of the CPU.
    public var cpu: String
    /// Logical CPUs of the host.
    public var cpuCount: Int

    /// Describes an origin.
    public init(commit: String, date: String, cpu: String, cpuCount: Int) {
        (self.commit, self.date, self.cpu, self.cpuCount) = (commit, date, cpu, cpuCount)
    }
}

/// The quantile of unsorted values by linear interpolation between order statistics; NaN of none.
///
/// - Source: R. J. Hyndman, Y. Fan, Am. Stat. 50, 361 (1996), definition 7, doi:10.1080/00031305.1996.10473566.
public func quantile(_ values: [Double], _ fraction: Double) -> Double {
    let sorted = values.sorted()
    guard let last = sorted.indices.last else { return .nan }
    let place = fraction * Double(last)
    let below = Int(place)
    let above = min(below + 1, last)
    return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
}
