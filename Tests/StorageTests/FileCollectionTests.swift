import Foundation
import MaterialsCore
import Storage
import Testing

/// What a pass over a collection gives: texts of members by path, and the defects between them.
private struct Contents: Equatable {
    var members: [String: String] = [:]
    var order: [String] = []
    var defects: [String] = []

    init(_ collection: FileCollection, capacity: Int = 7_919) throws {
        let reader = try collection.open()
        while true {
            do {
                guard let member = try reader.next() else { break }
                order.append(member.path)
                members[member.path] = String(decoding: try readAll(member.input, capacity: capacity), as: UTF8.self)
            } catch let defect as CandidateDefect {
                #expect(!defect.detail.contains("\n"))
                defects.append(defect.reason)
            }
        }
    }
}

@Suite struct FolderTests {
    @Test func membersComeInOrderOfPathBytes() throws {
        let folder = try TemporaryFolder()
        for sub in ["a", "a/b", "z", ".git"] {
            try FileManager.default.createDirectory(atPath: folder.file(sub), withIntermediateDirectories: true)
        }
        // `a-` and `a.` sort between `a` and `a/` as names, but before and after as paths: - < . < /
        for name in [
            "a/x.cif", "a/b/y.cif", "a-1.cif", "a.cif", "a0.cif", "z/é.cif", "B.cif", ".hidden", ".git/config", "inner.zip", "inner.tar.gz",
        ] {
            _ = try folder.write(Array(name.utf8), name)
        }
        try FileManager.default.createSymbolicLink(atPath: folder.file("link.cif"), withDestinationPath: "a.cif")
        try FileManager.default.createSymbolicLink(atPath: folder.file("loop"), withDestinationPath: ".")
        let contents = try Contents(openFileCollection(path: folder.path))
        #expect(contents.order == ["B.cif", "a-1.cif", "a.cif", "a/b/y.cif", "a/x.cif", "a0.cif", "z/é.cif"])
        #expect(contents.order == contents.order.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        #expect(contents.members.allSatisfy { $0.key == $0.value } && contents.defects.isEmpty)
    }

    @Test func linksThatLeaveAreNamedAndNotFollowed() throws {
        let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
        _ = try folder.write([65], "a.cif")
        let secret = try other.write([66], "secret.cif")
        try FileManager.default.createSymbolicLink(atPath: folder.file("b.cif"), withDestinationPath: secret)
        try FileManager.default.createSymbolicLink(atPath: folder.file("c"), withDestinationPath: other.path)
        let contents = try Contents(openFileCollection(path: folder.path))
        #expect(contents.order == ["a.cif"] && contents.defects == ["unsafe-path", "unsafe-path"])
    }

