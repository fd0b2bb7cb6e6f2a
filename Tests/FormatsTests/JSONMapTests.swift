import Formats
import Foundation
import MaterialsCore
import TestSupport
import Testing

@Suite struct JSONMapTests {
    private let poscar = "System\\n1.0\\n4 0 0\\n0 4 0\\n0 0 4\\nCs Cl\\n1 1\\ndirect\\n0 0 0\\n0.5 0.5 0.5\\n"
    private let object =
        "{\"lattice_mat\": [[4, 0, 0], [0, 4, 0], [0, 0, 4]], \"coords\": [[0, 0, 0], [0.5, 0.5, 0.5]], \"elements\": [\"Cs\", \"Cl\"], \"cartesian\": false}"

    @Test func textsAndObjects() throws {
        // Line ends as JSON escapes them, and as two characters.
        let twice = poscar.replacing("\\n", with: "\\\\n")
        for text in [
            "{\"a\": \"\(poscar)\", \"b\": \"\(twice)\"}", "{\"a\": \(object), \"b\": \(object)}",
            "{\"train\": {\"a\": \"\(twice)\"}, \"test\": {\"b\": \"\(poscar)\"}, \"val\": {}}",
            "{\"g\": {\"a\": \(object), \"b\": \(object)}}",
            "{\"a\": {\"structure\": \(object), \"gap\": 1}, \"b\": {\"structure\": \"\(poscar)\", \"gap\": 2}}",
        ] {
            for chunk in [1, Int.max] {
                let read = try JSONRead("json-map", text, chunk: chunk)
                #expect(read.decoded.map(\.structure.id) == ["a", "b"] && read.reasons.isEmpty, "\(text.prefix(40)): \(read.reasons)")
                for (_, decoded) in read.decoded { #expect(decoded.structure.atomicNumbers == [55, 17]) }
            }
            #expect(
                FormatRegistry.structures.filter { $0.recognizes(Array(text.utf8).span) }.map(\.name) == ["json-map"], "\(text.prefix(40))")
        }
        let grouped = try JSONRead("json-map", "{\"train\": {\"a\": \"\(poscar)\"}, \"test\": {\"b\": \"\(poscar)\"}}")
        #expect(grouped.decoded.map { $0.structure.values.map(\.value) } == [[.text("train")], [.text("test")]])
    }

    @Test(arguments: ["carbon24_energy_per_atom", "perov5_heat_ref"]) func theMapsAsPymatgenReadsThem(_ name: String) throws {
        let references = try JSONReference.table("maps.tsv.gz").filter { $0.id.hasPrefix(name) }
        // A zip of one member is unpacked by gzip.
        let text = try unpacked(repositoryRoot.appending(path: "Datasets/structures/\(name).json.zip"))
        let read = JSONRead(try FormatRegistry.structure(named: "json-map"), inMemoryInput(text, path: "\(name).json", chunk: 99_991))
        #expect(read.decoded.count == Int(references[0].values["count"]!)! && read.reasons.isEmpty)
        let structures = Dictionary(
            read.decoded.map { ("\(name):\($0.structure.id!)", $0.structure) }, uniquingKeysWith: { first, _ in first })
        for reference in references {
            let decoded = try #require(structures[reference.id])
            reference.check(decoded.structure, "\(reference.id)")
            #expect(decoded.values.first?.value == .text(reference.values["group"]!))
        }
    }

    private func unpacked(_ file: URL) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc"]
        process.standardInput = try FileHandle(forReadingFrom: file)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = [UInt8](output.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        return bytes
    }

    @Test func oneBrokenValueIsOneReason() throws {
        let text =
            "{\"a\": \"\(poscar)\", \"b\": \"nothing\\nof use\", \"c\": 5, \"d\": \"\(poscar.replacing("Cl", with: "Qq"))\", \"e\\u0065\": \"\(poscar)\"}"
        let read = try JSONRead("json-map", text)
        #expect(read.decoded.map(\.structure.id) == ["a", "ee"] && read.reasons.count == 3)
        #expect(read.reasons.first == "unknown-structure")
        for length in 1..<text.utf8.count {
            let cut = try JSONRead("json-map", String(decoding: text.utf8.prefix(length), as: UTF8.self), chunk: 13)
            #expect(cut.reasons.last == "bad-json", "cut at \(length)")
        }
    }
}
