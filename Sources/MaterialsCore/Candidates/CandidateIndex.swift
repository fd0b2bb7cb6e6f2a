/// Where a candidate stands: the ordinal of its source in the plan and its position in that source.
///
/// Order, ties and cuts go by this number, never by the user's id.
///
/// - Scope: at most 65,535 sources of at most 2^48 positions each.
public struct CandidateIndex: Hashable, Comparable, Sendable {
    /// Source ordinal in the upper 16 bits, position in the lower 48.
    public var rawValue: UInt64

    /// Wraps a packed index.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Packs a source ordinal and a position.
    public init(source: Int, position: Int) {
        precondition(source >= 0 && source < 1 << 16 && position >= 0 && position < 1 << 48)
        rawValue = UInt64(source) << 48 | UInt64(position)
    }

    /// Ordinal of the source in the plan, from 0.
    public var source: Int { Int(rawValue >> 48) }
    /// Position in the source, from 0.
    public var position: Int { Int(rawValue & (1 << 48 - 1)) }

    /// Order of the run.
    public static func < (a: CandidateIndex, b: CandidateIndex) -> Bool { a.rawValue < b.rawValue }
}

/// The fixed grid on which every run is cut: batches of 1,024 consecutive positions of one source.
public enum CandidateGrid {
    /// Positions in a batch.
    public static let batchSize = 1024

    /// Batches that cover `positions` candidates.
    public static func batchCount(positions: Int) -> Int { (positions + batchSize - 1) / batchSize }

    /// The batches of shard `index` (from 0) of `count`: contiguous, together all of `0..<batches`.
    public static func shard(_ index: Int, of count: Int, batches: Int) -> Range<Int> {
        let (q, r) = batches.quotientAndRemainder(dividingBy: count)
        let lower = index * q + min(index, r)
        return lower..<(lower + q + (index < r ? 1 : 0))
    }
}
