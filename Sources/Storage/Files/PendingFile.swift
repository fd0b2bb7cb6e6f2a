import Foundation
import MaterialsCore

/// A file that is written under a temporary name beside its own and appears under its own only when whole.
///
/// `commit` syncs it, renames it and syncs the folder; without `commit` the temporary is removed. A file that is replaced
/// hands its permissions on to the new one.
///
/// - Errors: `.usage` where the folder is missing or not writable (nothing was written), `.stopped` where the disk is full.
public final class PendingFile {
    /// Final name as given.
    public let path: String
    /// Where to write: `.NAME.tmp-PID-RANDOM` in the same folder, ours alone even where several machines write there.
    public let temporaryPath: String
    private let target: String
    private var isOpen = true

    /// Makes the empty temporary.
    public init(path: String) throws {
        self.path = path
        target = Self.resolved(path)
        let (folder, name) = Self.split(target)
        try Self.check(target: target, folder: folder, path: path)
        // Nobody else may read what takes the place of a file before it has that file's permissions.
        let mode: mode_t = Self.permissions(of: target) == nil ? 0o666 : 0o600
        var (candidate, descriptor) = ("", Int32(-1))
        repeat {
            candidate = folder + "/" + Self.temporaryName(name)
            descriptor = open(candidate, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        } while descriptor < 0 && errno == EEXIST
        temporaryPath = candidate
        guard descriptor >= 0 else {
            isOpen = false
            throw Self.cannotWrite(path, folder: folder, errno)
        }
        close(descriptor)
    }

    deinit { discard() }

    /// Brings the file under its own name.
    public func commit() throws {
        let descriptor = open(temporaryPath, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw writeFailure(path, errno) }
        // File systems without permissions refuse; there is nothing to keep then.
        if let mode = Self.permissions(of: target) { fchmod(descriptor, mode) }
        let synced = fsync(descriptor)
        let code = errno
        close(descriptor)
        guard synced == 0 || code == EINVAL else {
            discard()
            throw writeFailure(path, code)
        }
        guard rename(temporaryPath, target) == 0 else {
            let code = errno
            discard()
            throw Self.cannotWrite(path, folder: Self.split(target).folder, code)
        }
        isOpen = false
        syncFolder(Self.split(target).folder)
    }

    /// Removes the temporary.
    public func discard() {
        // Shortened first: its space is free even where a library still holds it open.
        if isOpen {
            _ = truncate(temporaryPath, 0)
            unlink(temporaryPath)
        }
        isOpen = false
    }

    /// A link is followed, so that what it points to is replaced and not the link.
    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    private static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let folder = slash == path.startIndex ? "/" : String(path[..<slash])
        return (folder, String(path[path.index(after: slash)...]))
    }

    /// Process and 64 random bits; a long name is cut to stay within what file systems allow.
    private static func temporaryName(_ name: String) -> String {
        var shown = name[...]
        while shown.utf8.count > 200 { shown.removeLast() }
        return ".\(shown).tmp-\(getpid())-" + String(UInt64.random(in: 0 ... .max), radix: 36)
    }

    /// Permission bits of a file; nil where there is none.
    private static func permissions(of path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : nil
    }

    private static func check(target: String, folder: String, path: String) throws {
        var status = stat()
        if stat(target, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            throw MatSieveError.usage("\(path): is not a file; choose another output name")
        }
        guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw MatSieveError.usage("\(path): the folder \(folder) does not exist; create it or choose another output")
        }
    }

    static func cannotWrite(_ path: String, folder: String, _ code: Int32) -> MatSieveError {
        switch code {
        case ENOSPC, EDQUOT: writeFailure(path, code)
        case EACCES, EPERM, EROFS: .usage("\(path): the folder \(folder) is not writable (\(errorText(code))); choose another output")
        default: .usage("\(path): cannot be written (\(errorText(code))); choose another output")
        }
    }
}

/// What a failed write means: a full disk stops the run in a way that can be continued.
func writeFailure(_ path: String, _ code: Int32) -> MatSieveError {
    switch code {
    case ENOSPC, EDQUOT: .stopped("\(path): the disk is full (\(errorText(code))); free some space and run again")
    default: .stopped("\(path): writing failed (\(errorText(code))); check the disk and run again")
    }
}

/// Makes a rename in `folder` last; file systems that cannot sync folders are left alone.
func syncFolder(_ folder: String) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor >= 0 {
        fsync(descriptor)
        close(descriptor)
    }
}
