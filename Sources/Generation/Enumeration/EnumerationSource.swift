import MaterialsCore

/// Candidates that are enumerated: element choices × oxidation states × amounts, of which those are kept that pass the tests.
///
/// A position is one stoichiometry that is tested, so that any of them is found at once; kept ones are sparse. A piece covers many grid
/// cells, and its kept rows fill batches of their own: rows do not depend on their batch, pieces begin on the grid.
///
/// - Output: compositions with the amounts found; ids are positions from 1; the column `oxidation_states` where it is asked for.
/// - Scope: at most 2^48 positions, which is what an index holds.
/// - Cost: see `NeutralSearch`; memory is that of the rows of a piece.
public struct EnumerationSource: CandidateSource {
    /// What it is an enumeration of.
    public let rules: EnumerationRules
    /// Columns that its batches carry.
    public let schema: CandidateSchema
    private let space: CompositionSpace
    private let positions: Int

    /// Columns that it can carry.
    public static let columnNames = [EnumerationRows.statesColumn]

    /// An enumeration; one that is too large is refused with its size and what would make it smaller.
    public init(_ rules: EnumerationRules, schema: CandidateSchema = CandidateSchema()) throws {
        space = CompositionSpace(rules)
        guard let positions = Int(exactly: space.count), positions <= Self.largestCount else { throw rules.tooLarge(space.count) }
        guard positions > 0 else {
            throw MatSieveError.usage("enumerate: no formula has these elements and components; nothing would be tested")
        }
        (self.rules, self.positions, self.schema) = (rules, positions, schema)
    }

    /// Positions that an index can hold.
    static let largestCount = 1 << 48

    /// Stoichiometries that are tested.
    public func positionCount() -> Int { positions }

    /// Anywhere at once.
    public var isAddressable: Bool { true }

    /// SHA-256 of the rules, with the states and electronegativities that they lead to.
    public func contentHash() -> String {
        var hash = SHA256()
        hash.update("enumeration 1")
        hash.update(rules.canonicalText)
        return hash.finalize()
    }

    /// Nobody's but the user's.
    public var provenance: SourceProvenance {
        SourceProvenance(path: "enumerate", source: "oxidation states \(rules.oxidationStates.name)")
    }

    /// How many stoichiometries a run of it tests.
    public var notes: [String] { ["enumerate: \(EnumerationRules.countText(UInt128(positions))) stoichiometries are tested in all"] }

    /// Reads `positions`, whose lower bound lies on the grid.
    public func reader(positions: Range<Int>) -> any CandidateReader {
        precondition(positions.lowerBound % CandidateGrid.batchSize == 0)
        return Reader(source: self, positions: positions.clamped(to: 0..<self.positions))
    }

    /// Grid cells of a piece: where nearly all positions are kept, so few that its rows stay a handful of batches.
    private var pieceSize: Int { CandidateGrid.batchSize * (rules.isChargeNeutral ? 2048 : 16) }

    private final class Reader: CandidateReader {
        private let source: EnumerationSource
        private var left: Range<Int>

        init(source: EnumerationSource, positions: Range<Int>) { (self.source, left) = (source, positions) }

        func next() -> PendingBatches? {
            if left.isEmpty { return nil }
            let end = min((left.lowerBound / source.pieceSize + 1) * source.pieceSize, left.upperBound)
            let piece = left.lowerBound..<end
            left = end..<left.upperBound
            return PendingBatches(positions: piece) { [source] in source.batches(piece) }
        }
    }

    /// The kept rows of some positions.
    func batches(_ range: Range<Int>) -> [CandidateBatch] {
        var rows = EnumerationRows(schema: schema)
        if range.isEmpty { return [] }
        let search = NeutralSearch(largest: rules.maxCoefficient)
        var (system, offset) = space.locate(range.lowerBound)
        var base = range.lowerBound - offset
        while base < range.upperBound {
            let size = Int(space.count(system))
            var finder = SystemSearch(space.choices(system), rules: rules, search: search)
            finder.run(max(range.lowerBound - base, 0)..<min(range.upperBound - base, size), base: base, into: &rows)
            base += size
            guard let following = space.next(system) else { break }
            system = following
        }
        return rows.finished()
    }
}
