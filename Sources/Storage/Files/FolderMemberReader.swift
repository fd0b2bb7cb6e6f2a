import Foundation
import MaterialsCore

/// Goes through the files of a folder and of all folders below it, in order of the bytes of their relative paths.
///
/// - Cost: memory for the names in the folders on the way down.
final class FolderMemberReader: FileMemberReader {
    private struct Entry {
        var path: String
        var isFolder: Bool
        /// False where the path's bytes are not text, so that `path` names no file.
        var isText: Bool
    }

    private static let maximumDepth = 256
    private let root: String
    private let realRoot: String
    private let limits: ArchiveLimits
    /// Still to visit of each folder on the way down, last first.
    private var pending: [[Entry]] = []
    private var count = 0

    init(_ root: String, limits: ArchiveLimits) throws {
        (self.root, self.limits) = (root, limits)
        realRoot = realPath(root) ?? root
        guard let entries = list("") else { throw FileByteStream.cannotOpen(root, errno) }
        pending.append(entries)
    }

    func next() throws -> FileCollection.Member? {
        guard let path = try nextPath() else { return nil }
        return FileCollection.Member(path: path, input: try input(path))
    }

    /// SHA-256 of the paths and of what each file holds.
    func contentHash() throws -> String {
        var hash = SHA256()
        while true {
            do {
                guard let path = try nextPath() else { break }
                hash.update(path)
                hash.update(try SHA256.hash(of: FileByteStream(path: root + "/" + path)))
            } catch let defect as CandidateDefect { hash.update(defect.reason) } catch is MatSieveError { hash.update("unreadable-file") }
        }
        return hash.finalize()
    }

    private func nextPath() throws -> String? {
        while !pending.isEmpty {
            guard let entry = pending[pending.count - 1].popLast() else {
                pending.removeLast()
                continue
            }
            count += 1
            guard count <= limits.members else { throw MatSieveError.input("\(root): holds more than \(limits.members) files; split it") }
            guard entry.isText else {
                throw CandidateDefect("unreadable-file", "\(root): the name '\(MemberPath.printable(entry.path))' is not UTF-8; rename it")
            }
            if !entry.isFolder { if try isMember(entry.path) { return entry.path } else { continue } }
            guard pending.count < Self.maximumDepth, let entries = list(entry.path) else {
                throw CandidateDefect("unreadable-file", "\(root): the folder '\(MemberPath.printable(entry.path))' cannot be read")
            }
            pending.append(entries)
        }
        return nil
    }

    /// Names in a folder, last first; a folder is sorted as if its name ended in a slash, so that whole paths come in order.
    private func list(_ folder: String) -> [Entry]? {
        guard let directory = opendir(folder.isEmpty ? root : root + "/" + folder) else { return nil }
        defer { closedir(directory) }
        var found: [(key: [UInt8], entry: Entry)] = []
        while let item = readdir(directory) {
            let name = withUnsafeBytes(of: &item.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name.first == UInt8(ascii: ".") { continue }
            let isText = String(validating: name, as: UTF8.self) != nil
            let text = String(decoding: name, as: UTF8.self)
            let path = folder.isEmpty ? text : folder + "/" + text
            var status = stat()
            let isFolder = lstat(root + "/" + path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
            found.append((isFolder ? name + [UInt8(ascii: "/")] : name, Entry(path: path, isFolder: isFolder, isText: isText)))
        }
        return found.sorted { $1.key.lexicographicallyPrecedes($0.key) }.map(\.entry)
    }

    /// True for regular files that are no archives; links to places inside are left out, since the place itself is read.
    private func isMember(_ path: String) throws -> Bool {
        var status = stat()
        guard lstat(root + "/" + path, &status) == 0 else {
            throw CandidateDefect("unreadable-file", "\(root)/\(MemberPath.printable(path)): \(errorText(errno))")
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return !ArchiveKind.isName(path)
        case S_IFLNK:
            guard let target = realPath(root + "/" + path) else { return false }
            if target == realRoot || target.hasPrefix(realRoot + "/") { return false }
            throw CandidateDefect(
                "unsafe-path", "\(root)/\(MemberPath.printable(path)): is a link that leads out of the folder; copy the file")
        default: return false
        }
    }

    private func input(_ path: String) throws -> ByteInput {
        let full = root + "/" + path
        do {
            let file = try openByteInput(path: full)
            return ByteInput(path: full) { MemberByteStream(try memberStream(full) { try file.open() }, label: full) }
        } catch let error as MatSieveError { throw CandidateDefect("unreadable-file", error.message) }
    }
}

private func memberStream(_ path: String, _ open: () throws -> any ByteStream) throws -> any ByteStream {
    do { return try open() } catch let error as MatSieveError { throw CandidateDefect("unreadable-file", error.message) }
}

private func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
}
