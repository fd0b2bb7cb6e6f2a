import Formats
import Foundation
import MaterialsCore
import TestSupport
import Testing

@Suite struct FormatRegistryTests {
    @Test func entriesAreInOrderAndDistinct() {
        let names = FormatRegistry.tables.map(\.name)
        #expect(names == Set(names).sorted())
        let extensions = FormatRegistry.tables.flatMap(\.fileExtensions)
        #expect(extensions.count == Set(extensions).count && extensions.allSatisfy { $0 == $0.lowercased() && !$0.contains(".") })
    }

    @Test func everyEntryIsFoundByNameAndFile() throws {
        for entry in FormatRegistry.tables {
            #expect(try FormatRegistry.table(named: entry.name).name == entry.name)
            for e in entry.fileExtensions {
                for file in ["a.\(e)", "/x.y/a.b.\(e)", "a.\(e).gz", "A.\(e.uppercased()).GZ"] {
                    #expect(try FormatRegistry.table(forFile: file).name == entry.name, "\(file)")
                }
            }
        }
    }

    @Test func unknownNamesAreAnswered() {
        func message(_ body: () throws -> TableFormatEntry) -> String {
            do { return try body().name } catch { return "\(error)" }
        }
        #expect(message { try FormatRegistry.table(named: "cvs") } == "unknown format 'cvs'; did you mean 'csv'?")
        #expect(message { try FormatRegistry.table(forFile: "a.xlsx") }.contains(", .csv, "))
        for file in ["csv", "a.gz", "", "a.", ".gz", "folder.csv/"] { _ = message { try FormatRegistry.table(forFile: file) } }
        #expect(message { try FormatRegistry.table(forFile: "csv") } != "csv")
    }

    /// Real tables: all rows are candidates.
    @Test func readsRealTables() throws {
        let root = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../Datasets").standardizedFileURL
        for (path, formula, rows) in [("matbench/expt_gap.csv", nil, 4604), ("mpea_alloys/MPEA_dataset.csv", "FORMULA", 1545)]
            as [(String, String?, Int)]
        {
            let bytes = [UInt8](try Data(contentsOf: root.appendingPathComponent(path)))
            let entry = try FormatRegistry.table(forFile: path)
            let source = try entry.open(inMemoryInput(bytes, path: path, chunk: 1000), TableRequest(formulaColumn: formula, columns: nil))
            let batches = try allBatches(source)
            #expect(try source.positionCount() == rows)
            #expect(batches.reduce(0) { $0 + $1.count } == rows && batches.allSatisfy { $0.rejections.isEmpty }, "\(path)")
            #expect(try entry.columnNames(inMemoryInput(bytes)).count == source.schema.names.count + (formula == nil ? 2 : 1))
        }
    }
}
