import Foundation
import MaterialsCore

/// Keeps a second process out of a folder while this one works in it; the kernel drops the lock when the process ends.
///
/// - Scope: where a file system has no locks, none is held and work goes on.
public final class FileLock {
    private let descriptor: Int32
    /// False where the file system has no locks.
    public let isHeld: Bool

    /// Takes the lock file `path`, making it where needed; `owner` names in the message what is locked.
    ///
    /// - Errors: `.usage` where another process holds it or it cannot be made.
    public init(path: String, owner: String) throws {
        let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard opened >= 0 else { throw PendingFile.cannotWrite(path, folder: path, errno) }
        let taken = flock(opened, LOCK_EX | LOCK_NB) == 0
        if !taken && errno == EWOULDBLOCK {
            close(opened)
            throw MatSieveError.usage("\(owner): another run is working there; wait for it or choose another folder")
        }
        (descriptor, isHeld) = (opened, taken)
    }

    deinit { close(descriptor) }
}
