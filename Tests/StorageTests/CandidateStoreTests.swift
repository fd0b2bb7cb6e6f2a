import Foundation
import MaterialsCore
import Storage
import Testing

/// The HDF5 library is one for the process, so its tests run one after the other.
@Suite(.serialized) struct HDF5Tests {}

extension HDF5Tests {
    @Suite struct CandidateStoreTests {
        @Test(arguments: [0, 1, 1_023, 1_024, 8_191, 8_192, 8_193, 20_000]) func roundTrip(_ count: Int) throws {
            let folder = try TemporaryFolder()
            let path = folder.file("store.h5")
            let written = try writeStore(path, count: count)
            let source = try CandidateStoreSource(path: path)
            #expect(source.positionCount() == count)
            #expect(source.schema == makeBatches(count: 0, seed: 1).schema)
            let read = try readBatches(source)
            #expect(read.map(BatchContent.init) == written.map(BatchContent.init))
            #expect(read.allSatisfy { $0.rejections.isEmpty })
            #expect(try folder.names == ["store.h5"])
        }

        @Test func rangesEqualTheWholeRead() throws {
            let folder = try TemporaryFolder()
            let whole = try writeStore(folder.file("store.h5"), count: 30_000).map(BatchContent.init)
            let source = try CandidateStoreSource(path: folder.file("store.h5"))
            for (first, last) in [(0, 1), (1, 2), (7, 9), (8, 16), (3, 30), (15, 17), (29, 30), (0, 30)] {
                let read = try readBatches(source, first * 1_024..<min(last * 1_024, 30_000)).map(BatchContent.init)
                #expect(read == Array(whole[first..<last]), "batches \(first)..<\(last)")
            }
            let partial = try readBatches(source, 8_192..<8_200)
            #expect(partial.count == 1 && partial[0].count == 8)
            #expect(try readBatches(source, 29_696..<1_000_000).first.map(BatchContent.init) == whole.last, "a range past the end is cut")
        }

