import MaterialsCore

/// Part I of N of a run, cut on the grid.
public struct Shard: Equatable, Sendable, Codable {
    /// From 1.
    public var number: Int
    /// Of how many.
    public var count: Int

    /// The whole run.
    public static let whole = Shard(number: 1, count: 1)

    /// Makes a shard.
    public init(number: Int, count: Int) { (self.number, self.count) = (number, count) }

    /// Reads `I/N`, or `auto` from the variables that schedulers set for job arrays.
    public init(_ text: String, environment: [String: String]) throws {
        if text == "auto" {
            self = try Self.fromScheduler(environment)
        } else {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
            guard parts.count == 2, let i = parts[0], let n = parts[1] else {
                throw MatSieveError.usage("--shard \(text): give I/N, such as 3/16, or auto")
            }
            self.init(number: i, count: n)
        }
        guard count >= 1, count <= 1_000_000, (1...count).contains(number) else {
            throw MatSieveError.usage("--shard \(number)/\(count): I must be from 1 to N, N at most 1,000,000")
        }
    }

    private static func fromScheduler(_ environment: [String: String]) throws -> Shard {
        func integer(_ name: String) -> Int? { environment[name].flatMap { Int($0) } }
        if let i = integer("SLURM_ARRAY_TASK_ID"), let n = integer("SLURM_ARRAY_TASK_COUNT") {
            let (first, step) = (integer("SLURM_ARRAY_TASK_MIN") ?? 1, max(integer("SLURM_ARRAY_TASK_STEP") ?? 1, 1))
            guard (i - first) % step == 0, (0..<n).contains((i - first) / step) else {
                throw MatSieveError.usage(
                    "--shard auto: task \(i) of an array of \(n) tasks from \(first) in steps of \(step); give the array as 1-N")
            }
            return Shard(number: (i - first) / step + 1, count: n)
        }
        let count = integer("MATSIEVE_SHARDS")
        for name in ["PBS_ARRAY_INDEX", "PBS_ARRAYID", "PJM_BULKNUM"] {
            guard let i = integer(name) else { continue }
            guard let count else {
                throw MatSieveError.usage(
                    "--shard auto: \(name) is \(i), but the scheduler does not tell how many there are; set MATSIEVE_SHARDS=N (numbers from 1)"
                )
            }
            return Shard(number: i, count: count)
        }
        throw MatSieveError.usage(
            "--shard auto: no job array found (SLURM_ARRAY_TASK_ID and _COUNT, PBS_ARRAY_INDEX, PJM_BULKNUM); give I/N")
    }

    /// The positions of each source that belong to this shard; sources have the given numbers of positions.
    func ranges(positionCounts: [Int]) -> [Range<Int>] {
        let batches = positionCounts.map(CandidateGrid.batchCount(positions:))
        let mine = CandidateGrid.shard(number - 1, of: count, batches: batches.reduce(0, +))
        var first = 0
        return batches.indices.map { s in
            defer { first += batches[s] }
            let lower = min(max(mine.lowerBound - first, 0), batches[s])
            let upper = min(max(mine.upperBound - first, 0), batches[s])
            let size = CandidateGrid.batchSize
            return min(lower * size, positionCounts[s])..<max(min(upper * size, positionCounts[s]), min(lower * size, positionCounts[s]))
        }
    }

    /// Name of the folder of this shard below the run's.
    var folderName: String {
        func padded(_ n: Int) -> String { String(repeating: "0", count: max(0, 6 - String(n).count)) + String(n) }
        return "shard-\(padded(number))-of-\(padded(count))"
    }
}
