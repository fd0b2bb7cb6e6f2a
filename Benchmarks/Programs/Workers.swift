import Dispatch
import Foundation
import MaterialsCore
import Synchronization

/// One value a place, each written by one worker at a time.
final class Slots<Value>: @unchecked Sendable {
    private let values: UnsafeMutableBufferPointer<Value>

    /// Fills the places with what `value` makes.
    init(count: Int, _ value: (Int) throws -> Value) rethrows {
        let made = try (0..<count).map(value)
        values = .allocate(capacity: count)
        _ = values.initialize(from: made)
    }

    deinit {
        values.deinitialize()
        values.deallocate()
    }

    subscript(place: Int) -> Value {
        get { values[place] }
        _modify { yield &values[place] }
    }

    /// Number of places.
    var count: Int { values.count }
    /// All values in order.
    var all: [Value] { Array(values) }
}

/// Runs `body(worker, piece)` for every piece on some threads; bodies must be independent. Workers are numbered from 0.
func inParallel(_ pieces: Int, threads: Int, _ body: @Sendable (Int, Int) -> Void) {
    if threads == 1 {
        for piece in 0..<pieces { body(0, piece) }
        return
    }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: threads) { worker in
        while case let piece = next.add(1, ordering: .relaxed).oldValue, piece < pieces { body(worker, piece) }
    }
}

/// Reads a source through, fetching in turns and decoding on some threads; the sum of `measure` over its batches, in their order.
func readThrough(_ source: any CandidateSource, threads: Int, measure: @escaping @Sendable (CandidateBatch) -> Double) throws -> Double {
    let shared = SharedReader(try source.reader(positions: 0..<1 << 48))
    inParallel(threads, threads: threads) { _, _ in
        while let (sequence, piece) = shared.next() {
            shared.keep(sequence, Result { try piece.decode().reduce(0) { $0 + measure($1) } })
        }
    }
    return try shared.sums().reduce(0, +)
}

private final class SharedReader: @unchecked Sendable {
    private let reader: any CandidateReader
    private let lock = NSLock()
    private var fetched = 0
    private var results: [Int: Result<Double, any Error>] = [:]

    init(_ reader: any CandidateReader) { self.reader = reader }

    func next() -> (Int, PendingBatches)? {
        lock.lock()
        defer { lock.unlock() }
        do {
            guard let piece = try reader.next() else { return nil }
            fetched += 1
            return (fetched - 1, piece)
        } catch {
            results[Int.max] = .failure(error)
            return nil
        }
    }

    func keep(_ sequence: Int, _ result: Result<Double, any Error>) {
        lock.lock()
        results[sequence] = result
        lock.unlock()
    }

    func sums() throws -> [Double] { try results.sorted { $0.key < $1.key }.map { try $0.value.get() } }
}
