import MaterialsCore

/// All sources of a run as one stream of raw pieces on the grid.
final class RunInput {
    /// Where a run stands: everything before it is done.
    struct Cursor: Equatable, Sendable {
        var source: Int
        var position: Int
    }

    /// A piece of one source.
    struct Piece: Sendable {
        var source: Int
        var pending: PendingBatches
        /// Where a run stands once this piece is committed.
        var end: Cursor { Cursor(source: source, position: pending.positions.upperBound) }
    }

    private let sources: [any CandidateSource]
    private let ranges: [Range<Int>]
    private var current: Int
    private var start: Int?
    private var reader: (any CandidateReader)?

    /// Reads `ranges[s]` of each source, from `cursor` on.
    init(sources: [any CandidateSource], ranges: [Range<Int>], from cursor: Cursor?) {
        (self.sources, self.ranges) = (sources, ranges)
        current = cursor?.source ?? 0
        // A committed piece that ends off the grid was the last of its source.
        if let cursor {
            if cursor.position % CandidateGrid.batchSize != 0 { current += 1 } else { start = cursor.position }
        }
    }

    /// The next piece, or nil at the end.
    func next() throws -> Piece? {
        while current < sources.count {
            if reader == nil {
                let range = ranges[current]
                let lower = max(start ?? range.lowerBound, range.lowerBound)
                if lower < range.upperBound { reader = try sources[current].reader(positions: lower..<range.upperBound) }
            }
            if let pending = try reader?.next() { return Piece(source: current, pending: pending) }
            reader = nil
            start = nil
            current += 1
        }
        return nil
    }
}
