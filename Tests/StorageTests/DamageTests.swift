import Foundation
import MaterialsCore
import Testing

@testable import Storage

/// Damaged files give one line or values, and never end the process.
extension HDF5Tests {
    @Suite struct DamageTests {
        /// Rounds of each test; raise it in the environment for a longer campaign.
        private static let rounds = Int(ProcessInfo.processInfo.environment["MATSIEVE_DAMAGE_ROUNDS"] ?? "") ?? 200

        /// Changes some bytes, or cuts the file.
        private func damage(_ bytes: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
            var bytes = bytes
            switch random.nextInt(below: 4) {
            case 0: bytes.removeLast(1 + random.nextInt(below: bytes.count))
            case 1:
                let start = random.nextInt(below: bytes.count)
                for i in start..<min(start + 1 + random.nextInt(below: 64), bytes.count) { bytes[i] = UInt8(random.nextInt(below: 256)) }
            default:
                for _ in 0...random.nextInt(below: 4) { bytes[random.nextInt(below: bytes.count)] ^= UInt8(1 << random.nextInt(below: 8)) }
            }
            return bytes
        }

        /// Counts damages that were named; anything but a one-line `.input` error fails.
        private func campaign(_ whole: [UInt8], seed: UInt64, _ read: (String) throws -> Void) throws -> Int {
            let folder = try TemporaryFolder()
            var random = SplitMix64(seed: seed)
            var named = 0
            for round in 0..<Self.rounds {
                let path = try folder.write(damage(whole, &random), "damaged.h5")
                guard let error = failure({ try read(path) }) else { continue }
                named += 1
                #expect(
                    error.kind == .input && error.message.hasPrefix(path) && !error.message.contains("\n"),
                    "round \(round): \(error.message)")
            }
            return named
        }

        @Test func damagedStores() throws {
            let folder = try TemporaryFolder()
            _ = try writeStore(folder.file("s.h5"), count: 1_500)
            let named = try campaign(fileBytes(folder.file("s.h5")), seed: 11) { path in
                _ = try readBatches(CandidateStoreSource(path: path))
                _ = try CandidateStore(path: path).summary()
            }
            #expect(named > Self.rounds / 2)
        }

        /// A store whose datasets claim 2^40 elements, and whose second row claims most of them: nothing of that size is in the file.
        @Test(arguments: ["composition", "id"]) func aHugeStepOfOffsetsIsRefused(_ name: String) throws {
            let folder = try TemporaryFolder()
            let path = folder.file("huge.h5")
            try writeClaims(path, huge: name, 1 << 40)
            let error = failure { _ = try readBatches(CandidateStoreSource(path: path)) }
            #expect(
                error?.kind == .input && error!.message.hasPrefix(path) && error!.message.contains("damaged"), "\(error?.message ?? "")")
        }

        private func writeClaims(_ path: String, huge: String, _ size: Int) throws {
            func offsets(_ group: HDF5Group, _ name: String) throws {
                let last = UInt64(name == huge ? size - 1 : 2)
                try group.createDataset("offset", type: .u64, shape: [3], chunk: [8_192], growing: true).write([UInt64(0), 1, last])
            }
            func values(_ group: HDF5Group, _ child: String, _ type: ElementType, _ name: String) throws {
                // The one chunk of a small dataset is written; of a huge one none is, and the library gives zeros for it.
                let dataset = try group.createDataset(
                    child, type: type, shape: [name == huge ? size : 2], chunk: [32_768], growing: true)
                if name != huge { try type == .u8 ? dataset.write([UInt8(8), 14]) : dataset.write([1.0, 2]) }
            }
            let file = try HDF5File.create(path, path: path)
            do {
                let root = file.root
                try root.attributes.set(CandidateStoreSchema.versionAttribute, CandidateStoreSchema.version)
                let (id, composition) = (try root.createGroup("id"), try root.createGroup("composition"))
                try offsets(id, "id")
                try values(id, "bytes", .u8, "id")
                try offsets(composition, "composition")
                try values(composition, "atomic_number", .u8, "composition")
                try values(composition, "amount", .f64, "composition")
            }
            try file.close()
        }

        /// Not `deflated.h5`, whose attributes are of variable length: where a global heap is damaged, library 1.10 ends the process.
        @Test(arguments: ["contiguous.h5", "checksummed.h5"]) func damagedStoresOfOthers(_ name: String) throws {
            let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            let bytes = try fileBytes(folder.appending(path: "Datasets/references/h5py_store/\(name)").path)
            let named = try campaign(bytes, seed: 12) { path in
                _ = try readBatches(CandidateStoreSource(path: path))
                _ = try CandidateStore(path: path).summary()
            }
            #expect(named > Self.rounds / 8, "cuts at least")
        }

        @Test func damagedModels() throws {
            let folder = try TemporaryFolder()
            let archive = ParameterArchive([
                "weights": .doubles((0..<2_000).map { Double($0) / 3 }, shape: [2_000]), "names": .strings(["a", "b", "é"]),
                "trees/left": .integers([1, 2, 3], shape: [3]), "codes": .bytes([1, 2]), "kind": .string("ridge"),
            ])
            try ModelFile(parameters: archive, attributes: ["model": "ridge", "target": "gap"]).write(to: folder.file("m.h5"))
            let named = try campaign(fileBytes(folder.file("m.h5")), seed: 13) { _ = try ModelFile(path: $0) }
            #expect(named == Self.rounds, "every flip and every cut")
        }

        @Test func damagedTables() throws {
            let folder = try TemporaryFolder()
            let table = FeatureTable(
                features: FeatureMatrix(rows: 300, columns: 5), featureNames: ["a", "b", "c", "d", "e"],
                targets: [Double](repeating: 1, count: 300))
            try table.write(to: folder.file("t.h5"))
            let named = try campaign(fileBytes(folder.file("t.h5")), seed: 14) { path in
                _ = try FileKind.detect(path)
                _ = try FeatureTable(path: path)
            }
            #expect(named > Self.rounds / 4)
        }
    }
}
