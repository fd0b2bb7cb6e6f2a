import MaterialsCore

/// What the command line says of a run beside its plan.
public struct RunOptions: Sendable {
    /// Path of the plan.
    public var planPath: String
    /// Folder of the run; nil makes one named after the plan.
    public var output: String?
    /// Worker threads.
    public var threads: Int
    /// Which part; nil is the whole.
    public var shard: Shard?
    /// Go on from the last checkpoint.
    public var resume: Bool
    /// Train the plan's models and stop.
    public var prepare: Bool
    /// Folder with trained models.
    public var modelsFolder: String?
    /// How many candidates may be unusable.
    public var maxRejected: RejectionLimit?
    /// Changes to the plan, `KEY=VALUE`.
    public var overrides: [String]
    /// Check everything and say what would run.
    public var dryRun: Bool
    /// Lines of `rejections.csv`.
    public var rejectionLimit: Int
    /// Seconds between checkpoints; 0 writes one after each piece of work.
    public var checkpointInterval: Double

    /// Options of a plain run.
    public init(
        planPath: String, output: String? = nil, threads: Int = 1, shard: Shard? = nil, resume: Bool = false, prepare: Bool = false,
        modelsFolder: String? = nil, maxRejected: RejectionLimit? = nil, overrides: [String] = [], dryRun: Bool = false,
        rejectionLimit: Int = 100_000, checkpointInterval: Double = 60
    ) {
        (self.planPath, self.output, self.threads, self.shard, self.resume) = (planPath, output, threads, shard, resume)
        (self.prepare, self.modelsFolder, self.maxRejected, self.overrides) = (prepare, modelsFolder, maxRejected, overrides)
        (self.dryRun, self.rejectionLimit, self.checkpointInterval) = (dryRun, rejectionLimit, checkpointInterval)
    }

    /// The folder of the run as one path.
    var folder: String {
        if let output { return output }
        let file = planPath.split(separator: "/").last.map(String.init) ?? planPath
        let stem = file.hasSuffix(".yaml") ? String(file.dropLast(5)) : file.hasSuffix(".yml") ? String(file.dropLast(4)) : file
        return stem + "-run"
    }
}

/// How many candidates may be unusable before a finished run counts as failed.
public enum RejectionLimit: Equatable, Sendable {
    /// A number of candidates.
    case count(UInt64)
    /// A share of those read, in percent.
    case percent(Double)

    /// Reads `N` or `P%`.
    public init(_ text: String) throws {
        if text.hasSuffix("%"), let p = Double(text.dropLast()), (0...100).contains(p) {
            self = .percent(p)
        } else if let n = UInt64(text) {
            self = .count(n)
        } else {
            throw MatSieveError.usage("--max-rejected \(text): give a number, such as 100, or a percentage, such as 1%")
        }
    }

    /// True where `rejected` of `read` is too many.
    func isExceeded(rejected: UInt64, read: UInt64) -> Bool {
        switch self {
        case .count(let n): rejected > n
        case .percent(let p): Double(rejected) > p / 100 * Double(read)
        }
    }

    /// The error of exceeding it, or nil.
    func error(rejected: UInt64, read: UInt64, folder: String) -> MatSieveError? {
        guard isExceeded(rejected: rejected, read: read) else { return nil }
        return MatSieveError(
            .tooManyRejected,
            "\(grouped(rejected)) of \(grouped(read)) candidates were rejected, more than --max-rejected \(text); see \(folder)/rejections.csv"
        )
    }

    /// As the user wrote it.
    var text: String {
        switch self {
        case .count(let n): "\(n)"
        case .percent(let p): "\(numberText(p))%"
        }
    }
}
