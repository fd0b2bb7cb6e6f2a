import MaterialsCore

/// Which kind of archive a file is.
enum ArchiveKind: Sendable {
    case zip, tar, packedTar

    /// Names of archives, which are not opened inside of another collection.
    static let fileExtensions = [
        "zip", "tar", "tgz", "txz", "tbz", "tbz2", "tzst", "tar.gz", "tar.xz", "tar.zst", "tar.bz2", "7z", "rar", "tar.z", "tar.lz4",
    ]

    /// The same with their dots.
    private static let endings = fileExtensions.map { [UInt8(ascii: ".")] + $0.utf8 }

    /// Looks at the first bytes of a file; nil where it is no archive.
    ///
    /// - Errors: `MatSieveError.input` where only its name says archive.
    init?(start: [UInt8], path: String) throws {
        if start.starts(with: [0x50, 0x4b, 3, 4]) || start.starts(with: [0x50, 0x4b, 5, 6]) {
            self = .zip
        } else if Self.isTar(start, path) {
            self = .tar
        } else if Self.isPacked(start) {
            self = .packedTar
        } else if start.starts(with: GzipByteStream.magic), let inside = try? Self.unpacked(start, path), Self.isTar(inside, path) {
            self = .packedTar
        } else if Self.isName(path) {
            throw MatSieveError.input("\(path): is no .zip or .tar archive, though its name says so; copy or download it again")
        } else {
            return nil
        }
    }

    /// True for a name that ends as archives do.
    static func isName(_ path: String) -> Bool {
        // No ending is longer than eight bytes.
        let last = path.utf8.suffix(8).map { $0 &- UInt8(ascii: "A") < 26 ? $0 | 32 : $0 }
        return endings.contains { last.count >= $0.count && last.suffix($0.count).elementsEqual($0) }
    }

    /// xz, zstd, bzip2: only read as packed tar.
    private static func isPacked(_ start: [UInt8]) -> Bool {
        start.starts(with: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]) || start.starts(with: [0x28, 0xb5, 0x2f, 0xfd])
            || start.starts(with: [0x42, 0x5a, 0x68])
    }

    /// The first block's checksum, which every kind of tar has; an archive without members is all zeros, as other things are, too.
    private static func isTar(_ start: [UInt8], _ path: String) -> Bool {
        guard start.count >= 512 else { return false }
        if start.prefix(512).allSatisfy({ $0 == 0 }) {
            return isName(path) && start.count >= 1024 && start.prefix(1024).allSatisfy { $0 == 0 }
        }
        var sum = 8 * Int(UInt8(ascii: " "))
        for i in 0..<512 where !(148..<156).contains(i) { sum += Int(start[i]) }
        let field = start[148..<156].drop { $0 == UInt8(ascii: " ") }.prefix { (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }
        return !field.isEmpty && field.reduce(0) { $0 * 8 + Int($1 - UInt8(ascii: "0")) } == sum
    }

    private static func unpacked(_ start: [UInt8], _ path: String) throws -> [UInt8] {
        let stream = try GzipByteStream(PrefixedByteStream(start, then: EndedByteStream()), path: path)
        var bytes: [UInt8] = []
        while bytes.count < 1024 {
            // What is cut off ends in an error; what came before it is enough.
            guard let more = try? stream.read(1024 - bytes.count), !more.isEmpty else { break }
            bytes += more
        }
        return bytes
    }
}

/// No bytes.
final class EndedByteStream: ByteStream {
    func read(_ capacity: Int) -> [UInt8] { [] }
}
