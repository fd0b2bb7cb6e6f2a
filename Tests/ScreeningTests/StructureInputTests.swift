import Foundation
import MaterialsCore
import TestSupport
import Testing

@testable import Screening

/// Structure sets as commands open them.
@Suite struct StructureInputTests {
    /// Pieces of the archive end inside of escapes, which pieces of the plain file may not.
    @Test(arguments: [("perov5_heat_ref", 18_928), ("carbon24_energy_per_atom", 10_153)])
    func mapsAreWholePackedAndPlain(name: String, count: Int) throws {
        let zip = repositoryRoot.appending(path: "Datasets/structures/\(name).json.zip")
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let plain = folder.appending(path: "\(name).json")
        // gzip unpacks a zip of one member.
        try Data(unpackedFile(zip)).write(to: plain)
        for path in [zip.path, plain.path, folder.path] {
            let source = try CandidateInput.open(path, request: TableRequest(columns: nil))
            var (rows, rejected) = (0, 0)
            try source.forEachBatch { batch in
                rows += batch.count
                rejected += batch.rejections.count
            }
            #expect(rows == count && rejected == 0, "\(path)")
            #expect(source.schema.names == ["group"] && source.notes.isEmpty)
        }
    }

    @Test func aFileOfSettingsIsOneError() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).json")
        try Data("{\"epochs\": 3, \"atom_features\": \"cgcnn\", \"model\": {\"name\": \"x\", \"layers\": 4}}".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        #expect {
            _ = try CandidateInput.open(file.path, request: TableRequest())
        } throws: { error in
            guard let error = error as? MatSieveError else { return false }
            return error.kind == .input && error.message.contains("no structure format for this file") && !error.message.contains("\n")
        }
    }
}
