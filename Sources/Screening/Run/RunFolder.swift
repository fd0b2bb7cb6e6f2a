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
        try Self.make(path)
        lock = try FileLock(path: path + "/.lock", owner: path)
        if options.prepare || options.resume { return }
        for file in ["manifest.json", "ranking.csv", Self.shardFile, "checkpoint"]
        where FileManager.default.fileExists(atPath: path + "/" + file) {
            let what = file == "checkpoint" ? "an unfinished run" : "the results of a run"
            throw MatSieveError.usage("\(path): holds \(what) (\(file)); give another -o, remove it, or go on with --resume")
        }
    }

    deinit { unlink(path + "/.lock") }

    /// Makes a folder, or says in one line why it can't be.
    static func make(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            let cause = access(path, F_OK) == 0 ? "it is not a folder" : String(cString: strerror(errno))
            throw MatSieveError.usage("\(path): the output folder can't be made: \(cause); give another -o")
        }
        guard access(path, W_OK | X_OK) == 0 else {
            throw MatSieveError.usage("\(path): the output folder is not writable; give another -o or change its rights")
        }
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
