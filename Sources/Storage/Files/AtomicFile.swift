import CDeflate
import Foundation
import MaterialsCore

/// Output of text or bytes: a file that appears only when whole, or standard output for `-`.
///
///     let file = try AtomicFile(path: "ranking.csv")
///     try file.write("rank,id\n")
///     try file.commit()
///
/// A name that ends in `.gz` is compressed (members of 1 MiB, no time stamp). A device such as `/dev/null` is written directly.
///
/// - Errors: `.usage` for a missing or unwritable folder, `.stopped` for a full disk.
public final class AtomicFile {
    private static let blockSize = 1 << 20
    private let path: String
    private let pending: PendingFile?
    private let compressor: GzipCompressor?
    private var descriptor: Int32
    private var buffer: [UInt8] = []
    private var isEmpty = true

    /// Opens an output; nothing appears under `path` before `commit`.
    public init(path: String) throws {
        self.path = path == "-" ? "standard output" : path
        compressor = path.hasSuffix(".gz") ? GzipCompressor() : nil
        pending = path == "-" || isDevice(path) ? nil : try PendingFile(path: path)
        let name = pending?.temporaryPath ?? path
        descriptor = path == "-" ? dup(STDOUT_FILENO) : open(name, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw PendingFile.cannotWrite(path, folder: path, errno) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Writes a whole file.
    public static func write(_ bytes: [UInt8], to path: String) throws {
        let file = try AtomicFile(path: path)
        try file.write(bytes)
        try file.commit()
    }

    /// Adds bytes.
    public func write(_ bytes: some Collection<UInt8>) throws {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.blockSize { try flush() }
    }

    /// Adds text.
    public func write(_ text: String) throws { try write(text.utf8) }

    /// Writes what is left and brings the file under its own name.
    public func commit() throws {
        try flush()
        // An empty gzip file still needs a member.
        if isEmpty, let compressor { try writeOut(compressor.member([])) }
        let closed = close(descriptor)
        descriptor = -1
        if closed != 0 { throw writeFailure(path, errno) }
        try pending?.commit()
    }

    /// Hands the buffer to the system, so that a reader of standard output sees it.
    public func flush() throws {
        defer { buffer.removeAll(keepingCapacity: true) }
        guard let compressor else { return try writeOut(buffer) }
        for start in stride(from: 0, to: buffer.count, by: Self.blockSize) {
            try writeOut(compressor.member(buffer[start..<min(start + Self.blockSize, buffer.count)]))
        }
    }

    private func writeOut(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { all in
            var start = 0
            isEmpty = isEmpty && all.isEmpty
            while start < all.count {
                let n = Foundation.write(descriptor, all.baseAddress! + start, all.count - start)
                if n < 0 && errno == EINTR { continue }
                guard n >= 0 else { throw writeFailure(path, errno) }
                start += n
            }
        }
    }
}

/// True for what exists and is neither a file nor a folder.
private func isDevice(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    return status.st_mode & S_IFMT != S_IFREG && status.st_mode & S_IFMT != S_IFDIR
}

/// Makes gzip members of whole blocks.
final class GzipCompressor {
    private let compressor = libdeflate_alloc_compressor(6)!

    deinit { libdeflate_free_compressor(compressor) }

    func member(_ block: ArraySlice<UInt8>) -> [UInt8] {
        block.withUnsafeBytes { input in
            let bound = libdeflate_gzip_compress_bound(compressor, input.count)
            return [UInt8](unsafeUninitializedCapacity: bound) { output, count in
                count = libdeflate_gzip_compress(compressor, input.baseAddress, input.count, output.baseAddress, bound)
            }
        }
    }
}
