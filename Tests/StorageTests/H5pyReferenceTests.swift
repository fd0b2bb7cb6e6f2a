import Foundation
import MaterialsCore
import Storage
import Testing

/// Files that h5py made from the published layout; see `Datasets/references/h5py_store/PROVENANCE.md`.
extension HDF5Tests {
    @Suite struct H5pyReferenceTests {
        private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Datasets/references/h5py_store").path

        private struct Expected: Decodable {
            struct Row: Decodable {
                let id: String
                let atomicNumbers: [UInt8]
                let amount: [Double]
                let gap: Double?
                let energy: Double
                let spaceGroup: String

                enum CodingKeys: String, CodingKey {
                    case id, amount, gap, energy
                    case atomicNumbers = "atomic_number"
                    case spaceGroup = "space group"
                }
            }
            struct Table: Decodable {
                let features: [Double]
                let featureNames: [String]

                enum CodingKeys: String, CodingKey {
                    case features
                    case featureNames = "feature_names"
                }
            }
            let rows: [Row]
            let table: Table
        }

        private func expected() throws -> Expected {
            try JSONDecoder().decode(Expected.self, from: Data(fileBytes(Self.folder + "/expected.json")))
        }

        @Test(arguments: ["deflated.h5", "contiguous.h5", "checksummed.h5"]) func storesOfEveryLayoutGiveTheSameRows(_ name: String) throws
        {
            let rows = try expected().rows
            let source = try CandidateStoreSource(path: Self.folder + "/" + name)
            let batches = try readBatches(source)
            #expect(batches.map(\.count) == [1_024, 476] && rows.count == 1_500)
            for batch in batches {
                for row in 0..<batch.count {
                    let want = rows[batch.indices[row].position]
                    #expect(batch.ids[row] == want.id && batch.composition(row).atomicNumbers == want.atomicNumbers)
                    #expect(batch.composition(row).amounts == want.amount)
                    let gap = batch.numericColumn("gap")![row]
                    #expect(want.gap.map { $0 == gap } ?? gap.isNaN)
                    #expect(batch.numericColumn("energy")![row] == want.energy)
                    #expect(batch.textColumn("space group")![row] == want.spaceGroup)
                }
            }
            #expect(try BatchContent(readBatches(source, 1_024..<1_500)[0]) == BatchContent(batches[1]))
        }

        @Test func descriptionsAreRead() throws {
            for (name, strictest) in [("deflated.h5", DataClass.shared), ("contiguous.h5", .closed)] {
                let store = try CandidateStore(path: Self.folder + "/" + name)
                #expect(store.description.title == "made by h5py" && store.description.license == "CC0-1.0")
                #expect(store.dataClass == strictest)
                let summary = try store.summary()
                #expect(Set(summary.properties.map(\.name)) == ["energy", "gap"])
                let gap = summary.properties.first { $0.name == "gap" }
                #expect(gap?.unit == "eV" && gap?.missing == 215)
                #expect(try CandidateStoreSource(store).contentHash() == fileHash(store.path), "no hash inside, so that of the file")
            }
        }

        @Test func whatIsNoCompositionBecomesARejection() throws {
            let batch = try readBatches(CandidateStoreSource(path: Self.folder + "/faulty.h5"))[0]
            #expect((0..<batch.count).map { batch.ids[$0] } == ["r0", "r8"])
            #expect(batch.composition(0) == Composition(sortedAtomicNumbers: [8, 26], amounts: [3, 2]))
            #expect(batch.composition(1) == Composition(sortedAtomicNumbers: [11, 17], amounts: [1, 1]))
            #expect(batch.rejections.map(\.id) == (1...7).map { "r\($0)" })
            #expect(batch.rejections.allSatisfy { $0.defect.reason == "bad-composition" && $0.stage == .read })
            #expect(batch.rejections[1].defect.detail == "the store gives atomic number 119")
            #expect(batch.rejections.map(\.index.position) == Array(1...7))
        }

        @Test func aNewerVersionIsNamed() throws {
            let error = failure { _ = try CandidateStoreSource(path: Self.folder + "/newer.h5") }
            #expect(error?.kind == .input && error!.message.contains("version 2") && error!.message.contains("update MatSieve"))
        }

        @Test func aFeatureTableIsRead() throws {
            let want = try expected().table
            let table = try FeatureTable(path: Self.folder + "/features.h5")
            #expect(table.features == FeatureMatrix(rows: 60, columns: 4, values: want.features))
            #expect(table.featureNames == want.featureNames && table.targets == (0..<60).map { Double($0) })
            #expect(try FileKind.detect(Self.folder + "/features.h5") == .table)
        }
    }
}
