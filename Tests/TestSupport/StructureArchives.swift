import Foundation
import MaterialsCore

/// A file out of an archive, or one that exists only in memory.
public struct ArchivedFile: Sendable {
    /// Path inside the archive.
    public var path: String
    /// Its bytes.
    public var bytes: [UInt8]

    /// A file.
    public init(path: String, bytes: [UInt8]) { (self.path, self.bytes) = (path, bytes) }
    /// A file of text.
    public init(path: String, text: String) { (self.path, bytes) = (path, Array(text.utf8)) }

    /// Its bytes as text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
    /// Itself, or what it holds where its name ends in `.gz`.
    public func unpacked() throws -> ArchivedFile {
        guard path.hasSuffix(".gz") else { return self }
        let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString + ".gz")
        try Data(bytes).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        return ArchivedFile(path: path, bytes: [UInt8](try unpackedFile(url)))
    }
    /// As something to read.
    public var input: ByteInput { inMemoryInput(bytes, path: path) }
}

/// The plain files of `Datasets/structures/<name>.tar.gz`, in its order.
public func structureArchive(_ name: String) throws -> [ArchivedFile] {
    try files(ofTar: [UInt8](dataset("structures/\(name).tar.gz")))
}

/// The plain files of an unpacked ustar or GNU archive; links, folders and the like are left out.
public func files(ofTar archive: [UInt8]) throws -> [ArchivedFile] {
    var result: [ArchivedFile] = []
    var at = 0
    var longName: String?
    while at + 512 <= archive.count, archive[at] != 0 {
        guard let size = Int(field(archive, at + 124, 12), radix: 8), at + 512 + size <= archive.count else {
            throw CocoaError(.fileReadCorruptFile)
        }
        let body = at + 512..<at + 512 + size
        switch archive[at + 156] {
        case UInt8(ascii: "L"): longName = text(archive[body])
        case UInt8(ascii: "0"), 0:
            let prefix = field(archive, at + 345, 155)
            let name = field(archive, at, 100)
            result.append(ArchivedFile(path: longName ?? (prefix.isEmpty ? name : "\(prefix)/\(name)"), bytes: Array(archive[body])))
            longName = nil
        default: longName = nil
        }
        at = body.upperBound + (512 - size % 512) % 512
    }
    return result
}

/// Files under one name, as a folder or an archive would hold them; a file without bytes at a `defects` path is thrown as that defect.
public func inMemoryCollection(
    _ files: [ArchivedFile], path: String = "folder", holdsMany: Bool = true, defects: [String: CandidateDefect] = [:]
) -> FileCollection {
    FileCollection(path: path, holdsMany: holdsMany) {
        InMemoryMembers(files, defects)
    } contentHash: {
        var hash = SHA256()
        for file in files {
            hash.update(file.path)
            hash.update(file.bytes)
        }
        return hash.finalize()
    }
}

private final class InMemoryMembers: FileMemberReader {
    private let files: [ArchivedFile]
    private let defects: [String: CandidateDefect]
    private var position = 0

    init(_ files: [ArchivedFile], _ defects: [String: CandidateDefect]) { (self.files, self.defects) = (files, defects) }

    func next() throws -> FileCollection.Member? {
        guard position < files.count else { return nil }
        let file = files[position]
        position += 1
        if let defect = defects[file.path] { throw defect }
        return FileCollection.Member(path: file.path, input: file.input)
    }
}

private func field(_ archive: [UInt8], _ start: Int, _ length: Int) -> String { text(archive[start..<start + length]) }

/// Up to the first zero byte, without spaces around it.
private func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self).trimmingCharacters(in: .whitespaces)
}