        @Test func manyThreadsDecodeTheSame() throws {
            let folder = try TemporaryFolder()
            let whole = try writeStore(folder.file("store.h5"), count: 50_000).map(BatchContent.init)
            let reader = try CandidateStoreSource(path: folder.file("store.h5")).reader(positions: 0..<50_000)
            var pending: [PendingBatches] = []
            while let next = try reader.next() { pending.append(next) }
            let all = pending
            let decoded = Collected()
            DispatchQueue.concurrentPerform(iterations: all.count * 3) { i in
                // Every block three times, last first, so that shared chunks are fought for.
                let block = all[all.count - 1 - i % all.count]
                decoded.add(block.positions.lowerBound, (try? block.decode()) ?? [])
            }
            for block in all {
                let first = block.positions.lowerBound / 1_024
                let results = decoded.results[block.positions.lowerBound]!
                #expect(results.count == 3)
                for batches in results { #expect(batches.map(BatchContent.init) == Array(whole[first..<first + batches.count])) }
            }
        }

        @Test func threadsThatReadAndWriteDoNotDisturbEachOther() throws {
            let folder = try TemporaryFolder()
            let path = folder.path
            let whole = try writeStore(path + "/shared.h5", count: 9_000).map(BatchContent.init)
            DispatchQueue.concurrentPerform(iterations: 12) { i in
                let error = failure {
                    if i % 3 == 0 {
                        _ = try writeStore(path + "/\(i).h5", count: 5_000)
                    } else if i % 3 == 1 {
                        _ = try? CandidateStore(path: path + "/missing.h5")
                        #expect(try readBatches(CandidateStoreSource(path: path + "/shared.h5")).map(BatchContent.init) == whole)
                    } else {
                        try ModelFile(parameters: ParameterArchive(["i": .integers([Int64(i)], shape: [1])]), attributes: [:]).write(
                            to: path + "/m\(i).h5")
                        #expect(try ModelFile(path: path + "/m\(i).h5").parameters.integer("i") == i)
                    }
                }
                #expect(error == nil)
            }
            #expect(try fileBytes(path + "/0.h5") == fileBytes(path + "/9.h5"))
        }

        @Test func chosenColumns() throws {
            let folder = try TemporaryFolder()
            let path = folder.file("store.h5")
            let written = try writeStore(path, count: 3_000)
            let columns = [CandidateColumn(name: "a/b %", kind: .numeric), CandidateColumn(name: ".", kind: .text)]
            let source = try CandidateStoreSource(path: path, columns: columns)
            #expect(source.schema.names == ["a/b %", "."])
            let read = try readBatches(source)
            #expect(read[2].numericColumns[0].map(\.bitPattern) == written[2].numericColumns[1].map(\.bitPattern))
            #expect(read[2].textColumns == [written[2].textColumns[1]])
            #expect(try readBatches(CandidateStoreSource(path: path, columns: [])).first?.numericColumns.isEmpty == true)
            let unknown = failure { _ = try CandidateStoreSource(path: path, columns: [CandidateColumn(name: "gapp", kind: .numeric)]) }
            #expect(unknown?.kind == .usage && unknown!.message.contains("gap"))
            let other = failure { _ = try CandidateStoreSource(path: path, columns: [CandidateColumn(name: "gap", kind: .text)]) }
            #expect(other?.message.contains("holds numbers, not text") == true)
        }

        @Test func descriptionAndSummary() throws {
            let folder = try TemporaryFolder()
            let path = folder.file("store.h5")
            let description = StoreDescription(
                title: "Tést", source: "a lab", license: "CC-BY-4.0", dataClass: .open, createdBy: "MatSieve 0.1")
            let written = try writeStore(path, count: 9_000, description: description)
            let summary = try CandidateStore(path: path).summary()
            #expect(summary.rows == 9_000 && summary.withStructure == 0)
            #expect(summary.properties.map(\.name) == ["gap", "a/b %"] && summary.properties.map(\.unit) == ["eV", nil])
            let missing = (0..<2).map { c in written.map { $0.numericColumns[c].count { $0.isNaN } }.reduce(0, +) }
            #expect(summary.properties.map(\.missing) == missing && missing[0] > 100)
            #expect(summary.text == ["space group", "."])
            // One column is shared, so the store is.
            #expect(summary.dataClass == .shared && summary.description.dataClass == .shared)
            #expect(summary.description.title == "Tést" && summary.description.createdBy == "MatSieve 0.1")
            let provenance = try CandidateStoreSource(path: path).provenance
            #expect(provenance == SourceProvenance(path: path, dataClass: .shared, license: "CC-BY-4.0", source: "a lab"))
        }

        @Test func equalContentGivesEqualBytesAndHash() throws {
            let folder = try TemporaryFolder()
            _ = try writeStore(folder.file("a.h5"), count: 12_000)
            Thread.sleep(forTimeInterval: 1.1)
            _ = try writeStore(folder.file("b.h5"), count: 12_000)
            _ = try writeStore(folder.file("c.h5"), count: 12_000, seed: 2)
            #expect(try fileBytes(folder.file("a.h5")) == fileBytes(folder.file("b.h5")))
            let hashes = try ["a.h5", "b.h5", "c.h5"].map { try CandidateStoreSource(path: folder.file($0)).contentHash() }
            #expect(hashes[0] == hashes[1] && hashes[0] != hashes[2] && hashes[0].count == 64)
        }

        @Test func rejectionsDoNotEnterAStore() throws {
            let folder = try TemporaryFolder()
            var batch = makeBatches(count: 10, seed: 3).batches[0]
            batch.rejections = [
                Rejection(index: CandidateIndex(source: 0, position: 10), id: "x", stage: .read, defect: CandidateDefect("bad-formula", ""))
            ]
            let writer = try CandidateStoreWriter(path: folder.file("s.h5"), schema: batch.schema, description: StoreDescription())
            try writer.append(batch)
            try writer.finish()
            #expect(writer.rows == 10)
            #expect(try readBatches(CandidateStoreSource(path: folder.file("s.h5")))[0].rejections.isEmpty)
        }

        @Test func anAbandonedStoreLeavesNothing() throws {
            let folder = try TemporaryFolder()
            let (schema, batches) = makeBatches(count: 20_000, seed: 3)
            do {
                let writer = try CandidateStoreWriter(path: folder.file("s.h5"), schema: schema, description: StoreDescription())
                for batch in batches { try writer.append(batch) }
            }
            #expect(try folder.names.isEmpty)
            let error = failure {
                _ = try CandidateStoreWriter(path: folder.file("no/s.h5"), schema: schema, description: StoreDescription())
            }
            #expect(error?.kind == .usage)
            #expect(failure { _ = try CandidateStoreWriter(path: "-", schema: schema, description: StoreDescription()) }?.kind == .usage)
        }

        @Test func otherFilesAreNamed() throws {
            let folder = try TemporaryFolder()
            let store = folder.file("store.h5")
            _ = try writeStore(store, count: 3_000)
            let bytes = try fileBytes(store)
            let model = folder.file("model.h5")
            try ModelFile(parameters: ParameterArchive(), attributes: [:]).write(to: model)
            let cases: [(String, String)] = [
                (try folder.write(Array(bytes.prefix(bytes.count / 2)), "half.h5"), "is truncated"),
                (try folder.write(Array("formula\nNaCl\n".utf8), "text.h5"), "is not an HDF5 file"),
                (try folder.write([], "empty.h5"), "is not an HDF5 file"),
                (model, "not a candidate store"), (folder.file("none.h5"), "no such file"), (folder.path, "is a folder"),
            ]
            for (path, words) in cases {
                let error = failure { _ = try CandidateStoreSource(path: path) }
                #expect(
                    error?.kind == .input && error!.message.contains(words) && !error!.message.contains("\n"),
                    "\(path): \(error?.message ?? "-")")
            }
        }
    }
}

/// What threads decoded, by first position.
private final class Collected: @unchecked Sendable {
    private let lock = NSLock()
    private(set) var results: [Int: [[CandidateBatch]]] = [:]

    func add(_ position: Int, _ batches: [CandidateBatch]) { lock.withLock { results[position, default: []].append(batches) } }
}
