import Foundation
import Synchronization

/// Turns SIGINT, SIGTERM and SIGUSR1 into a request to stop at the next batch.
///
/// The signals are masked in every thread and taken by one that waits for them; a second one ends the process at once.
public final class Interruption: Sendable {
    private let requested = Atomic<Bool>(false)
    private let taken = Mutex<Int32>(0)

    /// A request that nothing has made yet.
    public init() {}

    /// True once a signal came.
    public var isRequested: Bool { requested.load(ordering: .relaxed) }

    /// Asks to stop, as a signal would.
    public func request() { requested.store(true, ordering: .relaxed) }

    /// The signal's name, for the message.
    public var cause: String {
        switch taken.withLock({ $0 }) {
        case SIGINT: "SIGINT"
        case SIGTERM: "SIGTERM"
        case SIGUSR1: "SIGUSR1"
        default: "a request to stop"
        }
    }

    /// Starts to listen; call it before any other thread exists, so that all inherit the mask.
    public func listen() {
        let mask = Self.mask()
        withUnsafePointer(to: mask) { _ = pthread_sigmask(SIG_BLOCK, $0, nil) }
        let thread = Thread { [self] in
            var mask = Self.mask()
            var signal: Int32 = 0
            while sigwait(&mask, &signal) == 0 {
                if isRequested { _exit(75) }
                taken.withLock { $0 = signal }
                request()
            }
        }
        thread.name = "signals"
        thread.start()
    }

    private static func mask() -> sigset_t {
        var mask = sigset_t()
        sigemptyset(&mask)
        for s in [SIGINT, SIGTERM, SIGUSR1] { sigaddset(&mask, s) }
        return mask
    }
}