    @Test func gzipMembersAreUnpackedAndBrokenOnesAreDefects() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write(Array("text".utf8), to: folder.file("a.cif.gz"))
        let whole = try fileBytes(folder.file("a.cif.gz"))
        _ = try folder.write(Array(whole.dropLast(9)), "b.cif.gz")
        _ = try folder.write([67], "c.cif")
        let contents = try Contents(openFileCollection(path: folder.path))
        #expect(contents.members == ["a.cif.gz": "text", "c.cif": "C"])
        #expect(contents.defects == ["damaged-member"])
    }

    @Test func namesThatAreNoTextAreDefects() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write([65], "a.cif")
        let name = folder.path.utf8.map { CChar(bitPattern: $0) } + [47, -1, -2, 46, 99, 105, 102, 0]
        let descriptor = name.withUnsafeBufferPointer { unsafe open($0.baseAddress!, O_CREAT | O_WRONLY, 0o600) }
        try #require(descriptor >= 0)
        close(descriptor)
        let contents = try Contents(openFileCollection(path: folder.path))
        #expect(contents.order == ["a.cif"] && contents.defects == ["unreadable-file"])
    }

    /// Pipes and devices among the files are not opened, not even to look at them.
    @Test func pipesAreLeftOut() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write([65], "a.cif")
        try #require(mkfifo(folder.file("b.cif"), 0o600) == 0)
        let contents = try Contents(openFileCollection(path: folder.path))
        #expect(contents.order == ["a.cif"] && contents.defects.isEmpty)
        #expect(failure { _ = try openFileCollection(path: folder.file("b.cif")) }?.kind == .input)
    }

    /// An empty tar is all zeros, and so is many another file.
    @Test func zerosAreATarByNameOnly() throws {
        let folder = try TemporaryFolder()
        let zeros = [UInt8](repeating: 0, count: 10_240)
        #expect(try openFileCollection(path: folder.write(zeros, "a.tar")).holdsMany)
        #expect(try !openFileCollection(path: folder.write(zeros, "POSCAR")).holdsMany)
    }

    @Test func theHashTellsNamesAndBytes() throws {
        func hash(_ files: [(String, String)]) throws -> String {
            let folder = try TemporaryFolder()
            for (name, text) in files { _ = try folder.write(Array(text.utf8), name) }
            return try openFileCollection(path: folder.path).contentHash()
        }
        let one = try hash([("a", "1"), ("b", "2")])
        #expect(try hash([("b", "2"), ("a", "1")]) == one)
        #expect(try hash([("a", "1"), ("c", "2")]) != one)
        #expect(try hash([("a", "1"), ("b", "3")]) != one)
        #expect(try hash([("a", "12"), ("b", "")]) != one)
    }

    @Test func missingAndUnreadablePathsAreOneLine() throws {
        let folder = try TemporaryFolder()
        #expect(failure { _ = try openFileCollection(path: folder.file("none")) }?.kind == .input)
        let named = try folder.write(Array("no archive at all".utf8), "x.zip")
        #expect(failure { _ = try openFileCollection(path: named) }?.message.contains("no .zip or .tar") == true)
    }
}

@Suite struct ArchiveTests {
    private let files = [("set/a.cif", "first"), ("set/deep/b.cif", String(repeating: "second ", count: 400_000)), ("c.cif", "")]

