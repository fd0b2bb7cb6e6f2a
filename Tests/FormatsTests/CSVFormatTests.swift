import Foundation
import MaterialsCore
import TestSupport
import Testing

@testable import Formats

private func open(_ text: String, _ request: TableRequest = TableRequest(columns: nil), chunk: Int = .max) throws -> any CandidateSource {
    try CSVFormat.open(inMemoryInput(text, chunk: chunk), request: request)
}

private func batch(_ text: String, _ request: TableRequest = TableRequest(columns: nil), chunk: Int = .max) throws -> CandidateBatch {
    try #require(try allBatches(open(text, request, chunk: chunk)).first)
}

private func formulas(_ batch: CandidateBatch) -> [String] { (0..<batch.count).map { batch.composition($0).hillFormula } }

private func message(_ text: String, _ request: TableRequest = TableRequest()) -> String {
    do {
        _ = try allBatches(open(text, request))
        return ""
    } catch { return "\(error)" }
}

@Suite struct CSVFormatTests {
    @Test func readsColumnsByKind() throws {
        let b = try batch("id,formula,gap,note\nm-1,TiSrO3,3.2,cubic\nm-2,NaCl, nan ,\"rock, salt\"\nm-3,Fe2O3,,\n")
        #expect(b.schema.numeric.map(\.name) == ["gap"] && b.schema.text.map(\.name) == ["note"])
        #expect((0..<3).map { b.ids[$0] } == ["m-1", "m-2", "m-3"])
        #expect(formulas(b) == ["O3SrTi", "ClNa", "Fe2O3"])
        #expect(b.numericColumns[0][0] == 3.2 && b.numericColumns[0][1].isNaN && b.numericColumns[0][2].isNaN)
        #expect((0..<3).map { b.textColumns[0][$0] } == ["cubic", "rock, salt", ""])
        #expect(b.indices.map(\.position) == [0, 1, 2] && b.rejections.isEmpty)
    }

    /// The same candidates in every dress, cut at every place.
    @Test(arguments: [1, 2, 3, 5, 7, 16, 1000])
    func dressDoesNotMatter(chunk: Int) throws {
        // The first 4 kB are read before anything is cut; the rows in question come after them.
        let filler = String(repeating: "Au,g,0\n", count: 700)
        let plain = "formula,note,e\n\(filler)FeO,a b,1\nNaCl,\"x\"\"y\",2\nSi,\"two\nlines\",3\nLi2O,,4"
        let crlf = plain.replacingOccurrences(of: "\n", with: "\r\n").replacingOccurrences(of: "two\r\nlines", with: "two\nlines")
        let dresses = [
            plain, plain + "\n", "\u{feff}" + plain, crlf, crlf + "\r\n", crlf.replacingOccurrences(of: "\r\n", with: "\r"),
            plain.replacingOccurrences(of: ",", with: ";"), plain.replacingOccurrences(of: ",", with: "\t"), "\n\n" + plain + "\n\n\n",
            plain.replacingOccurrences(of: "Si,", with: "\"Si\","), plain.replacingOccurrences(of: ",1\n", with: ",1,,\n"),
        ]
        let reference = try batch(plain)
        #expect(formulas(reference).suffix(4) == ["FeO", "ClNa", "Si", "Li2O"])
        #expect((700..<704).map { reference.textColumns[0][$0] } == ["a b", "x\"y", "two\nlines", ""])
        for dress in dresses {
            let source = try open(dress, chunk: chunk)
            #expect(try source.positionCount() == 704)
            let b = try #require(try allBatches(source).first)
            #expect(formulas(b) == formulas(reference) && b.numericColumns == reference.numericColumns, "\(dress.suffix(80))")
            #expect(b.textColumns == reference.textColumns && b.ids == reference.ids && b.rejections.isEmpty, "\(dress.suffix(80))")
        }
    }

