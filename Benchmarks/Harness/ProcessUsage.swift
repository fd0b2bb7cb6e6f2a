import Foundation

/// What the kernel says this process has used.
enum ProcessUsage {
    /// User CPU seconds so far, all threads.
    static var userSeconds: Double {
        let time = resources.ru_utime
        return Double(time.tv_sec) + Double(time.tv_usec) * 1e-6
    }

    /// Most memory held since `resetPeakMemory`, or since the start where the kernel can't reset it.
    static var peakMemoryBytes: Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
        return (kilobytes ?? Int(resources.ru_maxrss)) * 1024
    }

    /// Starts the peak anew (Linux: 5 written to clear_refs).
    static func resetPeakMemory() {
        guard let file = fopen("/proc/self/clear_refs", "w") else { return }
        fputs("5", file)
        fclose(file)
    }

    private static var resources: rusage {
        var usage = rusage()
        getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
        return usage
    }
}

extension MeasurementOrigin {
    /// This host, now.
    public static func here(commit: String) -> MeasurementOrigin {
        let lines = ((try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? "").split(separator: "\n")
        let model = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces)
        return MeasurementOrigin(
            commit: commit, date: Date.now.formatted(.iso8601), cpu: model ?? "unknown",
            cpuCount: ProcessInfo.processInfo.processorCount)
    }
}
