import Foundation
import MaterialsCore

/// Opens what a path names: a single file, a folder, or an archive (told by its content, not its name).
///
/// Folders are read with all folders below, in order of the bytes of their relative paths; hidden files and links to places inside are
/// left out. Archives are .zip and .tar, the latter plain or packed with gzip, xz, zstd or bzip2. Archives within are left out, so are
/// links and devices. A gzip member is decompressed as a single file is.
///
/// - Errors: `MatSieveError.input`, one line, for a missing or unreadable path, or a name of an archive whose content is none.
///   Members that cannot be read are thrown by the member reader, or by the stream, as `CandidateDefect`: `unsafe-path`,
///   `encrypted-member`, `archive-bomb`, `damaged-member`, `unreadable-file`.
public func openFileCollection(path: String) throws -> FileCollection { try openFileCollection(path: path, limits: ArchiveLimits()) }

/// With other limits than the usual ones, for tests.
package func openFileCollection(path: String, limits: ArchiveLimits) throws -> FileCollection {
    if isFolder(path) { return folderCollection(path, limits) }
    let start = try FileByteStream(path: path).read(1 << 16)
    if let kind = try ArchiveKind(start: start, path: path) { return archiveCollection(path, kind, limits) }
    let input = try openByteInput(path: path)
    return FileCollection(
        path: path, holdsMany: false, open: { SingleMemberReader(FileCollection.Member(path: path, input: input)) },
        contentHash: { try SHA256.hash(of: input.open()) })
}

/// What an archive may hold.
package struct ArchiveLimits: Sendable {
    /// Unpacked bytes of a member.
    package var memberBytes = 1 << 30
    /// Unpacked bytes in all for each byte of the archive, once `freeBytes` are passed.
    package var ratio = 1_000
    /// Unpacked bytes for which the ratio does not count.
    package var freeBytes = 16 << 20
    /// Members, of an archive or a folder.
    package var members = 10_000_000

    /// The usual limits.
    package init() {}

    /// True where `unpacked` bytes are too many for `packed` ones.
    func isBomb(unpacked: Int, packed: Int) -> Bool { unpacked > freeBytes && unpacked / ratio >= max(packed, 1) }
}

private func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

private func folderCollection(_ path: String, _ limits: ArchiveLimits) -> FileCollection {
    FileCollection(
        path: path, holdsMany: true, open: { try FolderMemberReader(path, limits: limits) },
        contentHash: { try FolderMemberReader(path, limits: limits).contentHash() })
}

private func archiveCollection(_ path: String, _ kind: ArchiveKind, _ limits: ArchiveLimits) -> FileCollection {
    FileCollection(
        path: path, holdsMany: true, open: { try ArchiveMemberReader(path, kind: kind, limits: limits) },
        contentHash: { try SHA256.hash(of: FileByteStream(path: path)) })
}

private final class SingleMemberReader: FileMemberReader {
    private var member: FileCollection.Member?

    init(_ member: FileCollection.Member) { self.member = member }

    func next() -> FileCollection.Member? {
        defer { member = nil }
        return member
    }
}
