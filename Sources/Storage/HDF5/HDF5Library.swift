import CHDF5
import Foundation
import MaterialsCore

/// The one door to the HDF5 library, which is not safe to enter by two threads.
package enum HDF5Library {
    private static let mutex = RecursiveMutex()
    // A process that ends after a failed write must not write again on its way out.
    private static let isStarted: Bool = H5dont_atexit() >= 0

    /// Runs `body` alone in the library, with its own printing of errors off for this thread.
    package static func locked<T>(_ body: () throws -> T) rethrows -> T {
        mutex.lock()
        defer { mutex.unlock() }
        _ = isStarted
        H5Eset_auto2(ms_h5_error_stack(), nil, nil)
        return try body()
    }

    /// Version of the library, for `manifest.json`.
    package static var version: String {
        var (major, minor, release): (UInt32, UInt32, UInt32) = (0, 0, 0)
        locked { _ = H5get_libversion(&major, &minor, &release) }
        return "\(major).\(minor).\(release)"
    }

    /// Description of the innermost frame of the error stack: the cause.
    static func cause() -> String {
        var text = ""
        withUnsafeMutablePointer(to: &text) { text in
            _ = H5Ewalk2(
                ms_h5_error_stack(), H5E_WALK_UPWARD,
                { position, frame, context in
                    if position == 0, let description = frame?.pointee.desc {
                        context?.assumingMemoryBound(to: String.self).pointee = String(cString: description)
                    }
                    return 0
                }, text)
        }
        H5Eclear2(ms_h5_error_stack())
        return text.isEmpty ? "no cause given" : text
    }

    /// What a failed read means for the user.
    static func readError(_ path: String, _ what: String) -> MatSieveError {
        let cause = cause()
        if cause.contains("truncated file") || cause.contains("addr overflow") {
            return .input("\(path): is truncated (\(what)); copy or make it again")
        }
        if cause.contains("file signature") {
            return .input("\(path): is not an HDF5 file; check the path or the format")
        }
        return .input("\(path): cannot be read as HDF5 (\(what): \(cause)); it is damaged, copy or make it again")
    }

    /// What a failed write means for the user.
    static func writeError(_ path: String, _ what: String) -> MatSieveError {
        let cause = cause()
        if cause.contains("errno = \(ENOSPC)") || cause.contains("errno = \(EDQUOT)") { return writeFailure(path, ENOSPC) }
        return .stopped("\(path): writing failed (\(what): \(cause)); check the disk and run again")
    }
}

/// An identifier of the library that is given back when nobody holds it.
///
/// Used only inside `HDF5Library.locked`, which makes it safe to share.
package final class HDF5Handle: @unchecked Sendable {
    private(set) var id: hid_t
    private let release: @Sendable (hid_t) -> herr_t

    init(_ id: hid_t, _ release: @escaping @Sendable (hid_t) -> herr_t) { (self.id, self.release) = (id, release) }

    /// Gives the identifier back now; false where that failed.
    func close() -> Bool {
        HDF5Library.locked {
            defer { id = -1 }
            return id < 0 || release(id) >= 0
        }
    }

    deinit { _ = close() }
}

/// A lock that its owner may take again.
private final class RecursiveMutex: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    init() {
        var attributes = pthread_mutexattr_t()
        pthread_mutexattr_init(&attributes)
        pthread_mutexattr_settype(&attributes, Int32(PTHREAD_MUTEX_RECURSIVE))
        pthread_mutex_init(mutex, &attributes)
        pthread_mutexattr_destroy(&attributes)
    }

    func lock() { pthread_mutex_lock(mutex) }
    func unlock() { pthread_mutex_unlock(mutex) }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }
}
