import Foundation
import MaterialsCore
import Reporting
import Storage

/// The folder of a run: made, locked against a second process, refused where another run's results lie in it.
final class RunFolder {
    /// Path of the folder; shards have one of their own below the run's.
    let path: String
    private let lock: FileLock

    /// Checkpoints of the run.
    var checkpoints: CheckpointFolder { CheckpointFolder(run: path) }
    /// File of a finished shard.
    static let shardFile = "shard.state"

    init(options: RunOptions) throws {
        let shard = options.shard.flatMap { $0.count > 1 ? $0 : nil }
        path = shard.map { options.folder + "/" + $0.folderName } ?? options.folder
        try makeFolder(path)
        lock = try Self.lock(path)
        if options.prepare || options.resume { return }
        for file in ["manifest.json", "ranking.csv", Self.shardFile, "checkpoint"]
        where FileManager.default.fileExists(atPath: path + "/" + file) {
            let what = file == "checkpoint" ? "an unfinished run" : "the results of a run"
            throw MatSieveError.usage("\(path): holds \(what) (\(file)); give another -o, remove it, or go on with --resume")
        }
    }

    /// Keeps other processes out of a folder as long as it lives; makes the folder where it is missing.
    static func lock(_ path: String) throws -> FileLock {
        try makeFolder(path)
        return try FileLock(path: path + "/.lock", owner: path)
    }

    /// The state of a finished shard, or nil where there is none.
    func finishedShard() throws -> RunState? {
        let file = path + "/" + Self.shardFile
        return try FileManager.default.contents(atPath: file).map { try RunState(bytes: Array($0), file: file) }
    }

    /// The report of a finished run, or nil where there is none; the manifest is written last.
    func finishedReport() throws -> RunReport? {
        guard FileManager.default.fileExists(atPath: path + "/manifest.json") else { return nil }
        let file = path + "/report.json"
        return try FileManager.default.contents(atPath: file).map { try ReportJSON.read(Array($0), path: file) }
    }

    /// Leaves a finished shard for the merge.
    func saveShard(_ state: RunState) throws {
        try AtomicFile.write(try state.encoded(), to: path + "/" + Self.shardFile)
    }
}

/// Makes a folder and those above it, or says in one line why it can't be.
///
/// - Errors: `.stopped` for a full disk, else `.usage`.
func makeFolder(_ path: String) throws {
    var isFolder: ObjCBool = false
    if !FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
        let above = path.split(separator: "/", omittingEmptySubsequences: true).dropLast().joined(separator: "/")
        if !above.isEmpty { try makeFolder(path.hasPrefix("/") ? "/" + above : above) }
        if mkdir(path, 0o777) != 0 && errno != EEXIST {
            let (code, cause) = (errno, String(cString: strerror(errno)))
            if code == ENOSPC || code == EDQUOT { throw MatSieveError.stopped("\(path): can't be made: \(cause); make room and run again") }
            throw MatSieveError.usage("\(path): the folder can't be made: \(cause); give another -o")
        }
    } else if !isFolder.boolValue {
        throw MatSieveError.usage("\(path): is a file where a folder is wanted; give another -o")
    }
    guard access(path, W_OK | X_OK) == 0 else {
        throw MatSieveError.usage("\(path): the folder is not writable; give another -o or change its rights")
    }
}
