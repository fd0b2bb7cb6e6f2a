import MaterialsCore
import Synchronization

/// Candidates of structure files: a file, a folder or an archive, each file in whatever format it has.
///
/// - Output:   each record is a position, in the order of the files. Compositions are the cell's; ids are the format's own
///   (`material_id`, data name of a CIF) or the file's name without its ending, with `:frame` or `:block` where a file has several; of
///   a folder or an archive with more than one structure file they are always the path, with `:id` where a file has several.
///   Values beside the structures are columns.
/// - Scope:    a record that a format or `StructureValidation` refuses is rejected, with the file, the line and the reason; a file that
///   cannot be opened or cut is one rejection. Files that no format reads are skipped: see `notes`.
/// - Errors:   input errors where no file has a known format, and those of a single file or an archive as a whole.
/// - Cost:     reads from the start, and once more to count or to know the columns; memory for a few batches of records.
public final class StructureSource: CandidateSource {
    private let collection: FileCollection
    private let finder: StructureFormatFinder
    private let isOneOfMany: Bool
    private let plan: StructureColumnPlan
    private let tally: StructureTally

    private init(_ survey: StructureSurvey, _ plan: StructureColumnPlan) {
        (collection, finder, isOneOfMany, self.plan) = (survey.collection, survey.finder, survey.isOneOfMany, plan)
        tally = StructureTally()
        if let count = survey.count { tally.record(count: count, skipped: survey.skipped) }
    }

    /// Opens structure files.
    ///
    /// Where the request asks for all columns and a format carries values, the files are read through once to know them.
    ///
    /// - Parameters:
    ///   - format: a name of the registry for all files, or nil
    ///   - request: `idColumn` names a value that serves as id; formula and structure columns do not apply
    /// - Errors: usage error for an unknown format or a formula or structure column; input error where no file has a known format.
    public static func open(_ collection: FileCollection, format: String?, request: TableRequest) throws -> StructureSource {
        if let column = request.formulaColumn ?? request.structureColumn {
            throw MatSieveError.usage("\(collection.path) holds structures, no table; leave the column '\(column)' out")
        }
        var survey = try StructureSurvey(collection, format: format)
        let columns = try request.columns ?? survey.columns(without: request.idColumn)
        return StructureSource(
            survey, StructureColumnPlan(columns: columns, hasStructures: request.readsStructures, idColumn: request.idColumn))
    }

    /// Names of all values that the structures of files carry; reads them through.
    public static func columnNames(_ collection: FileCollection, format: String?) throws -> [String] {
        var survey = try StructureSurvey(collection, format: format)
        return try survey.columns(without: nil).map(\.name)
    }

    /// Columns that its batches carry.
    public var schema: CandidateSchema { plan.schema }
    /// Always false.
    public var isAddressable: Bool { false }
    /// The path; structure files state no rights.
    public var provenance: SourceProvenance { SourceProvenance(path: collection.path) }
    /// What a user should know once the source has been read or counted: `3 files skipped: no structure format for README, …`.
    public var notes: [String] { tally.skipped.note.map { [$0] } ?? [] }

    /// Cuts the files through once; the answer is kept.
    public func positionCount() throws -> Int {
        if let count = tally.count { return count }
        let cutter = try cutter()
        while try cutter.next() != nil {}
        tally.record(count: cutter.count, skipped: cutter.skipped)
        return cutter.count
    }

    /// Cuts the files from the start, past what lies before `positions`.
    public func reader(positions: Range<Int>) throws -> any CandidateReader {
        precondition(positions.lowerBound % CandidateGrid.batchSize == 0)
        let cutter = try cutter()
        try cutter.skip(positions.lowerBound)
        return StructureReader(cutter, plan: plan, positions: positions, tally: tally)
    }

    /// SHA-256 (hex) of the files.
    public func contentHash() throws -> String { try collection.contentHash() }

    private func cutter() throws -> StructureRecordCutter {
        try StructureRecordCutter(collection, finder: finder, isOneOfMany: isOneOfMany)
    }
}

/// What is known of a source once its files have been read to the end.
private final class StructureTally: Sendable {
    private let found = Mutex<(count: Int?, skipped: SkippedFiles)>((nil, SkippedFiles()))

    var count: Int? { found.withLock { $0.count } }
    var skipped: SkippedFiles { found.withLock { $0.skipped } }

    func record(count: Int, skipped: SkippedFiles) { found.withLock { $0 = (count, skipped) } }
}

/// Gathers records to batches, to be decoded elsewhere.
private final class StructureReader: CandidateReader {
    private let cutter: StructureRecordCutter
    private let plan: StructureColumnPlan
    private let tally: StructureTally
    private var left: Range<Int>

    init(_ cutter: StructureRecordCutter, plan: StructureColumnPlan, positions: Range<Int>, tally: StructureTally) {
        (self.cutter, self.plan, self.tally, left) = (cutter, plan, tally, positions)
    }

    func next() throws -> PendingBatches? {
        let pending = try gather(min(CandidateGrid.batchSize, left.count))
        if pending.isEmpty { return nil }
        let first = left.lowerBound
        left = first + pending.count..<left.upperBound
        let plan = plan
        return PendingBatches(positions: first..<left.lowerBound) {
            [StructureBatchDecoder.batch(pending, first: first, plan: plan)]
        }
    }

    private func gather(_ count: Int) throws -> [PendingStructure] {
        var pending: [PendingStructure] = []
        var (bytes, decoded) = (0, 0)
        while pending.count < count {
            guard let item = try cutter.next() else {
                tally.record(count: cutter.count, skipped: cutter.skipped)
                break
            }
            pending.append(item)
            bytes += item.byteCount
            if bytes <= StructureLimits.pendingBytes { continue }
            for k in decoded..<pending.count { pending[k].decode() }
            (bytes, decoded) = (0, pending.count)
        }
        return pending
    }
}
