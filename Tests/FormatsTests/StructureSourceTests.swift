import MaterialsCore
import TestSupport
import Testing

@testable import Formats

private func poscar(_ species: String = "Na Cl", y: Double = 0.5) -> String {
    "test\n1\n4 0 0\n0 4 0\n0 0 4\n\(species)\n1 1\nDirect\n0 0 0\n.5 \(y) .5\n"
}

private func frame(_ comment: String, _ symbol: String = "He") -> String {
    "1\nLattice=\"3 0 0 0 3 0 0 0 3\" \(comment)\n\(symbol) 0 0 0\n"
}

private func files(_ texts: (String, String)...) -> [ArchivedFile] { texts.map { ArchivedFile(path: $0.0, text: $0.1) } }

private func open(
    _ files: [ArchivedFile], format: String? = nil, holdsMany: Bool = true, columns: [CandidateColumn]? = nil,
    defects: [String: CandidateDefect] = [:]
) throws -> StructureSource {
    let path = holdsMany ? "folder" : files[0].path
    let collection = inMemoryCollection(files, path: path, holdsMany: holdsMany, defects: defects)
    return try StructureSource.open(collection, format: format, request: TableRequest(columns: columns))
}

private func ids(_ source: StructureSource) throws -> [String] {
    try allBatches(source).flatMap { batch in (0..<batch.count).map { batch.ids[$0] } }
}

private func message(_ body: () throws -> StructureSource) -> String {
    do { return "\(try body().schema.names)" } catch { return "\(error)" }
}

@Suite struct StructureSourceTests {
    @Test func readsOneFile() throws {
        let source = try open(files(("x/POSCAR-JVASP-10.vasp", poscar())), holdsMany: false)
        #expect(try source.positionCount() == 1 && !source.isAddressable && source.schema.hasStructures && source.notes.isEmpty)
        let batch = try allBatches(source)[0]
        #expect(batch.ids[0] == "POSCAR-JVASP-10" && batch.composition(0).hillFormula == "ClNa")
        #expect(batch.structures?[0]?.positions.last == FractionalPosition(0.5, 0.5, 0.5))
    }

    @Test(arguments: [
        ("POSCAR", "POSCAR"), ("a/CONTCAR.gz", "CONTCAR"), ("POSCAR.orig", "POSCAR.orig"), ("SiO2_v1.2.vasp", "SiO2_v1.2"),
        (".vasp", ".vasp"), ("X.VASP.GZ", "X"),
    ])
    func namesOneFile(path: String, id: String) throws {
        #expect(try ids(open(files((path, poscar())), format: "poscar", holdsMany: false)) == [id])
    }

    @Test func namesFilesAndFramesOfAFolder() throws {
        let source = try open(
            files(
                ("a/POSCAR-1", poscar()), ("README", "nothing"), ("a/md.xyz", frame("") + frame("id=k")), ("b.extxyz", frame("id=q")),
                ("c.txt", "x"), ("d", poscar("K Br")), ("e.md", "# e"), ("f", "")))
        #expect(try ids(source) == ["a/POSCAR-1", "a/md:1", "a/md:k", "b", "d"])
        #expect(try source.positionCount() == 5)
        #expect(source.notes == ["4 files skipped: no structure format for README, c.txt, e.md, …"])
        // A single structure file in an archive needs no path.
        let single = try open(files(("README", "nothing"), ("a/md.xyz", frame("") + frame("id=k"))))
        #expect(try ids(single) == ["md:1", "k"] && single.notes == ["1 file skipped: no structure format for README"])
    }

    @Test func carriesValuesAsColumns() throws {
        let text = frame("energy=-1 spin=T note=7 material_id=m") + frame("energy=-2.5 note=x") + frame("energy=nan extra=3")
        let all = files(("POSCAR", poscar()), ("md.xyz", text))
        let source = try open(all)
        #expect(source.schema.numeric.map(\.name) == ["energy", "extra"] && source.schema.text.map(\.name) == ["spin", "note"])
        let batch = try allBatches(source)[0]
        #expect(batch.count == 4 && batch.rejections.isEmpty)
        #expect(batch.numericColumns[0][1] == -1 && batch.numericColumns[0][2] == -2.5 && batch.numericColumns[1][3] == 3)
        #expect([0, 3].allSatisfy { batch.numericColumns[0][$0].isNaN } && (0..<4).map { batch.textColumns[1][$0] } == ["", "7", "x", ""])
        #expect(try StructureSource.columnNames(inMemoryCollection(all), format: nil) == ["energy", "spin", "note", "extra"])
        // Named columns are believed; what is no number is refused.
        let named = try allBatches(open(all, columns: [CandidateColumn(name: "note", kind: .numeric)]))[0]
        #expect(named.count == 3 && named.rejections.map(\.defect.reason) == ["bad-number"])
        #expect(named.rejections[0].defect.detail == "md.xyz: 'note' is 'x', which is no number" && named.rejections[0].id == "md:2")
        #expect(try open(all, columns: []).schema.names.isEmpty)
    }

