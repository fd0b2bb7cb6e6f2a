import Foundation

/// How many CPUs this process may use: SLURM_CPUS_PER_TASK, else the smaller of its affinity and its control group's quota.
public enum AvailableCPUs {
    /// The number, at least 1.
    public static func count(environment: [String: String] = ProcessInfo.processInfo.environment) -> Int {
        if let text = environment["SLURM_CPUS_PER_TASK"], let n = Int(text), n >= 1 { return n }
        return max(1, min(affinity(), quota() ?? .max))
    }

    /// CPUs in the affinity mask that the kernel shows in `/proc/self/status`.
    private static func affinity() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let mask = status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed:") }?.dropFirst(13) ?? ""
        let count = mask.reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
        return count > 0 ? count : ProcessInfo.processInfo.activeProcessorCount
    }

    /// Whole CPUs of the control group's quota (version 2, then 1); nil where there is none.
    private static func quota() -> Int? {
        func words(_ path: String) -> [Substring] {
            (try? String(contentsOfFile: path, encoding: .utf8))?.split(whereSeparator: \.isWhitespace) ?? []
        }
        var limit = words("/sys/fs/cgroup/cpu.max")
        if limit.count != 2 { limit = words("/sys/fs/cgroup/cpu/cpu.cfs_quota_us") + words("/sys/fs/cgroup/cpu/cpu.cfs_period_us") }
        guard limit.count == 2, let quota = Double(limit[0]), let period = Double(limit[1]), quota > 0, period > 0 else { return nil }
        return max(1, Int((quota / period).rounded(.up)))
    }
}
