import Foundation
import MaterialsCore
import TestSupport
import Testing

@testable import Formats

/// Inputs on which a reader once crashed or hung (`scripts/fuzz`), by format: `Findings/<format>-<hash>`.
@Suite struct FindingsTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Findings")

    @Test func everyFindingIsReadOrRefused() throws {
        var read = 0
        for file in try FileManager.default.contentsOfDirectory(at: Self.folder, includingPropertiesForKeys: nil) {
            let name = file.lastPathComponent
            guard let dash = name.lastIndex(of: "-") else { continue }
            let format = try FormatRegistry.structure(named: String(name[..<dash]))
            let bytes = [UInt8](try Data(contentsOf: file))
            read += 1
            for chunk in [509, Int.max] {
                guard let reader = try? format.records(inMemoryInput(bytes, path: name, chunk: chunk)) else { continue }
                var count = 0
                while let record = try? reader.next() {
                    count += 1
                    #expect(count <= bytes.count + 1)
                    guard let decoded = try? format.decode(record) else { continue }
                    #expect(decoded.structure.count > 0, "\(name)")
                }
            }
        }
        #expect(read >= 2, "the folder of findings is not there")
    }
}
