import MaterialsCore

/// What was met while a table was read: rows, the unusable ones, and formulas that were read but look doubtful.
struct ReadTally: Sendable {
    /// Rows met, unusable ones included.
    private(set) var read = 0
    /// Unusable rows.
    private(set) var rejected = 0
    /// The first of them, in index order.
    private(set) var rejections: [Rejection] = []
    private var warnings: [String: (count: Int, first: String)] = [:]

    /// Listed at most; the counts are exact.
    private static let limit = 100_000

    /// Takes in a batch, in order.
    mutating func add(_ batch: CandidateBatch) {
        read += batch.count + batch.rejections.count
        rejected += batch.rejections.count
        if rejections.count < Self.limit {
            rejections += batch.rejections.sorted { $0.index < $1.index }.prefix(Self.limit - rejections.count)
        }
        for w in batch.warnings { warnings[w.defect.reason, default: (0, w.defect.detail)].count += 1 }
    }

    /// Takes in what a later part of the table met.
    mutating func merge(_ other: ReadTally) {
        (read, rejected) = (read + other.read, rejected + other.rejected)
        rejections += other.rejections.prefix(max(Self.limit - rejections.count, 0))
        for (reason, found) in other.warnings { warnings[reason, default: (0, found.first)].count += found.count }
    }

    /// Rows that could be used.
    var usable: Int { read - rejected }

    /// One line a kind of doubt.
    var notes: [String] {
        warnings.sorted { $0.key < $1.key }.map { "\($1.count) formulas: \($0); the first: \($1.first)" }
    }

    /// Refuses an input of which nothing can be used.
    func requireUsable(_ path: String) throws {
        if read == 0 { throw MatSieveError.input("\(path): has no rows") }
        if usable == 0 {
            throw MatSieveError.input("\(path): none of \(read) candidates can be used; the first: \(rejections[0].defect.detail)")
        }
    }
}
