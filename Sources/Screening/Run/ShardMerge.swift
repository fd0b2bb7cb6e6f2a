import Foundation
import MaterialsCore
import Selection

/// Brings finished shards together: the same fold as a run in one piece, and the same finish.
public struct ShardMerge {
    /// Merges the shards found in or below `folders` and writes the run's outputs to `output`.
    /// - Returns: the outcome, as of a run in one piece
    public static func merge(_ folders: [String], output: String, maxRejected: RejectionLimit? = nil, dataClass: String? = nil) throws
        -> ScreeningRun.Outcome
    {
        let files = try folders.flatMap(shardFiles)
        guard let first = files.first else {
            throw MatSieveError.input("\(folders.joined(separator: ", ")): no finished shard (\(RunFolder.shardFile)) in or below it")
        }
        for file in ["manifest.json", "ranking.csv", "checkpoint"] where FileManager.default.fileExists(atPath: output + "/" + file) {
            throw MatSieveError.usage("\(output): holds the results of a run (\(file)); give another -o or remove it")
        }
        var states = try ShardStates(first: try load(first), file: first)
        for file in files.dropFirst() { try states.add(try load(file), file: file) }
        try states.requireAll(unfinished: folders.flatMap(unfinishedShards))
        let state = try states.merged(loading: load)
        try requireClass(state.description.dataClass, allowed: dataClass, of: first)
        guard state.summary.read > state.summary.rejected else { throw MatSieveError.input("the shards hold no usable candidate") }
        let lock = try RunFolder.lock(output)
        defer { withExtendedLifetime(lock) {} }
        let report = try RunFinish(state: state, timings: .init()).write(to: output)
        return ScreeningRun.Outcome(
            read: state.summary.read, rejected: state.summary.rejected, kept: report.counts.ranked, funnel: RunFinish.funnel(state),
            output: output,
            seconds: 0,
            candidatesPerSecond: 0, best: BestLines.lines(report), warnings: [], notes: ["merged \(states.count) shards"],
            failure: maxRejected.flatMap { $0.error(rejected: state.summary.rejected, read: state.summary.read, folder: output) })
    }

    private static func load(_ file: String) throws -> RunState {
        guard let bytes = FileManager.default.contents(atPath: file) else { throw MatSieveError.input("\(file): can't be read") }
        return try RunState(bytes: Array(bytes), file: file)
    }

    private static func shardFiles(_ folder: String) throws -> [String] {
        let own = folder + "/" + RunFolder.shardFile
        if FileManager.default.fileExists(atPath: own) { return [own] }
        return try shardFolders(folder).map { $0 + "/" + RunFolder.shardFile }.filter { FileManager.default.fileExists(atPath: $0) }
    }

    private static func shardFolders(_ folder: String) throws -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw MatSieveError.input("\(folder): no such folder, or it can't be read")
        }
        return names.filter { $0.hasPrefix("shard-") }.sorted().map { folder + "/" + $0 }
    }

    private static func unfinishedShards(_ folder: String) throws -> [String] {
        let all = FileManager.default.fileExists(atPath: folder + "/checkpoint") ? [folder] : try shardFolders(folder)
        return all.filter {
            FileManager.default.fileExists(atPath: $0 + "/checkpoint")
                && !FileManager.default.fileExists(atPath: $0 + "/" + RunFolder.shardFile)
        }
    }
}

/// Shards found so far, checked to be of one run and each there once; only their descriptions and files are held.
private struct ShardStates {
    private let description: RunDescription
    private let shards: Int
    private let firstFile: String
    private var files: [Int: String] = [:]

    var count: Int { files.count }

    init(first: RunState, file: String) throws {
        (description, shards, firstFile) = (first.description, first.shard.count, file)
        guard description.version == MatSieve.version else {
            throw MatSieveError.input(
                "\(file): made by MatSieve \(description.version), this is \(MatSieve.version); merge with the version that made the shards"
            )
        }
        files[first.shard.number] = file
    }

    mutating func add(_ state: RunState, file: String) throws {
        if state.shard.count != shards {
            throw MatSieveError.input(
                "\(file): is shard \(state.shard.number)/\(state.shard.count), but \(firstFile) is of \(shards); merge the shards of one run"
            )
        }
        if let what = description.difference(from: state.description) {
            throw MatSieveError.input("\(file): its \(what) differs from that of \(firstFile); merge the shards of one run")
        }
        guard files[state.shard.number] == nil else {
            throw MatSieveError.input("\(file): shard \(state.shard.number)/\(state.shard.count) is there twice; name each folder once")
        }
        files[state.shard.number] = file
    }

    func requireAll(unfinished: [String]) throws {
        let missing = (1...shards).filter { files[$0] == nil }
        guard !missing.isEmpty else { return }
        let list = missing.prefix(10).map(String.init).joined(separator: ", ") + (missing.count > 10 ? ", …" : "")
        let begun = unfinished.isEmpty ? "" : "; unfinished: \(unfinished.prefix(5).joined(separator: ", ")), go on with --resume"
        throw MatSieveError.input("\(missing.count) of \(shards) shards are missing: \(list)\(begun)")
    }

    /// Loads one shard after the other, so that memory does not grow with their number.
    func merged(loading load: (String) throws -> RunState) throws -> RunState {
        let plan = try ScreeningPlan(text: description.planText, path: description.planPath, overrides: description.overrides)
        return try fold(plan.ranking.method, loading: load)
    }

    private func fold(_ method: some RankingMethod, loading load: (String) throws -> RunState) throws -> RunState {
        let ordered = files.sorted { $0.key < $1.key }.map(\.value)
        var state = try load(ordered[0])
        var total = try method.makeFold(state.ranking)
        for file in ordered.dropFirst() {
            let part = try load(file)
            state.summary.merge(part.summary)
            try total.merge(try method.makeFold(part.ranking))
        }
        state.ranking = total.state
        state.shard = .whole
        return state
    }
}
