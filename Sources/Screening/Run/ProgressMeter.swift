import Foundation
import Synchronization

/// Tells how far a run is: one live line on a terminal, else a plain line about every ten seconds.
public final class ProgressMeter: Sendable {
    private struct State {
        var done: UInt64 = 0
        var total: UInt64?
        var what: String?
        var started = Date()
        var lastLine = Date()
        var lineIsLive = false
        var isTicking = false
    }
    private let state = Mutex(State())
    private let isQuiet: Bool
    private let isTerminal: Bool

    /// A meter on standard error; a quiet one says nothing.
    public init(quiet: Bool) {
        isQuiet = quiet
        isTerminal = isatty(2) == 1
    }

    /// Begins a phase, such as `screening` or `training gap`.
    func begin(_ what: String, total: UInt64? = nil) {
        if isQuiet { return }
        let mustStart = state.withLock { s in
            let wasTicking = s.isTicking
            s = State(total: total, what: what, lineIsLive: s.lineIsLive, isTicking: true)
            return !wasTicking
        }
        guard mustStart else { return }
        let thread = Thread { [self] in
            while true {
                usleep(250_000)
                tick()
            }
        }
        thread.name = "progress"
        thread.stackSize = 256 << 10
        thread.start()
    }

    /// Sets the number of candidates once it is known.
    func setTotal(_ total: UInt64) { state.withLock { $0.total = total } }

    /// Counts candidates that are done.
    func advance(_ count: UInt64) {
        if !isQuiet { state.withLock { $0.done += count } }
    }

    /// Ends a phase; removes the live line.
    func end() {
        state.withLock { s in
            if s.lineIsLive { StandardError.write("\r\u{1b}[K") }
            (s.lineIsLive, s.what) = (false, nil)
        }
    }

    private func tick() {
        state.withLock { s in
            let now = Date()
            guard let what = s.what, now.timeIntervalSince(s.lastLine) >= (isTerminal ? 0.25 : 10) else { return }
            s.lastLine = now
            s.lineIsLive = isTerminal
            let line = Self.line(what, s, now)
            StandardError.write(isTerminal ? "\r\u{1b}[K" + line : line + "\n")
        }
    }

    private static func line(_ what: String, _ s: State, _ now: Date) -> String {
        let seconds = max(now.timeIntervalSince(s.started), 1e-3)
        guard s.done > 0 else { return "\(what): \(duration(seconds))" }
        let rate = Double(s.done) / seconds
        guard let total = s.total, total > 0 else { return "\(what): \(grouped(s.done)), \(grouped(UInt64(rate)))/s" }
        let left = total > s.done ? ", \(duration(Double(total - s.done) / rate)) left" : ""
        return "\(what): \(grouped(s.done)) of \(grouped(total)) (\(100 * s.done / total) %), \(grouped(UInt64(rate)))/s\(left)"
    }
}

/// `1,234,567`.
func grouped(_ n: UInt64) -> String {
    let digits = Array(String(n))
    var result = ""
    for (i, d) in digits.enumerated() {
        if i > 0 && (digits.count - i) % 3 == 0 { result.append(",") }
        result.append(d)
    }
    return result
}

/// `2 h 5 min`, `3 min 20 s`, `12 s`.
func duration(_ seconds: Double) -> String {
    let s = Int(seconds.rounded(.up))
    if s >= 3600 { return "\(s / 3600) h \(s % 3600 / 60) min" }
    return s >= 60 ? "\(s / 60) min \(s % 60) s" : "\(s) s"
}