    @Test func takesAValueAsID() throws {
        let all = files(("md.xyz", frame("label=a energy=1") + frame("label=b energy=2")))
        let request = TableRequest(idColumn: "label", columns: nil)
        let source = try StructureSource.open(inMemoryCollection(all, path: "md.xyz", holdsMany: false), format: nil, request: request)
        #expect(try ids(source) == ["a", "b"] && source.schema.names == ["energy"])
    }

    @Test func refusesWhatCannotBeReadAndGoesOn() throws {
        let broken = files(
            ("a.vasp", "x\ny\n"), ("b.xyz", frame("") + "many\n"), ("c.vasp", poscar(y: 0)), ("d", "link"), ("e.xyz", ""),
            ("f.vasp", poscar("Na Na").replacing(".5 0.5 .5", with: "0 0 0.0001")))
        let source = try open(broken, defects: ["d": CandidateDefect("unsafe-path", "d: is a link")])
        let batch = try allBatches(source)[0]
        #expect(batch.count == 2 && (0..<2).map { batch.ids[$0] } == ["b:1", "c"])
        let found = batch.rejections.map { "\($0.index.position) \($0.id) \($0.defect.reason): \($0.defect.detail)" }
        #expect(
            found == [
                "0 a bad-scale: a.vasp: line 2: 'y' is no scale factor",
                "2 b:2 bad-count: b.xyz: line 4: 'many' where the number of atoms of a frame must stand",
                "4 folder unsafe-path: d: is a link", "5 e empty-file: e.xyz: holds no structure",
                "6 f overlapping-sites: f.vasp: line 1: atoms 1 (Na) and 2 (Na) are 0.0004 Å apart",
            ])
        #expect(batch.rejections.allSatisfy { $0.stage == .read })
        #expect(try source.positionCount() == 7)
    }

    @Test func saysWhyNothingCanBeRead() throws {
        #expect(
            message { try open(files(("a.txt", "x")), holdsMany: false) }.hasPrefix("a.txt: no structure format for this file; known are"))
        #expect(
            message { try open(files(("a.txt", "x"))) }.hasPrefix("folder holds no structure file (1 file skipped: no structure format for")
        )
        #expect(message { try open(files(("a", poscar())), format: "poscer") } == "unknown format 'poscer'; did you mean 'poscar'?")
        let one = inMemoryCollection(files(("a.vasp", poscar())))
        let request = TableRequest(formulaColumn: "f")
        #expect(message { try StructureSource.open(one, format: nil, request: request) }.contains("leave the column 'f' out"))
    }

    @Test func findsFormatsByContent() throws {
        let all = files(("one", poscar()), ("two.dat", frame("energy=1")))
        #expect(try ids(open(all)) == ["one", "two.dat"])
        #expect(try ids(open(files(("a.xyz", poscar())), format: "poscar", holdsMany: false)) == ["a.xyz"])
        #expect(FormatRegistry.structure(forFile: "x/POSCAR_1.txt")?.name == "poscar")
        #expect(FormatRegistry.structure(forFile: "a/b.EXTXYZ.gz")?.name == "extxyz")
        #expect(FormatRegistry.structure(forFile: "POSCAR.xyz")?.name == "extxyz" && FormatRegistry.structure(forFile: "a.b") == nil)
    }

    @Test func settingsInJSONAreNoStructures() throws {
        let settings = "{\"epochs\": 3, \"features\": \"cgcnn\", \"model\": {\"name\": \"x\"}, \"list\": [1, {\"a\": null}]}"
        let source = try open(files(("a.vasp", poscar()), ("config.json", settings), ("log.jsonl", "[1, 2]\n"), ("void.json", "")))
        #expect(try ids(source) == ["a"] && allBatches(source)[0].rejections.isEmpty)
        #expect(source.notes == ["3 files skipped: no structure format for config.json, log.jsonl, void.json"])
        for text in [settings, "[1, 2]", "\"text\"", "", String(repeating: "[", count: 100_000)] {
            let found = message { try open(files(("x.json", text)), holdsMany: false) }
            #expect(found.hasPrefix("x.json: no structure format for this file; known are") && !found.contains("\n"), "\(text.prefix(20))")
        }
    }

    /// Behind whatever else a file begins with.
    @Test(arguments: [0, 3_000, 60_000]) func structuresStandFarBehindInJSON(words: Int) throws {
        let first = (0..<words).map { "\"k\($0)\": \"v\"" } + ["\"format\": 1"]
        let text =
            "{\(first.joined(separator: ", ")), \"structures\": [{\"material_id\": \"m\", \"structure\": {\"lattice_mat\": "
            + "[[3, 0, 0], [0, 3, 0], [0, 0, 3]], \"coords\": [[0, 0, 0]], \"elements\": [\"Po\"], \"cartesian\": false}}]}"
        #expect(try ids(open(files(("x.json", text)), holdsMany: false)) == ["m"])
    }

    @Test func controlCharactersStayOutOfIDsAndMessages() throws {
        let source = try open(files(("a\nb.vasp", poscar()), ("c\u{1b}[31m.vasp", "x\n\u{1b}[0m\n")))
        #expect(try ids(source) == ["a?b"])
        let rejection = try #require(try allBatches(source)[0].rejections.first)
        #expect(rejection.id == "c?[31m" && rejection.defect.detail == "c?[31m.vasp: line 2: ' [0m' is no scale factor")
    }

    /// Batches lie on the grid, from wherever reading starts.
    @Test func cutsOnTheGrid() throws {
        let text = (0..<2500).map { frame("energy=\($0)") }.joined()
        let source = try open(files(("md.xyz", text)), holdsMany: false)
        let batches = try allBatches(source, 0..<1 << 40)
        #expect(batches.map(\.count) == [1024, 1024, 452])
        #expect(batches[2].ids[0] == "md:2049" && batches[2].numericColumns[0][0] == 2048)
        let rest = try allBatches(source, 1024..<2100)
        #expect(rest.map(\.count) == [1024, 52] && rest[0].indices == batches[1].indices && rest[0].structures == batches[1].structures)
        #expect(try source.positionCount() == 2500)
    }

    /// A record that never ends is refused before it fills the memory.
    @Test(arguments: [("a.vasp", UInt8(ascii: "x")), ("a.xyz", UInt8(ascii: "1"))])
    func endlessRecordsAreRefused(path: String, byte: UInt8) throws {
        let input = ByteInput(path: path) { EndlessStream(byte) }
        let collection = FileCollection(path: path, holdsMany: false) {
            OneMember(FileCollection.Member(path: path, input: input))
        } contentHash: {
            ""
        }
        let source = try StructureSource.open(collection, format: nil, request: TableRequest(columns: []))
        #expect(try allBatches(source)[0].rejections.map(\.defect.reason) == ["record-too-large"])
    }

    @Test func registryIsInOrder() throws {
        let names = FormatRegistry.structures.map(\.name)
        #expect(names == Set(names).sorted())
        for entry in FormatRegistry.structures {
            #expect(try FormatRegistry.structure(named: entry.name).name == entry.name)
            #expect(entry.fileExtensions.allSatisfy { $0 == $0.lowercased() && !$0.hasPrefix(".") })
            let isEmptyOne = entry.recognizes([UInt8]().span)
            #expect(!isEmptyOne)
        }
    }
}

private final class EndlessStream: ByteStream {
    private let chunk: [UInt8]
    init(_ byte: UInt8) { chunk = [UInt8](repeating: byte, count: 1 << 18) }
    func read(_ capacity: Int) -> [UInt8] { capacity < chunk.count ? Array(chunk[..<capacity]) : chunk }
}

private final class OneMember: FileMemberReader {
    private var member: FileCollection.Member?
    init(_ member: FileCollection.Member) { self.member = member }
    func next() -> FileCollection.Member? {
        defer { member = nil }
        return member
    }
}
