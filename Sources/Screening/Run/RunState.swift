import Foundation
import MaterialsCore
import Storage

/// The whole state of a part of a run: its description, how far it is, its summary, and what its ranking holds.
///
/// A checkpoint and a finished shard are the same file; only `isComplete` differs.
struct RunState: Sendable {
    var description: RunDescription
    var shard: Shard
    /// Everything before it is committed; nil at the start.
    var cursor: RunInput.Cursor?
    var isComplete: Bool
    var summary: RunSummary
    var ranking: RankingState

    private static let magic = "MatSieve run state 3"

    /// The bytes of a state file, closed by their hash.
    func encoded() throws -> [UInt8] {
        var writer = ByteWriter()
        writer.write(Self.magic)
        writer.write(try description.encoded())
        writer.write(count: shard.number)
        writer.write(count: shard.count)
        writer.write(UInt8(isComplete ? 1 : 0))
        writer.write(UInt8(cursor == nil ? 0 : 1))
        writer.write(count: cursor?.source ?? 0)
        writer.write(count: cursor?.position ?? 0)
        summary.encode(to: &writer)
        ranking.encode(to: &writer)
        return writer.bytes + Array(SHA256.hash(writer.bytes).utf8)
    }

    /// Reads a state file; a damaged or foreign one is named.
    init(bytes: [UInt8], file: String) throws {
        guard bytes.count > 64, Array(SHA256.hash(Array(bytes.dropLast(64))).utf8) == Array(bytes.suffix(64)) else {
            throw MatSieveError.input("\(file): damaged or not of a MatSieve run; run that part again")
        }
        var reader = ByteReader(Array(bytes.dropLast(64)), subject: file)
        guard try reader.readString() == Self.magic else {
            throw MatSieveError.input("\(file): written by another version of MatSieve; run that part again")
        }
        description = try RunDescription(encoded: try reader.readString(), file: file)
        let (number, count) = (try reader.readPlace(), try reader.readPlace())
        guard count >= 1, (1...count).contains(number) else {
            throw MatSieveError.input("\(file): damaged (shard \(number)/\(count)); run that part again")
        }
        shard = Shard(number: number, count: count)
        isComplete = try reader.read(UInt8.self) == 1
        let hasCursor = try reader.read(UInt8.self) == 1
        let place = RunInput.Cursor(source: try reader.readPlace(), position: try reader.readPlace())
        cursor = hasCursor ? place : nil
        summary = try RunSummary(from: &reader)
        ranking = try RankingState(from: &reader)
    }

    init(
        description: RunDescription, shard: Shard, cursor: RunInput.Cursor?, isComplete: Bool, summary: RunSummary, ranking: RankingState
    ) {
        (self.description, self.shard, self.cursor) = (description, shard, cursor)
        (self.isComplete, self.summary, self.ranking) = (isComplete, summary, ranking)
    }
}

/// The checkpoints of a run folder: two generations, the newer one written beside the older and then renamed.
struct CheckpointFolder: Sendable {
    /// Folder of the run.
    let run: String

    private var folder: String { run + "/checkpoint" }
    private var current: String { folder + "/state" }
    private var previous: String { folder + "/state.previous" }

    /// Writes a generation; what stood before becomes the previous one.
    func save(_ state: RunState) throws {
        try makeFolder(folder)
        let bytes = try state.encoded()
        if FileManager.default.fileExists(atPath: current) {
            guard rename(current, previous) == 0 else {
                throw MatSieveError.stopped("\(previous): can't be written: \(String(cString: strerror(errno)))")
            }
        }
        try AtomicFile.write(bytes, to: current)
    }

    /// The newest readable generation, or nil where there is none.
    func load() throws -> RunState? {
        var firstError: (any Error)?
        for file in [current, previous] {
            guard let bytes = FileManager.default.contents(atPath: file) else { continue }
            do { return try RunState(bytes: Array(bytes), file: file) } catch { firstError = firstError ?? error }
        }
        if let firstError { throw firstError }
        return nil
    }

    /// Removes the checkpoints of a run that is done.
    func remove() throws {
        // What can't be removed does no harm to the results.
        try? FileManager.default.removeItem(atPath: folder)
    }
}

extension ByteReader {
    /// A number that fits in 48 bits, as positions and counts of a run do.
    fileprivate mutating func readPlace() throws -> Int {
        let n: UInt64 = try read()
        guard n < 1 << 48 else { throw MatSieveError.input("a checkpoint or shard is damaged (number \(n)); run that part again") }
        return Int(n)
    }
}