    @Test func aColumnMayBeNumberAndTextButNeitherTwice() throws {
        let (number, text) = (CandidateColumn(name: "e", kind: .numeric), CandidateColumn(name: "e", kind: .text))
        let rows = "formula,e\nSi,01\nFeO,x\nMgO,2.50\n"
        let b = try batch(rows, TableRequest(columns: [text, number]))
        #expect(b.numericColumn("e") == [1, 2.5] && b.textColumn("e") == TextColumn(["01", "2.50"]))
        #expect(b.rejections.map(\.defect.reason) == ["bad-number"])
        for (twice, kind) in [([number, number], "numeric"), ([text, number, text], "text")] {
            #expect(throws: MatSieveError.usage("memory.csv: column 'e' is asked for twice as \(kind); name it once")) {
                _ = try open(rows, TableRequest(columns: twice))
            }
        }
    }

    @Test func badCandidatesAreRejectedWithTheirPlace() throws {
        let text =
            "id,formula,e\na,FeO,1\nb,,1\nc,Fe2x,1\nd,\"Na\nCl\",1\ne,Si,one\nf,Si\ng,Si,1,2\nh,Si,inf\ni,Si,1e999\nj,Si,1 2\nk,MgO,5\nl,\"Si,3"
        let columns = [CandidateColumn(name: "e", kind: .numeric)]
        let b = try batch(text, TableRequest(columns: columns))
        #expect(formulas(b) == ["FeO", "MgO"] && b.numericColumns == [[1, 5]] && b.indices.map(\.position) == [0, 10])
        let expected = [
            ("b", 1, "missing-formula", "line 3, row 2: column 'formula' is blank"),
            ("c", 2, "bad-formula", "line 4, row 3: 'Fe2x' column 4: an element starts with a capital letter, not 'x'"),
            ("d", 3, "bad-formula", "line 5, row 4: 'Na Cl' column 3: unexpected '\\n'"),
            ("e", 4, "bad-number", "line 7, row 5: column 'e' has 'one', which is no number"),
            ("f", 5, "ragged-row", "line 8, row 6: 2 cells, the header has 3"),
            ("g", 6, "ragged-row", "line 9, row 7: 4 cells, the header has 3"),
            ("h", 7, "bad-number", "line 10, row 8: column 'e' has 'inf', which is no number"),
            ("i", 8, "bad-number", "line 11, row 9: column 'e' has '1e999', which is no number"),
            ("j", 9, "bad-number", "line 12, row 10: column 'e' has '1 2', which is no number"),
            ("l", 11, "bad-quote", "line 14, row 12: a quote is never closed"),
        ]
        #expect(b.rejections.count == expected.count)
        for (r, e) in zip(b.rejections, expected) {
            #expect((r.id, r.index.position, r.defect.reason, r.stage) == (e.0, e.1, e.2, .read))
            #expect(r.defect.detail == e.3)
        }
    }

    @Test func badBytesAreRejectedWhereTheyAreUsed() throws {
        let rows: [[UInt8]] = [Array("Fe".utf8) + [0xff] + Array(",a".utf8), Array("FeO,".utf8) + [0xe9], Array("FeO,é".utf8)]
        let bytes = Array("formula,note\n".utf8) + Array(rows.joined(separator: [10]))
        let all = try allBatches(CSVFormat.open(inMemoryInput(bytes), request: TableRequest(columns: nil)))[0]
        #expect(all.rejections.map(\.defect.reason) == ["bad-encoding", "bad-encoding"] && all.count == 1 && all.textColumns[0][0] == "é")
        let few = try allBatches(CSVFormat.open(inMemoryInput(bytes), request: TableRequest()))[0]
        #expect(few.rejections.count == 1 && few.count == 2)
    }

    @Test func warningsOfFormulasArePassedOn() throws {
        let b = try batch("formula\nCuSO4.5H2O\nFeO\nD2O\n")
        #expect(b.count == 3 && b.warnings.map(\.defect.reason) == ["decimal-before-unit", "hydrogen-isotope"])
        #expect(b.warnings.map(\.index.position) == [0, 2])
        #expect(b.selecting([1]).warnings.count == 2)
    }

    @Test func columnsAreFoundOrTheNearestIsNamed() throws {
        #expect(try batch("Composition,x\nFeO,1\n").count == 1)
        #expect(try batch("FORMULA,x\nFeO,1\n").count == 1)
        #expect(try batch("a,ABX3\n1,SrTiO3\n", TableRequest(formulaColumn: "ABX3", idColumn: "a")).ids[0] == "1")
        #expect(try batch("formula\nFeO\nNiO\n").ids[1] == "2")
        #expect(try batch("material_id,composition\nx,FeO\n").ids[0] == "x")
        #expect(try batch("formula,,z,\nFeO,1,2,3\n").schema.names == ["column_2", "z", "column_4"])
        #expect(try CSVFormat.columnNames(inMemoryInput("\u{feff}a; b c ;\"d\"\"e\"\n")) == ["a", "b c", "d\"e"])
        let both = [CandidateColumn(name: "x", kind: .text), CandidateColumn(name: "formula", kind: .text)]
        let carried = try batch("formula,x\nTiSrO3,1\n", TableRequest(columns: both))
        #expect(carried.textColumns.map { $0[0] } == ["1", "TiSrO3"] && carried.numericColumns.isEmpty)
        let wrong = TableRequest(columns: [CandidateColumn(name: "bandgap", kind: .numeric)])
        #expect(
            message("formula,band_gap\nFeO,1\n", wrong)
                == "memory.csv has no column 'bandgap'; did you mean 'band_gap'? (there are: formula, band_gap)")
        #expect(message("compound,x\nFeO,1\n").contains("memory.csv has no column 'formula' or 'composition'"))
        #expect(message("formula,x\nFeO,1\n", TableRequest(formulaColumn: "formul")).contains("did you mean 'formula'"))
        #expect(message("formula,x,x\nFeO,1,1\n").contains("columns 2 and 3 are both named 'x'"))
    }

    @Test func unusableFilesAreRefusedInOneLine() throws {
        for empty in ["", "\n\n", "\u{feff}", "\r\n"] { #expect(message(empty).hasPrefix("memory.csv is empty")) }
        #expect(try open("formula,x\n").positionCount() == 0)
        #expect(try allBatches(open("formula,x")).isEmpty)
        let wide = Array("\u{feff}formula\n".utf16).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        #expect(throws: MatSieveError.input("memory.csv is UTF-16 text; save it as UTF-8")) {
            try CSVFormat.columnNames(inMemoryInput(wide))
        }
        #expect(throws: MatSieveError.self) { try CSVFormat.columnNames(inMemoryInput([0x89, 0x48, 0x44, 0x46, 0, 0, 0])) }
        for error in [message("compound\nFeO\n"), message("")] { #expect(!error.contains("\n")) }
    }

    /// A file without line ends must fail long before it fills the memory.
    @Test(arguments: ["formula,x\nFeO,1\n", "formula,x\nFeO,1\nNaCl,\"", ""])
    func endlessRecordsAreRefusedEarly(prefix: String) throws {
        final class Endless: ByteStream {
            var served = 0
            var first: [UInt8]
            init(_ first: [UInt8]) { self.first = first }
            func read(_ capacity: Int) -> [UInt8] {
                served += capacity
                defer { first = [] }
                #expect(served < 20 << 20)
                return served < 64 << 20 ? first + [UInt8](repeating: 65, count: capacity) : []
            }
        }
        let input = ByteInput(path: "long.csv") { Endless(Array(prefix.utf8)) }
        let error = #expect(throws: MatSieveError.self) { try CSVFormat.open(input, request: TableRequest()).positionCount() }
        #expect(error?.kind == .input && error?.message.hasPrefix("long.csv, line \(prefix.isEmpty ? 1 : 3): a record is longer") == true)
    }

    @Test func positionsAreCutOnTheGridAndReadFromAnywhere() throws {
        let rows = (0..<5000).map { "r\($0),\(Element.symbols[1 + $0 % 100])\(1 + $0 % 7),\($0)" }
        let source = try open("id,formula,n\n" + rows.joined(separator: "\n"), TableRequest(columns: nil), chunk: 4096)
        #expect(try source.positionCount() == 5000)
        let all = try allBatches(source)
        #expect(all.map(\.count) == [1024, 1024, 1024, 1024, 904])
        #expect(all.flatMap { $0.numericColumns[0] } == (0..<5000).map(Double.init))
        for range in [1024..<5000, 2048..<3072, 4096..<5000, 0..<2048, 4096..<4096] {
            let part = try allBatches(source, range)
            #expect(part.flatMap { $0.indices.map(\.position) } == Array(range))
            #expect(part.flatMap { $0.numericColumns[0] } == range.map(Double.init))
        }
        let reader = try source.reader(positions: 0..<5000)
        var next = 0
        while let pending = try reader.next() {
            #expect(pending.positions.lowerBound == next && next % 1024 == 0)
            next = pending.positions.upperBound
        }
        #expect(next == 5000)
    }

    @Test func hashIsThatOfTheBytes() throws {
        let text = "formula,x\nFeO,1\n"
        #expect(try open(text, chunk: 3).contentHash() == SHA256.hash(Array(text.utf8)))
        #expect(try open(text).provenance == SourceProvenance(path: "memory.csv"))
        #expect(try !open(text).isAddressable)
    }
}
