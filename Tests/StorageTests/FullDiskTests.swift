import Foundation
import MaterialsCore
import Storage
import Testing

/// A file system of 1 MiB, where this process may mount one.
private final class TinyDisk {
    let folder: TemporaryFolder

    init?() throws {
        folder = try TemporaryFolder()
        guard getuid() == 0, mount("tmpfs", folder.path, "tmpfs", 0, "size=1m") == 0 else { return nil }
    }

    static var isPossible: Bool { (try? TinyDisk()) ?? nil != nil }

    deinit { umount2(folder.path, Int32(MNT_DETACH)) }
}

extension HDF5Tests {
    @Suite(.enabled(if: TinyDisk.isPossible, "needs root and the right to mount")) struct FullDiskTests {
        private func expectStopped(_ body: (String) throws -> Void) throws {
            let disk = try #require(try TinyDisk())
            let error = failure { try body(disk.folder.file("out")) }
            #expect(
                error?.kind == .stopped && error!.message.contains("disk is full") && !error!.message.contains("\n"),
                "\(error?.message ?? "-")")
            #expect(try disk.folder.names.isEmpty)
        }

        @Test func text() throws { try expectStopped { try AtomicFile.write([UInt8](repeating: 65, count: 3 << 20), to: $0) } }

        @Test func store() throws { try expectStopped { _ = try writeStore($0, count: 60_000) } }

        /// Sizes around what fits, so that some fail only when the file is closed.
        @Test(arguments: Array(stride(from: 900, through: 1_040, by: 10))) func model(_ kibibytes: Int) throws {
            var random = SplitMix64(seed: 1)
            let archive = ParameterArchive(["x": .bytes((0..<kibibytes * 1_024).map { _ in UInt8(truncatingIfNeeded: random.next()) })])
            let disk = try #require(try TinyDisk())
            let error = failure { try ModelFile(parameters: archive, attributes: [:]).write(to: disk.folder.file("m.h5")) }
            if let error {
                #expect(error.kind == .stopped && error.message.contains("disk is full"), "\(error.message)")
                #expect(try disk.folder.names.isEmpty)
            } else {
                #expect(try ModelFile(path: disk.folder.file("m.h5")).parameters == archive)
            }
        }

        @Test func table() throws {
            try expectStopped { path in
                let writer = try TableFileWriter(path: path, layout: TableLayout(properties: [PropertyDefinition(name: "gap")]))
                for start in stride(from: 0, to: 200_000, by: 1_000) {
                    let ids = TextColumn((start..<start + 1_000).map { "mp-\($0)" })
                    try writer.append(TableRows(ids: ids, formulas: ids, properties: [(0..<1_000).map { Double($0) * 0.1 }]))
                }
                try writer.finish()
            }
        }

        @Test func workGoesOnAfterwards() throws {
            try expectStopped { _ = try writeStore($0, count: 60_000) }
            let folder = try TemporaryFolder()
            let written = try writeStore(folder.file("s.h5"), count: 2_000)
            #expect(
                try readBatches(CandidateStoreSource(path: folder.file("s.h5"))).map(BatchContent.init) == written.map(BatchContent.init))
        }
    }
}
