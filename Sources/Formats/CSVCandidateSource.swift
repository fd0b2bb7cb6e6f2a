import MaterialsCore
import Synchronization

/// Candidates of a CSV file: position 0 is the first record after the header.
final class CSVCandidateSource: CandidateSource {
    private let input: ByteInput
    private let plan: CSVColumnPlan
    private let knownCount: Mutex<Int?>

    /// A source of an opened file; `count` where its records were counted already.
    init(input: ByteInput, plan: CSVColumnPlan, count: Int?) {
        (self.input, self.plan) = (input, plan)
        knownCount = Mutex(count)
    }

    var schema: CandidateSchema { plan.schema }
    var isAddressable: Bool { false }
    var provenance: SourceProvenance {
        let columns = plan.schema.numeric + plan.schema.text
        return SourceProvenance(path: input.path, dataClass: columns.map(\.dataClass).max() ?? .open)
    }

    /// Reads the file through once; the answer is kept.
    func positionCount() throws -> Int {
        if let count = knownCount.withLock({ $0 }) { return count }
        let reader = try CSVRecordReader(input)
        var count = 0
        while let block = try reader.nextBatches(limit: .max) { count += block.count }
        knownCount.withLock { $0 = count }
        return count
    }

    func reader(positions: Range<Int>) throws -> any CandidateReader {
        precondition(positions.lowerBound % CandidateGrid.batchSize == 0)
        let records = try CSVRecordReader(input)
        // The plan's columns are those of the file as it was; another file in its place must not be read by them.
        guard records.header == plan.header else {
            throw MatSieveError.input("\(input.path) has changed since it was opened; run again")
        }
        try records.skip(positions.lowerBound)
        return CSVCandidateReader(records: records, plan: plan, positions: positions)
    }

    func contentHash() throws -> String { try SHA256.hash(of: input.open()) }
}

/// Cuts batches of records, to be decoded elsewhere.
final class CSVCandidateReader: CandidateReader {
    private let records: CSVRecordReader
    private let plan: CSVColumnPlan
    private var left: Range<Int>

    init(records: CSVRecordReader, plan: CSVColumnPlan, positions: Range<Int>) {
        (self.records, self.plan, left) = (records, plan, positions)
    }

    func next() throws -> PendingBatches? {
        guard !left.isEmpty, let block = try records.nextBatches(limit: left.count) else { return nil }
        let first = left.lowerBound
        left = first + block.count..<left.upperBound
        let plan = plan
        return PendingBatches(positions: first..<first + block.count) { CSVBatchDecoder.batches(of: block, first: first, plan: plan) }
    }
}
