import Foundation

/// What `matsieve run --json` prints.
public struct RunSummaryJSON: Encodable {
    struct Step: Encodable {
        let name: String
        let `in`: UInt64
        let out: UInt64
    }

    let read: UInt64
    let rejected: UInt64
    let kept: Int
    let funnel: [Step]
    let output: String
    let seconds: Double
    let candidatesPerSecond: Double
    let peakMemoryBytes: UInt64

    /// The summary of an outcome.
    public init(_ outcome: ScreeningRun.Outcome) {
        read = outcome.read
        rejected = outcome.rejected
        kept = outcome.kept
        funnel = outcome.funnel.map { Step(name: $0.name, in: $0.in, out: $0.out) }
        output = outcome.output
        seconds = outcome.seconds
        candidatesPerSecond = outcome.candidatesPerSecond
        peakMemoryBytes = peakMemory()
    }
}

extension ScreeningRun.Outcome {
    /// The summary for people.
    public var lines: [String] {
        var lines = ["read      \(grouped(read))", "rejected  \(grouped(rejected))"]
        let width = funnel.map(\.name.count).max() ?? 0
        for step in funnel {
            lines.append(
                "  " + padded(step.name, to: width) + "  \(grouped(step.in)) → \(grouped(step.out))")
        }
        lines.append("kept      \(grouped(UInt64(kept)))")
        if seconds > 0 { lines.append("screened in \(numberOf(seconds)) s, \(grouped(UInt64(candidatesPerSecond))) candidates/s") }
        if !best.isEmpty { lines += ["the best:"] + best.map { "  " + $0 } }
        lines.append("results   \(output)")
        return lines
    }

    private func numberOf(_ seconds: Double) -> String { seconds < 10 ? String(format: "%.2f", seconds) : String(format: "%.0f", seconds) }
}

/// Largest resident size of this process so far, in bytes.
func peakMemory() -> UInt64 {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return UInt64(usage.ru_maxrss) * 1024
}
