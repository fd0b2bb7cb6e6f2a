import MaterialsCore

/// Goes through the files of a collection and cuts them into records: the serial step of reading.
///
/// A file that cannot be opened or cut is one position that says why; a file that no format reads is skipped.
final class StructureRecordCutter {
    /// Files that no format reads.
    private(set) var skipped = SkippedFiles()
    /// Positions so far.
    private(set) var count = 0

    private let collection: FileCollection
    private let members: any FileMemberReader
    private let finder: StructureFormatFinder
    private let isOneOfMany: Bool
    private var member: StructureMember?
    private var records: (any StructureRecordReader)?
    /// The record after the one returned last: whether there is one decides about ids.
    private var held: PendingStructure.Content?
    private var ordinal = 0

    /// Starts at the first file; `isOneOfMany` where ids name the file.
    init(_ collection: FileCollection, finder: StructureFormatFinder, isOneOfMany: Bool) throws {
        (self.collection, self.finder, self.isOneOfMany) = (collection, finder, isOneOfMany)
        members = try collection.open()
    }

    /// The next position; nil at the end.
    func next() throws -> PendingStructure? {
        while held == nil { if try !openMember() { return nil } }
        guard let member, let content = held else { return nil }
        ordinal += 1
        count += 1
        held = try cut()
        return PendingStructure(content: content, member: member, ordinal: ordinal, isOnly: ordinal == 1 && held == nil)
    }

    /// Reads past positions.
    func skip(_ count: Int) throws { for _ in 0..<count { if try next() == nil { return } } }

    /// Opens the next file and cuts its first record; false at the end.
    private func openMember() throws -> Bool {
        do {
            guard let next = try members.next() else { return false }
            try openRecords(next)
        } catch let defect as CandidateDefect {
            begin(collection.path, nil)
            held = .defect(defect, label: nil)
        }
        return true
    }

    private func openRecords(_ file: FileCollection.Member) throws {
        do {
            guard let found = try finder.find(file) else { return skipped.add(file.path) }
            begin(file.path, found.format)
            records = try found.format.records(found.input)
            held = try cut() ?? .defect(CandidateDefect("empty-file", "\(file.path): holds no structure"), label: nil)
        } catch {
            begin(file.path, nil)
            held = .defect(try defect(error, file.path), label: nil)
        }
    }

    private func begin(_ path: String, _ format: StructureFormatEntry?) {
        member = StructureMember(path: path, format: format, isOneOfMany: isOneOfMany)
        (records, ordinal) = (nil, 0)
    }

    /// The next record of the file that is open.
    private func cut() throws -> PendingStructure.Content? {
        guard let reader = records, let member else { return nil }
        do {
            guard let record = try reader.next() else { return nil }
            if record.bytes.count > StructureLimits.recordBytes { throw StructureLimits.tooLong(line: record.line) }
            return .record(record)
        } catch {
            records = nil
            return .defect(try defect(error, member.path), label: nil)
        }
    }

    /// The reason why a file is of no use; throws what is wrong with more than this file.
    private func defect(_ error: any Error, _ path: String) throws -> CandidateDefect {
        switch error {
        case let defect as CandidateDefect:
            return CandidateDefect(defect.reason, defect.detail.hasPrefix(path) ? defect.detail : "\(path): \(defect.detail)")
        case let failure as MatSieveError where failure.kind == .input && collection.holdsMany:
            return CandidateDefect("unreadable-file", failure.message)
        default: throw error
        }
    }
}

/// Files that no format reads: how many, and the names of the first.
struct SkippedFiles: Equatable, Sendable {
    /// How many.
    private(set) var count = 0
    private var names: [String] = []

    mutating func add(_ path: String) {
        count += 1
        if names.count < 3 { names.append(path) }
    }

    /// `2 files skipped: no structure format for README, notes.txt`; nil where there is none.
    var note: String? {
        if count == 0 { return nil }
        let more = count > names.count ? ", …" : ""
        return "\(count) file\(count == 1 ? "" : "s") skipped: no structure format for \(names.joined(separator: ", "))\(more)"
    }
}
