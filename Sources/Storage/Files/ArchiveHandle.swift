import CArchive
import Foundation
import MaterialsCore

/// An open archive; not for several threads.
final class ArchiveHandle {
    /// What stands in front of a member.
    struct Header {
        var path: String
        /// Unpacked bytes, where the archive says so beforehand.
        var size: Int?
        /// False for folders, links and devices.
        var isFile: Bool
        var isEncrypted: Bool
    }

    private let archive: OpaquePointer
    private let path: String
    private static let blockSize = 1 << 16

    /// Opens a .zip, or a .tar plain or packed.
    ///
    /// - Errors: `MatSieveError.input` where it is none.
    init(path: String) throws {
        guard let archive = archive_read_new() else { throw MatSieveError.input("\(path): not enough memory to open the archive") }
        (self.archive, self.path) = (archive, path)
        archive_read_support_format_zip(archive)
        archive_read_support_format_tar(archive)
        archive_read_support_filter_gzip(archive)
        archive_read_support_filter_xz(archive)
        archive_read_support_filter_zstd(archive)
        archive_read_support_filter_bzip2(archive)
        let code = Self.withUnicodeNames { archive_read_open_filename(archive, path, Self.blockSize) }
        guard code == ARCHIVE_OK else { throw damaged("at its start") }
    }

    deinit { archive_read_free(archive) }

    /// The next member; nil at the end.
    func nextHeader() throws -> Header? { try Self.withUnicodeNames { try readHeader() } }

    private func readHeader() throws -> Header? {
        var entry: OpaquePointer?
        var code = ARCHIVE_RETRY
        for _ in 0..<16 where code == ARCHIVE_RETRY { code = archive_read_next_header(archive, &entry) }
        if code == ARCHIVE_EOF { return nil }
        // A warning is about names or attributes; the content can be read.
        guard code == ARCHIVE_OK || code == ARCHIVE_WARN, let entry else { throw damaged("between members") }
        let name = archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry)
        let kind = archive_entry_filetype(entry) & 0o170000
        let isLink = archive_entry_hardlink(entry) != nil
        return Header(
            path: name.map { String(cString: $0) } ?? "",
            size: archive_entry_size_is_set(entry) != 0 ? Int(archive_entry_size(entry)) : nil,
            isFile: (kind == 0o100000 || kind == 0) && !isLink, isEncrypted: archive_entry_is_encrypted(entry) != 0)
    }

    /// Some bytes of the member; empty at its end.
    ///
    /// - Errors: `CandidateDefect` where they cannot be unpacked.
    func read(_ capacity: Int, member: String) throws -> [UInt8] {
        var code = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            for attempt in 0..<16 where attempt == 0 || code == Int(ARCHIVE_RETRY) {
                code = archive_read_data(archive, buffer.baseAddress, capacity)
            }
            count = max(code, 0)
        }
        if code < 0 {
            throw CandidateDefect("damaged-member", "\(path): '\(MemberPath.printable(member))' cannot be unpacked (\(reason))")
        }
        return bytes
    }

    /// This thread's character set while `body` runs: in the "C" locale, names beyond ASCII would be lost.
    private static func withUnicodeNames<T>(_ body: () throws -> T) rethrows -> T {
        let previous = unicodeLocale.value.map { uselocale($0) }
        defer { if let previous { uselocale(previous) } }
        return try body()
    }

    /// `@unchecked Sendable`: made once and never changed.
    private struct SharedLocale: @unchecked Sendable {
        var value: locale_t?
    }

    private static let unicodeLocale = SharedLocale(value: newlocale(LC_CTYPE_MASK, "C.UTF-8", nil))

    private var reason: String {
        guard let text = archive_error_string(archive) else { return "no reason given" }
        return MemberPath.printable(String(cString: text))
    }

    private func damaged(_ place: String) -> MatSieveError {
        .input("\(path): the archive is damaged or cut off \(place) (\(reason)); copy or download it again")
    }
}
