import Foundation
import MaterialsCore
import Storage
import Testing

@Suite struct ByteInputTests {
    private func gzip(_ text: [UInt8], _ folder: TemporaryFolder, _ name: String = "made.gz") throws -> [UInt8] {
        try AtomicFile.write(text, to: folder.file(name))
        return try fileBytes(folder.file(name))
    }

    private func sample(_ count: Int) -> [UInt8] {
        var random = SplitMix64(seed: 5)
        return (0..<count).map { _ in UInt8(32 + random.nextInt(below: 64)) }
    }

    @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 3_000_000]) func plainAndGzipGiveTheSameBytes(_ size: Int) throws {
        let folder = try TemporaryFolder()
        let bytes = sample(size)
        let plain = try openByteInput(path: folder.write(bytes, "plain.csv"))
        let packed = try openByteInput(path: folder.write(gzip(bytes, folder), "no-extension"))
        for capacity in [7_919, 1 << 20] {
            #expect(try readAll(plain, capacity: capacity) == bytes)
            #expect(try readAll(packed, capacity: capacity) == bytes)
        }
        #expect(try readAll(packed) == bytes, "an input opens again from its start")
    }

    @Test func whatGzipItselfMadeIsRead() throws {
        // printf 'formula\nNaCl\n' | gzip -n
        let made = "H4sIAAAAAAAAA0vLL8otzUnk8kt0zuECALELwfcNAAAA"
        let folder = try TemporaryFolder()
        let input = try openByteInput(path: folder.write([UInt8](Data(base64Encoded: made)!), "a.gz"))
        #expect(String(decoding: try readAll(input), as: UTF8.self) == "formula\nNaCl\n")
    }

    @Test func membersAndPadding() throws {
        let folder = try TemporaryFolder()
        let (a, b) = (try gzip(sample(100_000), folder), try gzip(Array("end".utf8), folder))
        let expected = sample(100_000) + Array("end".utf8)
        #expect(try readAll(openByteInput(path: folder.write(a + b, "two.gz"))) == expected)
        let padded = a + b + [UInt8](repeating: 0, count: 200_000)
        #expect(try readAll(openByteInput(path: folder.write(padded, "padded.gz"))) == expected)
    }

    @Test func everyTruncationIsAnError() throws {
        let folder = try TemporaryFolder()
        let whole = try gzip(sample(2_000), folder)
        for length in stride(from: 2, to: whole.count, by: 37) {
            let input = try openByteInput(path: folder.write(Array(whole.prefix(length)), "cut.gz"))
            let error = failure { _ = try readAll(input) }
            #expect(error?.kind == .input && error!.message.contains("ends before"), "cut at \(length)")
        }
    }

    @Test func corruptStreamsAreNamed() throws {
        let folder = try TemporaryFolder()
        var flipped = try gzip(sample(50_000), folder)
        flipped[20_000] ^= 0x10
        let corrupt = try openByteInput(path: folder.write(flipped, "flipped.gz"))
        #expect(failure { _ = try readAll(corrupt) }?.message.contains("not a sound gzip stream") == true)
        let tail = try openByteInput(path: folder.write(gzip([65], folder) + Array("tail".utf8), "tail.gz"))
        #expect(failure { _ = try readAll(tail) }?.message.contains("bytes after its gzip stream") == true)
    }

    @Test func whatCannotBeOpenedIsNamedInOneLine() throws {
        let folder = try TemporaryFolder()
        let cases = [folder.path: "is a folder", folder.file("none.csv"): "no such file", "/dev/null": "not a regular file"]
        for (path, words) in cases {
            let error = failure { _ = try openByteInput(path: path) }
            #expect(error?.kind == .input)
            #expect(error?.message.hasPrefix(path) == true && error!.message.contains(words) && !error!.message.contains("\n"))
        }
    }

    @Test(.enabled(if: getuid() != 0, "root reads every file")) func anUnreadableFileIsNamed() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write([65], "secret.csv")
        chmod(path, 0)
        #expect(failure { _ = try openByteInput(path: path) }?.message.contains("permission") == true)
    }
}