    @Test func folderZipAndTarGiveTheSame() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.file("in/set/deep"), withIntermediateDirectories: true)
        for (name, text) in files { _ = try folder.write(Array(text.utf8), "in/" + name) }
        let expected = try Contents(openFileCollection(path: folder.file("in"))).members
        #expect(expected.count == 3)
        let tar = tarArchive(files.map { TarMember($0.0, $0.1) })
        try AtomicFile.write(tar, to: folder.file("packed.gz"))
        let archives = [
            try folder.write(tar, "plain.bin"), folder.file("packed.gz"),
            try folder.write(zipArchive(files.map { ZipMember($0.0, stored: Array($0.1.utf8)) }), "stored"),
            try folder.write(zipArchive(try files.map { try ZipMember($0.0, deflated: Array($0.1.utf8), folder) }), "deflated"),
        ]
        for path in archives {
            let collection = try openFileCollection(path: path)
            #expect(collection.holdsMany)
            for capacity in [1_000, 1 << 20] {
                let contents = try Contents(collection, capacity: capacity)
                #expect(contents.members == expected && contents.order == files.map(\.0) && contents.defects.isEmpty, "\(path)")
            }
            let (hash, expectedHash) = (try collection.contentHash(), SHA256.hash(try fileBytes(path)))
            #expect(hash == expectedHash)
        }
    }

    /// `tar --sort=name --mtime=@0 --owner=0 --group=0 -c a.cif d | PROGRAM -9`, a.cif holds `one`, d/b.cif `two`.
    @Test(arguments: PackedSamples.all) func otherPackings(_ name: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write([UInt8](Data(base64Encoded: PackedSamples.base64[name]!)!), name)
        #expect(try Contents(openFileCollection(path: path)).members == ["a.cif": "one", "d/b.cif": "two"])
    }

    @Test func singleFilesAreOneMember() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Array("data_x".utf8), "x.cif")
        let collection = try openFileCollection(path: path)
        let members = try Contents(collection).members
        #expect(!collection.holdsMany && members == [path: "data_x"])
        try AtomicFile.write(Array("data_x".utf8), to: folder.file("y.cif.gz"))
        let (plain, packed) = (try collection.contentHash(), try openFileCollection(path: folder.file("y.cif.gz")).contentHash())
        #expect(plain == packed)
    }

    @Test func membersCanBeLookedAtBeforeTheyAreRead() throws {
        let folder = try TemporaryFolder()
        let long = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
        let path = try folder.write(tarArchive([TarMember("long", bytes: long), TarMember("b", "next")]), "a.tar")
        let reader = try openFileCollection(path: path).open()
        let first = try #require(try reader.next())
        #expect(try first.input.open().read(65_536) == Array(long.prefix(65_536)))
        #expect(try first.input.open().read(100) == Array(long.prefix(100)))
        #expect(try readAll(first.input, capacity: 100_000) == long)
        #expect(failure { _ = try first.input.open() }?.kind == .input, "more was read than is kept")
        let second = try #require(try reader.next())
        #expect(failure { _ = try readAll(first.input) } != nil, "the archive has moved on")
        #expect(try readAll(second.input) == Array("next".utf8))
        #expect(try reader.next() == nil)
    }

    @Test func whatIsNoFileOfItsOwnIsLeftOut() throws {
        let folder = try TemporaryFolder()
        let tar = tarArchive([
            TarMember("d/", "", type: "5"), TarMember("soft", "", type: "2", link: "/etc/passwd"),
            TarMember("hard", "", type: "1", link: "a"), TarMember("device", "", type: "3"), TarMember("pipe", "", type: "6"),
            TarMember(".hidden", "x"), TarMember("__MACOSX/a", "x"), TarMember("./in.tgz", "x"), TarMember("./a", "kept"),
        ])
        let contents = try Contents(openFileCollection(path: folder.write(tar, "a.tar")))
        #expect(contents.members == ["a": "kept"] && contents.defects.isEmpty)
    }

    @Test func pathsThatClimbOutAreRefused() throws {
        let folder = try TemporaryFolder()
        let names = ["../a", "b/../../c", "/etc/d", "..\\e", "C:\\f", "g/..", "ok.cif"]
        let tar = try folder.write(tarArchive(names.map { TarMember($0, $0) }), "a.tar")
        let zip = try folder.write(zipArchive(names.map { ZipMember($0, stored: Array($0.utf8)) }), "a.zip")
        for path in [tar, zip] {
            let contents = try Contents(openFileCollection(path: path))
            #expect(contents.members == ["ok.cif": "ok.cif"] && contents.defects == Array(repeating: "unsafe-path", count: 6), "\(path)")
        }
    }

    @Test func namesBeyondASCII() throws {
        let folder = try TemporaryFolder()
        let names = ["é.cif", "結晶.cif"]
        for bytes in [tarArchive(names.map { TarMember($0, "x") }), zipArchive(names.map { ZipMember($0, stored: [120], isUTF8: true) })] {
            #expect(try Contents(openFileCollection(path: folder.write(bytes, "a"))).order == names)
        }
    }
}

@Suite struct HostileArchiveTests {
    @Test func encryptedMembers() throws {
        let folder = try TemporaryFolder()
        var locked = ZipMember("locked.cif", stored: Array("0123456789abXYZ".utf8))
        locked.flags = 1
        let zip = zipArchive([ZipMember("a", stored: [65]), locked, ZipMember("b", stored: [66])])
        let contents = try Contents(openFileCollection(path: folder.write(zip, "a.zip")))
        #expect(contents.members == ["a": "A", "b": "B"] && contents.defects == ["encrypted-member"])
    }

    @Test func aZipBombIsStoppedAndTheNextMemberRead() throws {
        let folder = try TemporaryFolder()
        let zeros = [UInt8](repeating: 0, count: 20 << 20)
        let zip = zipArchive([try ZipMember("zeros", deflated: zeros, folder), ZipMember("b", stored: [66])])
        #expect(zip.count < zeros.count / 1_000)
        let contents = try Contents(openFileCollection(path: folder.write(zip, "a.zip")))
        #expect(contents.members["b"] == nil || contents.members["b"] == "B")
        #expect(contents.defects.first == "archive-bomb")
        var limits = ArchiveLimits()
        limits.memberBytes = 1 << 20
        let limited = try Contents(openFileCollection(path: folder.write(zip, "a.zip"), limits: limits))
        #expect(limited.members == ["b": "B"] && limited.defects == ["archive-bomb"])
    }

