import Foundation
import MaterialsCore
import Storage
import Testing

extension HDF5Tests {
    @Suite struct ModelFileTests {
        private func sample() -> ModelFile {
            var random = SplitMix64(seed: 9)
            let archive = ParameterArchive([
                "weights": .doubles((0..<5_000).map { _ in random.nextUnit() }, shape: [50, 100]), "bias": .doubles([-0.0], shape: []),
                "none": .doubles([], shape: [0, 3]), "trees/left": .integers([Int64.min, -1, 0, .max], shape: [4]),
                "trees/right": .integers([], shape: [0]), "codes": .bytes((0..<4_096).map { UInt8($0 & 255) }),
                "no codes": .bytes([]), "names": .strings(["MagpieData minimum Number", "", "é 日本", "a/b"]), "no names": .strings([]),
                "kind": .string("ridge"), "empty": .string(""), "%2F odd/.": .string("x"),
            ])
            return ModelFile(
                parameters: archive, attributes: ["model": "ridge", "target": "gap", "card": String(repeating: "{\"é\":1}", count: 20_000)])
        }

        @Test func roundTripAndEqualBytes() throws {
            let folder = try TemporaryFolder()
            let model = sample()
            try model.write(to: folder.file("a.h5"))
            Thread.sleep(forTimeInterval: 1.1)
            try model.write(to: folder.file("b.h5"))
            let read = try ModelFile(path: folder.file("a.h5"))
            #expect(read == model)
            #expect(try read.parameters.double("bias").sign == .minus)
            #expect(try fileBytes(folder.file("a.h5")) == fileBytes(folder.file("b.h5")))
            #expect(try fileBytes(folder.file("a.h5")).count < 400_000, "no unused space is written")
        }

        @Test func specialNumbersKeepTheirBits() throws {
            let folder = try TemporaryFolder()
            let values: [Double] = [.nan, .infinity, -.infinity, Double.leastNonzeroMagnitude, 1.7976931348623157e308, 0.1]
            try ModelFile(parameters: ParameterArchive(["x": .doubles(values, shape: [6])]), attributes: [:]).write(to: folder.file("m.h5"))
            #expect(try ModelFile(path: folder.file("m.h5")).parameters.doubles("x").map(\.bitPattern) == values.map(\.bitPattern))
        }

        @Test func namesThatCollideAreRefused() throws {
            let folder = try TemporaryFolder()
            let archive = ParameterArchive(["a": .string("x"), "a/b": .string("y")])
            #expect(failure { try ModelFile(parameters: archive, attributes: [:]).write(to: folder.file("m.h5")) }?.kind == .usage)
            #expect(try folder.names.isEmpty)
        }

        @Test func otherFilesAreNamed() throws {
            let folder = try TemporaryFolder()
            let path = folder.file("m.h5")
            try sample().write(to: path)
            let bytes = try fileBytes(path)
            _ = try writeStore(folder.file("store.h5"), count: 10)
            let cases: [(String, String)] = [
                (folder.file("store.h5"), "not a model"), (try folder.write(Array(bytes.dropLast(100)), "cut.h5"), "is truncated"),
                (try folder.write(Array(bytes.dropLast(3)), "shorter.h5"), "truncated"),
                (try folder.write(bytes + [0], "longer.h5"), "damaged"),
                (
                    try folder.write(
                        bytes.prefix(bytes.count / 2) + [bytes[bytes.count / 2] ^ 1] + bytes.suffix(from: bytes.count / 2 + 1), "flipped.h5"
                    ), "checksum"
                ),
                (try folder.write(Array("PK".utf8), "zip.h5"), "is not an HDF5 file"),
            ]
            for (path, words) in cases {
                let error = failure { _ = try ModelFile(path: path) }
                #expect(error?.kind == .input && error!.message.contains(words), "\(error?.message ?? "-")")
            }
        }
    }

    @Suite struct TableFileTests {
        @Test func featuresRoundTripAndAppend() throws {
            let folder = try TemporaryFolder()
            var random = SplitMix64(seed: 4)
            let (rows, names) = (20_000, ["a", "b/c", "é"])
            var values = (0..<rows * 3).map { _ in random.nextUnit() }
            values[7] = .infinity
            let table = FeatureTable(
                features: FeatureMatrix(rows: rows, columns: 3, values: values), featureNames: names,
                targets: values.prefix(rows).map { $0 * 2 })
            try table.write(to: folder.file("t.h5"))
            #expect(try FeatureTable(path: folder.file("t.h5")) == table)
            try table.write(to: folder.file("again.h5"))
            #expect(try fileBytes(folder.file("t.h5")) == fileBytes(folder.file("again.h5")))
            let writer = try TableFileWriter(path: folder.file("u.h5"), layout: TableLayout(featureNames: names, hasTarget: true))
            for range in [0..<1, 1..<9_000, 9_000..<9_000, 9_000..<20_000] {
                try writer.append(
                    TableRows(
                        ids: TextColumn(range.map { "\($0 + 1)" }), formulas: TextColumn(repeatElement("", count: range.count)),
                        features: table.features.selecting(Array(range)), targets: Array(table.targets![range])))
            }
            try writer.finish()
            #expect(writer.rows == rows)
            #expect(try FeatureTable(path: folder.file("u.h5")) == table)
        }

        @Test func kindsAreTold() throws {
            let folder = try TemporaryFolder()
            _ = try writeStore(folder.file("store.h5"), count: 10)
            try ModelFile(parameters: ParameterArchive(), attributes: [:]).write(to: folder.file("model.h5"))
            try FeatureTable(features: FeatureMatrix(rows: 2, columns: 1), featureNames: ["f"]).write(to: folder.file("table.h5"))
            let results = try TableFileWriter(
                path: folder.file("results.h5"), layout: TableLayout(properties: [PropertyDefinition(name: "gap")]))
            try results.finish()
            let csv = try folder.write(Array("formula\n".utf8), "a.h5")
            let expected: [String: FileKind] = ["store.h5": .candidateStore, "model.h5": .model, "table.h5": .table, "results.h5": .table]
            for (name, kind) in expected { #expect(try FileKind.detect(folder.file(name)) == kind) }
            #expect(try FileKind.detect(csv) == .notHDF5)
            let cut = try folder.write(Array(fileBytes(folder.file("store.h5")).prefix(3_000)), "cut.h5")
            #expect(failure { _ = try FileKind.detect(cut) }?.message.contains("truncated") == true)
        }
    }
}
