import Foundation
import MaterialsCore

/// A file that is written under a temporary name beside its own and appears under its own only when whole.
///
/// `commit` syncs it, renames it and syncs the folder; without `commit` the temporary is removed.
///
/// - Errors: `.usage` where the folder is missing or not writable (nothing was written), `.stopped` where the disk is full.
public final class PendingFile {
    /// Final name as given.
    public let path: String
    /// Where to write: `.NAME.tmp-PID` in the same folder.
    public let temporaryPath: String
    private let target: String
    private var isOpen = true

    /// Makes the empty temporary.
    public init(path: String) throws {
        self.path = path
        target = Self.resolved(path)
        let (folder, name) = Self.split(target)
        try Self.check(target: target, folder: folder, path: path)
        temporaryPath = folder + "/." + name + ".tmp-\(getpid())"
        let descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
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