@Suite struct AtomicFileTests {
    @Test func nothingAppearsBeforeCommit() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Array("old".utf8), "out.csv")
        let file = try AtomicFile(path: path)
        try file.write(String(repeating: "a,b\n", count: 1_000_000))
        #expect(try fileBytes(path) == Array("old".utf8))
        let names = try folder.names
        #expect(names.count == 2 && names[0].hasPrefix(".out.csv.tmp-\(getpid())-") && names[1] == "out.csv")
        try file.commit()
        #expect(try fileBytes(path).count == 4_000_000)
        #expect(try folder.names == ["out.csv"])
    }

    @Test func abandonedOutputLeavesNothing() throws {
        let folder = try TemporaryFolder()
        do {
            let file = try AtomicFile(path: folder.file("out.csv"))
            try file.write("half")
        }
        #expect(try folder.names.isEmpty)
    }

    /// As two processes of equal number on two machines do.
    @Test func twoWritersOfOneFileDoNotMix() throws {
        let folder = try TemporaryFolder()
        let (a, b) = (try PendingFile(path: folder.file("model.h5")), try PendingFile(path: folder.file("model.h5")))
        #expect(a.temporaryPath != b.temporaryPath)
        try Data(repeating: 65, count: 10).write(to: URL(fileURLWithPath: a.temporaryPath))
        try Data(repeating: 66, count: 5).write(to: URL(fileURLWithPath: b.temporaryPath))
        try a.commit()
        #expect(try fileBytes(folder.file("model.h5")) == [UInt8](repeating: 65, count: 10))
        try b.commit()
        #expect(try fileBytes(folder.file("model.h5")) == [UInt8](repeating: 66, count: 5))
        #expect(try folder.names == ["model.h5"])
    }

    @Test(arguments: [0o600, 0o640, 0o444, 0o755]) func permissionsOfAReplacedFileStay(_ mode: Int) throws {
        let folder = try TemporaryFolder()
        func permissions(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        let path = try folder.write([65], "out.csv")
        chmod(path, mode_t(mode))
        let file = try AtomicFile(path: path)
        try file.write("secret")
        let temporary = try #require(try folder.names.first { $0 != "out.csv" })
        #expect(try permissions(folder.file(temporary)) == 0o600, "not readable for others while it is written")
        try file.commit()
        #expect(try permissions(path) == mode && fileBytes(path) == Array("secret".utf8))
        try AtomicFile.write([65], to: folder.file("new.csv"))
        _ = try folder.write([65], "plain.csv")
        #expect(try permissions(folder.file("new.csv")) == permissions(folder.file("plain.csv")))
    }

    @Test func aNameOfFullLengthIsWritten() throws {
        let folder = try TemporaryFolder()
        let name = String(repeating: "é", count: 127)
        try AtomicFile.write([65], to: folder.file(name))
        #expect(try folder.names.count == 1 && fileBytes(folder.file(name)) == [65])
    }

    @Test func aLinkIsFollowedAndStays() throws {
        let folder = try TemporaryFolder()
        let target = try folder.write([65], "target.csv")
        try FileManager.default.createSymbolicLink(atPath: folder.file("link.csv"), withDestinationPath: target)
        try AtomicFile.write([66], to: folder.file("link.csv"))
        #expect(try fileBytes(target) == [66])
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link.csv")) == target)
    }

    @Test func missingFolderAndFolderAsOutputAreUsageErrors() throws {
        let folder = try TemporaryFolder()
        let missing = failure { _ = try AtomicFile(path: folder.file("none/out.csv")) }
        #expect(missing?.kind == .usage && missing!.message.contains("does not exist"))
        let isFolder = failure { _ = try AtomicFile(path: folder.path) }
        #expect(isFolder?.kind == .usage && isFolder!.message.contains("is not a file"))
    }

    @Test(.enabled(if: getuid() != 0, "root writes everywhere")) func anUnwritableFolderIsAUsageError() throws {
        let folder = try TemporaryFolder()
        chmod(folder.path, 0o555)
        defer { chmod(folder.path, 0o755) }
        let error = failure { _ = try AtomicFile(path: folder.file("out.csv")) }
        #expect(error?.kind == .usage && error!.message.contains("not writable"))
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "no /dev/full here")) func aFullDeviceStopsTheRun() throws {
        let error = failure { try AtomicFile.write([65], to: "/dev/full") }
        #expect(error?.kind == .stopped && error!.message.contains("full"))
    }

    @Test func emptyGzipOutputIsAGzipFile() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write([], to: folder.file("empty.csv.gz"))
        #expect(try fileBytes(folder.file("empty.csv.gz")).prefix(2) == [0x1f, 0x8b])
        #expect(try readAll(openByteInput(path: folder.file("empty.csv.gz"))).isEmpty)
    }
}

@Suite struct FileLockTests {
    @Test func aSecondHolderIsRefusedUntilTheFirstLetsGo() throws {
        let folder = try TemporaryFolder()
        var first: FileLock? = try FileLock(path: folder.file("lock"), owner: "out")
        #expect(first?.isHeld == true)
        let error = failure { _ = try FileLock(path: folder.file("lock"), owner: "out") }
        #expect(error?.kind == .usage && error!.message.hasPrefix("out: another run"))
        first = nil
        #expect(try FileLock(path: folder.file("lock"), owner: "out").isHeld)
    }
}
