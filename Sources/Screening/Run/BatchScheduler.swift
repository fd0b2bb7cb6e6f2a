import Foundation
import MaterialsCore

/// Reads, processes and commits batches on several threads, in an order that no thread count can change.
///
/// One thread at a time fetches raw input; decoding and processing run in parallel; results are handed to `commit` one at
/// a time and in input order, so what is committed is always a prefix. A worker that runs too far ahead waits.
struct BatchScheduler<Result: Sendable>: Sendable {
    /// Worker threads.
    let threads: Int
    /// Asked between pieces of work; true stops the run at a batch boundary.
    let isCancelled: @Sendable () -> Bool

    /// Runs until the input ends, `isCancelled` says so, or something throws.
    /// - Parameters:
    ///   - next: the next piece of raw input, or nil; called by one thread at a time
    ///   - process: decodes and computes; called by many threads
    ///   - commit: takes results in input order; called by one thread at a time
    func run<Piece: Sendable>(
        next: () throws -> Piece?, process: @Sendable (Piece) throws -> Result, commit: (Result) throws -> Void
    ) throws {
        // The closures are only called while this function waits; the state's locks keep next and commit serial.
        try withoutActuallyEscaping(next) { next in
            try withoutActuallyEscaping(commit) { commit in
                try withoutActuallyEscaping(process) { process in
                    let state = SchedulerState(next: next, process: process, commit: commit, window: 4 * threads, isCancelled: isCancelled)
                    try state.run(threads: threads)
                }
            }
        }
    }
}

private final class SchedulerState<Piece: Sendable, Result: Sendable>: @unchecked Sendable {
    private struct Steps {
        var next: () throws -> Piece?
        var process: @Sendable (Piece) throws -> Result
        var commit: (Result) throws -> Void
    }
    /// Let go when all work is done: a thread object can outlive its thread's work and must not keep the caller's closures.
    private var steps: Steps?
    private let window: Int
    private let isCancelled: @Sendable () -> Bool

    private let input = NSLock()
    private var fetched = 0
    private var inputEnded = false

    private let output = NSCondition()
    private var committed = 0
    private var waiting: [Int: Result] = [:]
    private var isCommitting = false
    private var failure: (sequence: Int, error: any Error)?

    init(
        next: @escaping () throws -> Piece?, process: @escaping @Sendable (Piece) throws -> Result,
        commit: @escaping (Result) throws -> Void, window: Int, isCancelled: @escaping @Sendable () -> Bool
    ) {
        steps = Steps(next: next, process: process, commit: commit)
        (self.window, self.isCancelled) = (window, isCancelled)
    }

    func run(threads: Int) throws {
        let group = DispatchGroup()
        for _ in 1..<max(threads, 1) {
            group.enter()
            let thread = Thread { [self] in
                work()
                group.leave()
            }
            thread.stackSize = 8 << 20
            thread.start()
        }
        work()
        group.wait()
        steps = nil
        if let failure { throw failure.error }
    }

    private func work() {
        while let (sequence, piece) = fetch() {
            do {
                try deliver(steps!.process(piece), sequence)
            } catch {
                fail(error, at: sequence)
                return
            }
        }
    }

    private func fetch() -> (Int, Piece)? {
        input.lock()
        defer { input.unlock() }
        guard !inputEnded, !isCancelled(), !hasFailed else { return nil }
        output.lock()
        while fetched - committed >= window && failure == nil { output.wait() }
        output.unlock()
        guard !hasFailed else { return nil }
        let sequence = fetched
        do {
            guard let piece = try steps!.next() else {
                inputEnded = true
                return nil
            }
            fetched += 1
            return (sequence, piece)
        } catch {
            inputEnded = true
            fail(error, at: sequence)
            return nil
        }
    }

    private func deliver(_ result: Result, _ sequence: Int) throws {
        output.lock()
        waiting[sequence] = result
        if isCommitting || failure != nil {
            output.unlock()
            return
        }
        isCommitting = true
        while let ready = waiting.removeValue(forKey: committed), failure == nil {
            let number = committed
            output.unlock()
            do {
                try steps!.commit(ready)
            } catch {
                output.lock()
                isCommitting = false
                output.unlock()
                fail(error, at: number)
                return
            }
            output.lock()
            committed += 1
            output.broadcast()
        }
        isCommitting = false
        output.unlock()
    }

    private var hasFailed: Bool {
        output.lock()
        defer { output.unlock() }
        return failure != nil
    }

    /// The error of the earliest piece wins, so that the message does not depend on timing more than it must.
    private func fail(_ error: any Error, at sequence: Int) {
        output.lock()
        if failure == nil || sequence < failure!.sequence { failure = (sequence, error) }
        output.broadcast()
        output.unlock()
    }
}
