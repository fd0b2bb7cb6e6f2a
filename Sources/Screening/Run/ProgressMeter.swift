import Foundation
import Synchronization

/// Tells how far a run is: one live line on a terminal, else a plain line about every ten seconds.
public final class ProgressMeter: Sendable {
    private struct State {
        var done: UInt64 = 0
        var total: UInt64?
        var what = ""
        var started = Date()
        var lastLine = Date()
        var lineIsLive = false
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
        state.withLock { $0 = State(total: total, what: what, lineIsLive: false) }
        if !isQuiet && !isTerminal && total == nil { write("\(what) …\n") }
    }

    /// Sets the number of candidates once it is known.
    func setTotal(_ total: UInt64) { state.withLock { $0.total = total } }

    /// Counts candidates that are done.
    func advance(_ count: UInt64) {
        if isQuiet { return }
        state.withLock { s in
            s.done += count
            let now = Date()
            guard now.timeIntervalSince(s.lastLine) >= (isTerminal ? 0.2 : 10) else { return }
            s.lastLine = now
            s.lineIsLive = isTerminal
            write(isTerminal ? "\r\u{1b}[K" + Self.line(s, now) : Self.line(s, now) + "\n")
        }
    }

    /// Ends a phase; removes the live line.
    func end() {
        state.withLock { s in
            if s.lineIsLive { write("\r\u{1b}[K") }
            s.lineIsLive = false
        }
    }

    private static func line(_ s: State, _ now: Date) -> String {
        let seconds = max(now.timeIntervalSince(s.started), 1e-3)
        let rate = Double(s.done) / seconds
        var line = "\(s.what): \(grouped(s.done))"
        if let total = s.total, total > 0 {
            line += " of \(grouped(total)) (\(100 * s.done / total) %), \(grouped(UInt64(rate)))/s"
            if s.done > 0 && total > s.done { line += ", \(duration(Double(total - s.done) / rate)) left" }
        } else {
            line += ", \(grouped(UInt64(rate)))/s"
        }
        return line
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
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

/// `2 h 05 min`, `3 min 20 s`, `12 s`.
func duration(_ seconds: Double) -> String {
    let s = Int(seconds.rounded(.up))
    if s >= 3600 { return "\(s / 3600) h \(s % 3600 / 60) min" }
    return s >= 60 ? "\(s / 60) min \(s % 60) s" : "\(s) s"
}
