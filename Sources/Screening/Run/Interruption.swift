import Foundation
import Synchronization

/// Turns SIGINT, SIGTERM and SIGUSR1 into a request to stop at the next batch.
///
/// The signals have handlers and are masked nowhere: libraries start threads of their own before any code of ours runs, so
/// a mask would miss them. A second signal ends the process at once.
public final class Interruption: Sendable {
    private let requested = Atomic<Bool>(false)
    private let isSaving = Atomic<Bool>(false)

    /// Seconds that work gets to reach a batch boundary before the process ends without one.
    private static let grace: UInt32 = 20
    /// The signal that came, or 0; the handler may do no more than this.
    private static let signalTaken = Atomic<Int32>(0)

    /// A request that nothing has made yet.
    public init() {}

    /// True once a signal came.
    public var isRequested: Bool {
        requested.load(ordering: .relaxed) || (isListening.load(ordering: .relaxed) && Self.signalTaken.load(ordering: .relaxed) != 0)
    }
    private let isListening = Atomic<Bool>(false)

    /// Asks to stop, as a signal would.
    public func request() { requested.store(true, ordering: .relaxed) }

    /// The signal's name, for the message.
    public var cause: String {
        switch Self.signalTaken.load(ordering: .relaxed) {
        case SIGINT: "SIGINT"
        case SIGTERM: "SIGTERM"
        case SIGUSR1: "SIGUSR1"
        default: "a request to stop"
        }
    }

    /// Starts to listen.
    public func listen() {
        isListening.store(true, ordering: .relaxed)
        // Whoever started us may have left them masked.
        var mask = sigset_t()
        sigemptyset(&mask)
        for number in [SIGINT, SIGTERM, SIGUSR1] { sigaddset(&mask, number) }
        pthread_sigmask(SIG_UNBLOCK, &mask, nil)
        for number in [SIGINT, SIGTERM, SIGUSR1] {
            signal(number) { taken in
                if Interruption.signalTaken.exchange(taken, ordering: .relaxed) != 0 { _exit(75) }
            }
        }
        let thread = Thread { [self] in
            while Self.signalTaken.load(ordering: .relaxed) == 0 { usleep(200_000) }
            sleep(Self.grace)
            while isSaving.load(ordering: .relaxed) { usleep(200_000) }
            StandardError.write("matsieve: stopped by \(cause) while it was busy; what stood before stands, run it again\n")
            _exit(75)
        }
        thread.name = "signals"
        thread.stackSize = 256 << 10
        thread.start()
    }

    /// Runs what must not be cut short once it has begun.
    func saving<T>(_ body: () throws -> T) rethrows -> T {
        isSaving.store(true, ordering: .relaxed)
        defer { isSaving.store(false, ordering: .relaxed) }
        return try body()
    }
}
