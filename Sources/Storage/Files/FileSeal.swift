import CDeflate
import Foundation
import MaterialsCore

/// Sixteen bytes behind a whole HDF5 file: `MatSieve`, four zeros and the CRC-32 of everything before them.
///
/// HDF5 reads no further than its own end of the file, so other programs do not mind. A sealed file is checked before the library
/// opens it: it does not check uncompressed values, and damaged heaps can end the process.
struct FileSeal {
    private static let mark = Array("MatSieve".utf8) + [0, 0, 0, 0]
    private static let count = mark.count + 4
    private static let block = 1 << 20

    /// Seals a file that is closed.
    static func append(to temporaryPath: String, path: String) throws {
        let file = try FileByteStream(path: temporaryPath)
        let bytes = mark + bytes(of: try checksum(file, count: file.size))
        let descriptor = open(temporaryPath, O_WRONLY | O_APPEND | O_CLOEXEC)
        guard descriptor >= 0 else { throw writeFailure(path, errno) }
        let written = write(descriptor, bytes, bytes.count)
        let failure = errno
        guard close(descriptor) == 0, written == bytes.count else { throw writeFailure(path, written < 0 ? failure : ENOSPC) }
    }

    /// Whether a file has a seal.
    ///
    /// - Errors: `.input` where the file is not what was sealed.
    static func check(_ path: String) throws -> Bool {
        let size = try FileByteStream(path: path).size
        guard size > count else { return false }
        let seal = try FileByteStream(path: path, from: size - count).read(count)
        guard seal.starts(with: mark) else { return false }
        guard try bytes(of: checksum(FileByteStream(path: path), count: size - count)) == seal.suffix(4) else {
            throw MatSieveError.input("\(path): is damaged (its checksum does not fit); copy or make it again")
        }
        return true
    }

    private static func bytes(of sum: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: sum >> (8 * UInt32($0))) } }

    private static func checksum(_ file: FileByteStream, count: Int) throws -> UInt32 {
        var (sum, left) = (UInt32(0), count)
        while left > 0 {
            let bytes = try file.read(min(left, block))
            if bytes.isEmpty { break }
            sum = libdeflate_crc32(sum, bytes, bytes.count)
            left -= bytes.count
        }
        return sum
    }
}
