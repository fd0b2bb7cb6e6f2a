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
        let state = try states.merged()
        try requireClass(state.description.dataClass, allowed: dataClass, of: first)
        guard state.summary.read > state.summary.rejected else { throw MatSieveError.input("the shards hold no usable candidate") }
        try RunFolder.make(output)
        let report = try RunFinish(state: state, timings: .init()).write(to: output)
        if let maxRejected, maxRejected.isExceeded(rejected: state.summary.rejected, read: state.summary.read) {
            throw MatSieveError(
                .tooManyRejected,
                "\(grouped(state.summary.rejected)) of \(grouped(state.summary.read)) candidates were rejected, more than --max-rejected \(maxRejected.text); see \(output)/rejections.csv"
            )
        }
        return ScreeningRun.Outcome(
            read: state.summary.read, rejected: state.summary.rejected, kept: report.counts.ranked, funnel: RunFinish.funnel(state),
            output: output,
            seconds: 0,
            candidatesPerSecond: 0, best: BestLines.lines(report), warnings: [], notes: ["merged \(states.count) shards"])
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

/// Shards found so far, checked to be of one run and each there once.
private struct ShardStates {
    private let first: (state: RunState, file: String)
    private var byNumber: [Int: RunState] = [:]

    var count: Int { byNumber.count }

    init(first: RunState, file: String) throws {
        self.first = (first, file)
        byNumber[first.shard.number] = first
    }

    mutating func add(_ state: RunState, file: String) throws {
        if state.shard.count != first.state.shard.count {
            throw MatSieveError.input(
                "\(file): is shard \(state.shard.number)/\(state.shard.count), but \(first.file) is of \(first.state.shard.count); merge the shards of one run"
            )
        }
        if let what = first.state.description.difference(from: state.description) {
            throw MatSieveError.input("\(file): its \(what) differs from that of \(first.file); merge the shards of one run")
        }
        guard byNumber[state.shard.number] == nil else {
            throw MatSieveError.input("\(file): shard \(state.shard.number)/\(state.shard.count) is there twice; name each folder once")
        }
        byNumber[state.shard.number] = state
    }

    func requireAll(unfinished: [String]) throws {
        let missing = (1...first.state.shard.count).filter { byNumber[$0] == nil }
        guard !missing.isEmpty else { return }
        let list = missing.prefix(10).map(String.init).joined(separator: ", ") + (missing.count > 10 ? ", …" : "")
        let begun = unfinished.isEmpty ? "" : "; unfinished: \(unfinished.prefix(5).joined(separator: ", ")), go on with --resume"
        throw MatSieveError.input("\(missing.count) of \(first.state.shard.count) shards are missing: \(list)\(begun)")
    }

    func merged() throws -> RunState {
        let plan = try ScreeningPlan(
            text: first.state.description.planText, path: first.state.description.planPath, overrides: first.state.description.overrides)
        return try fold(plan.ranking)
    }

    private func fold(_ method: some RankingMethod) throws -> RunState {
        let ordered = byNumber.sorted { $0.key < $1.key }.map(\.value)
        var state = ordered[0]
        var total = try method.makeFold(held: state.held)
        for part in ordered.dropFirst() {
            state.summary.merge(part.summary)
            try total.merge(try method.makeFold(held: part.held))
        }
        state.held = total.held
        state.shard = .whole
        return state
    }
}
