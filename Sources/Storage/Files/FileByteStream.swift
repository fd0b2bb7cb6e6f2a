import Foundation
import MaterialsCore

/// Opens a file of text or a table for reading, plain or gzip (told by its first bytes, not its name).
///
/// - Errors: `MatSieveError.input`, one line, for a missing or unreadable file, a folder, a pipe, a truncated or corrupt gzip stream.
public func openByteInput(path: String) throws -> ByteInput {
    _ = try FileByteStream(path: path)
    return ByteInput(path: path) {
        let file = try FileByteStream(path: path)
        let start = try file.read(1 << 16)
        let source = PrefixedByteStream(start, then: file)
        return start.starts(with: GzipByteStream.magic) ? try GzipByteStream(source, path: path) : source
    }
}

/// Reads a regular file from its start.
///
/// - Cost: one system call a read; the kernel is told that the reading is sequential.
public final class FileByteStream: ByteStream {
    private let descriptor: Int32
    private let path: String
    /// Bytes of the file when it was opened.
    let size: Int

    /// Opens a file at `offset`.
    ///
    /// - Errors: `MatSieveError.input` where it is missing, unreadable or not a regular file.
    public init(path: String, from offset: Int = 0) throws {
        let opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard opened >= 0 else { throw Self.cannotOpen(path, errno) }
        var status = stat()
        let known = fstat(opened, &status) == 0
        let mode = status.st_mode & S_IFMT
        guard known, mode == S_IFREG else {
            close(opened)
            let kind = mode == S_IFDIR ? "a folder" : "not a regular file"
            throw MatSieveError.input("\(path): is \(kind); give a file that can be read more than once")
        }
        posix_fadvise(opened, 0, 0, Int32(POSIX_FADV_SEQUENTIAL))
        (descriptor, self.path, size) = (opened, path, Int(status.st_size))
        if offset > 0 { lseek(opened, off_t(offset), SEEK_SET) }
    }

    deinit { close(descriptor) }

    /// Fills up to `capacity` bytes; an empty array is the end.
    public func read(_ capacity: Int) throws -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            repeat {
                let n = Foundation.read(descriptor, buffer.baseAddress, capacity)
                failure = n < 0 ? errno : 0
                count = max(n, 0)
            } while failure == EINTR
        }
        if failure != 0 { throw MatSieveError.input("\(path): reading failed (\(errorText(failure))); check the disk and run again") }
        return bytes
    }

    static func cannotOpen(_ path: String, _ code: Int32) -> MatSieveError {
        switch code {
        case ENOENT, ENOTDIR: .input("\(path): no such file; check the path")
        case EACCES, EPERM: .input("\(path): not readable (permission denied); ask its owner or change its mode")
        default: .input("\(path): cannot be opened (\(errorText(code)))")
        }
    }
}

/// The system's words for an error number.
func errorText(_ code: Int32) -> String { String(cString: strerror(code)) }

/// Bytes already taken from a stream, and then the rest of it.
final class PrefixedByteStream: ByteStream {
    private var prefix: [UInt8]
    private let rest: any ByteStream

    init(_ prefix: [UInt8], then rest: any ByteStream) { (self.prefix, self.rest) = (prefix, rest) }

    func read(_ capacity: Int) throws -> [UInt8] {
        if prefix.isEmpty { return try rest.read(capacity) }
        let taken = Array(prefix.prefix(capacity))
        prefix.removeFirst(taken.count)
        return taken
    }
}