    @Test func aPackedTarBombEndsTheArchive() throws {
        let folder = try TemporaryFolder()
        let tar = tarArchive([TarMember("a", "1"), TarMember("zeros", bytes: [UInt8](repeating: 0, count: 20 << 20)), TarMember("b", "2")])
        let path = try folder.write(gzipped(tar, folder), "a.tar.gz")
        let contents = try Contents(openFileCollection(path: path))
        #expect(contents.members == ["a": "1"] && contents.defects == ["archive-bomb"])
    }

    @Test func aGzipMemberMayBeABombToo() throws {
        let folder = try TemporaryFolder()
        let bomb = try gzipped([UInt8](repeating: 0, count: 20 << 20), folder)
        let path = try folder.write(tarArchive([TarMember("a.cif.gz", bytes: bomb), TarMember("b", "2")]), "a.tar")
        let contents = try Contents(openFileCollection(path: path))
        #expect(contents.members == ["b": "2"] && contents.defects == ["archive-bomb"])
    }

    @Test func tooManyMembers() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(tarArchive((0..<20).map { TarMember("\($0)", "x") }), "a.tar")
        var limits = ArchiveLimits()
        limits.members = 10
        #expect(failure { _ = try Contents(openFileCollection(path: path, limits: limits)) }?.message.contains("more than 10") == true)
    }

    @Test func aFlippedZipMemberIsADefectAndTheNextIsRead() throws {
        let folder = try TemporaryFolder()
        var random = SplitMix64(seed: 3)
        let noise = (0..<50_000).map { _ in UInt8(97 + random.nextInt(below: 16)) }
        let zip = zipArchive([ZipMember("a", stored: [65]), try ZipMember("noise", deflated: noise, folder), ZipMember("b", stored: [66])])
        for offset in [200, 5_000, 20_000] {
            var flipped = zip
            flipped[offset] ^= 0xff
            let contents = try Contents(openFileCollection(path: folder.write(flipped, "a.zip")))
            #expect(contents.members == ["a": "A", "b": "B"] && contents.defects == ["damaged-member"], "byte \(offset)")
        }
    }

    @Test func everyTruncationEndsInOneLine() throws {
        let folder = try TemporaryFolder()
        let files = (0..<8).map { ("m\($0).cif", String(repeating: "text \($0)\n", count: 200)) }
        let tar = tarArchive(files.map { TarMember($0.0, $0.1) })
        let wholes = [
            tar, try gzipped(tar, folder), zipArchive(try files.map { try ZipMember($0.0, deflated: Array($0.1.utf8), folder) }),
        ]
        for whole in wholes {
            for length in stride(from: 600, to: whole.count - 1_100, by: whole.count / 23) {
                let path = try folder.write(Array(whole.prefix(length)), "cut")
                var members = 0
                let error = failure { members = try Contents(openFileCollection(path: path)).members.count }
                #expect(error?.kind == .input || members < files.count, "cut at \(length)")
                #expect(error?.message.contains("\n") != true)
            }
        }
    }

    @Test func mutationsNeitherCrashNorHang() throws {
        let folder = try TemporaryFolder()
        let files = (0..<4).map { ("m\($0).cif", String(repeating: "text \($0)\n", count: 40)) }
        let tar = tarArchive(files.map { TarMember($0.0, $0.1) })
        let zip = zipArchive(try files.map { try ZipMember($0.0, deflated: Array($0.1.utf8), folder) })
        var random = SplitMix64(seed: 11)
        for whole in [tar, zip] {
            for _ in 0..<300 {
                var bytes = whole
                for _ in 0..<(1 + random.nextInt(below: 8)) {
                    bytes[random.nextInt(below: bytes.count)] = UInt8(random.nextInt(below: 256))
                }
                let error = failure { _ = try Contents(openFileCollection(path: folder.write(bytes, "mutated"))) }
                #expect(error == nil || error!.kind == .input)
            }
        }
    }
}
