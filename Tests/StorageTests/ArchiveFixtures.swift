import Foundation
import Storage

/// A member of a tar made by hand.
struct TarMember {
    var name: String
    var bytes: [UInt8]
    var type: String
    var link: String

    init(_ name: String, _ text: String, type: String = "0", link: String = "") {
        (self.name, bytes, self.type, self.link) = (name, Array(text.utf8), type, link)
    }

    init(_ name: String, bytes: [UInt8]) { (self.name, self.bytes, type, link) = (name, bytes, "0", "") }
}

/// A POSIX ustar archive.
func tarArchive(_ members: [TarMember]) -> [UInt8] {
    var archive: [UInt8] = []
    for member in members {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, _ offset: Int) { header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8) }
        func octal(_ value: Int, _ width: Int) -> String {
            let digits = String(value, radix: 8)
            return String(repeating: "0", count: width - digits.count) + digits
        }
        put(member.name, 0)
        put(octal(0o644, 7), 100)
        put(octal(member.bytes.count, 11), 124)
        put(octal(0, 11), 136)
        put("        ", 148)
        put(member.type, 156)
        put(member.link, 157)
        put("ustar", 257)
        put("00", 263)
        put(octal(header.reduce(0) { $0 + Int($1) }, 6), 148)
        header[154] = 0
        archive += header + member.bytes + [UInt8](repeating: 0, count: (512 - member.bytes.count % 512) % 512)
    }
    return archive + [UInt8](repeating: 0, count: 1024)
}

/// A member of a zip made by hand.
struct ZipMember {
    var name: String
    var packed: [UInt8]
    var size: Int
    var checksum: UInt32
    var method: UInt16
    var flags: UInt16 = 0

    init(_ name: String, stored bytes: [UInt8], isUTF8: Bool = false) {
        (self.name, packed, size, checksum, method) = (name, bytes, bytes.count, crc32(bytes), 0)
        flags = isUTF8 ? 1 << 11 : 0
    }

    init(_ name: String, deflated bytes: [UInt8], _ folder: TemporaryFolder) throws {
        // A gzip member is a header of ten bytes, the deflate stream, and a checksum and size of eight.
        let stream = try gzipped(bytes, folder).dropFirst(10).dropLast(8)
        (self.name, packed, size, checksum, method) = (name, Array(stream), bytes.count, crc32(bytes), 8)
    }
}

/// A zip with local headers and a central directory.
func zipArchive(_ members: [ZipMember]) -> [UInt8] {
    func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
    func common(_ m: ZipMember) -> [UInt8] {
        little(UInt16(20)) + little(m.flags) + little(m.method) + little(UInt32(0x0021_0000)) + little(m.checksum)
            + little(UInt32(m.packed.count)) + little(UInt32(m.size)) + little(UInt16(m.name.utf8.count)) + little(UInt16(0))
    }
    var (archive, directory): ([UInt8], [UInt8]) = ([], [])
    for member in members {
        directory += [0x50, 0x4b, 1, 2] + little(UInt16(20)) + common(member) + little(UInt16(0)) + little(UInt16(0)) + little(UInt16(0))
        directory += little(UInt32(0)) + little(UInt32(archive.count)) + Array(member.name.utf8)
        archive += [0x50, 0x4b, 3, 4] + common(member) + Array(member.name.utf8) + member.packed
    }
    let (count, start) = (UInt16(members.count), UInt32(archive.count))
    archive += directory + [0x50, 0x4b, 5, 6] + little(UInt32(0)) + little(count) + little(count)
    return archive + little(UInt32(directory.count)) + little(start) + little(UInt16(0))
}

/// Packed by the program `gzip`, as one member.
func gzipped(_ bytes: [UInt8], _ folder: TemporaryFolder) throws -> [UInt8] {
    let path = try folder.write(bytes, "to-pack")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-nc", path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let packed = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return [UInt8](packed)
}

private let crcTable: [UInt32] = (0..<256).map { n in (0..<8).reduce(UInt32(n)) { c, _ in c & 1 == 1 ? 0xedb8_8320 ^ c >> 1 : c >> 1 } }

/// CRC-32 of ISO 3309, as zip uses it.
func crc32(_ bytes: [UInt8]) -> UInt32 {
    var c = UInt32.max
    for b in bytes { c = crcTable[Int(UInt8(truncatingIfNeeded: c) ^ b)] ^ c >> 8 }
    return ~c
}

/// The same two files, packed by other programs.
enum PackedSamples {
    static let all = base64.keys.sorted()
    static let base64: [String: String] = [
        "a.tar.xz": "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4Cf/AHNdADCLiGbT0QC7cKxc1TwjiNjZWZWcW1onzYMRYhHCb/bq0EVhu5vF2lm4bwlo"
            + "1HQXXgZOfvc5mSHBngB6C8TTRc7cLnoTF5zLdaeoiLwYdkcr2cu0l387Cxa3Q/KaB+7N22Il3K/eZr2wGjjLBmvZqh9uVtEAAHKm"
            + "a4ff4SwcAAGPAYBQAADrwzaQscRn+wIAAAAABFla",
        "a.tar.zst": "KLUv/QRo3QIAUsMLEaDtsI6CNj39738RIA1D1RwpHd8QxAT0xPqvuz2zlefgr/ld1tXrhZ6Z6NU6oAQQIJAX1xz9rwf61TEmde4A"
            + "TEEB9sin0hMojAFg/5/JHhnAAQcF2E4ODhcCgCs=",
        "a.tar.bz2": "QlpoOTFBWSZTWfMmGE0AAI17hMmAAEhAAe8AACh/IZ6AAACAGCAAdBJU9RNoRgIyfqg9I/UElJoAaDQGgA5PoFY0aQYAHEqEkWve"
            + "Ug8cVEwXDBIGAoTH0Yd/fQrEk7yEYKov7jsUsYNWLfwO5E5kx/8eQpDcvOCCoIJQZSEg5F3JFOFCQ8yYYTQ=",
        "a.tgz": "H4sIAAAAAAACA+3UPQqAMAyG4RylJ9AWq/fxF1wsaMXrW5zEQUFoQXyfJSHJ+qXO2nGQuHRQWXvU4FqD4tSHudHWGFFaElgXX89K"
            + "yeycv7t72n+Um3rBf3V5E/0DvMh/VZTkPwW/OUIAAAAAAAAAAAAAAADwYTu/lZg5ACgAAA==",
        "a.zip": "UEsDBAoAAAAAAAAAIQDxhmx6AwAAAAMAAAAFAAAAYS5jaWZvbmVQSwMECgAAAAAAAAAhAAAAAAAAAAAAAAAAAAIAAABkL1BLAwQK"
            + "AAAAAAAAACEAZorKEQMAAAADAAAABwAAAGQvYi5jaWZ0d29QSwECHgMKAAAAAAAAACEA8YZsegMAAAADAAAABQAAAAAAAAABAAAA"
            + "pIEAAAAAYS5jaWZQSwECHgMKAAAAAAAAACEAAAAAAAAAAAAAAAAAAgAAAAAAAAAAABAA7UEmAAAAZC9QSwECHgMKAAAAAAAAACEA"
            + "ZorKEQMAAAADAAAABwAAAAAAAAABAAAApIFGAAAAZC9iLmNpZlBLBQYAAAAAAwADAJgAAABuAAAAAAA=",
    ]
}
