import MaterialsCore
import TestSupport
import Testing

@testable import Formats

private func poscar(_ species: String, _ counts: String = "1 1", _ second: String = ".5 .5 .5") -> String {
    "test\n1\n4 0 0\n0 4 0\n0 0 4\n\(species)\n\(counts)\nDirect\n0 0 0\n\(second)\n"
}

private func batch(_ text: String, _ change: (inout TableRequest) -> Void = { _ in }) throws -> CandidateBatch {
    var request = TableRequest(columns: nil)
    change(&request)
    return try allBatches(CSVFormat.open(inMemoryInput(text, chunk: 100), request: request))[0]
}

private let xyz = "1\nLattice=\"\"3 0 0 0 3 0 0 0 3\"\"\nHe 0 0 0\n"

@Suite struct CSVStructureColumnTests {
    @Test func readsStructuresOfAnyFormat() throws {
        // Line ends may be written as two characters.
        let inOneLine = poscar("Na Cl").replacing("\n", with: "\\n")
        for name in ["structure", "cif", "poscar", "POSCAR"] {
            let first = name == "cif" ? inOneLine : poscar("Na Cl")
            let b = try batch("material_id,\(name),gap\na,\"\(first)\",1\nb,\"\(xyz)\",2\n")
            #expect(b.schema.hasStructures && b.schema.names == ["gap"] && b.rejections.isEmpty)
            #expect((0..<2).map { b.composition($0).hillFormula } == ["ClNa", "He"] && b.ids[1] == "b")
            #expect(b.structures?[0]?.count == 2 && b.structures?[1]?.lattice.volume == 27)
        }
    }

    @Test func refusesBadCells() throws {
        let cells = [poscar("Na Cl"), "", "cubic", poscar("Na Xx"), poscar("Na Cl", "1 2"), poscar("Na Na", "1 1", "0 0 0")]
        let b = try batch("poscar,e\n" + cells.map { "\"\($0)\",1\n" }.joined())
        #expect(b.count == 1 && b.structures?.count == 1 && b.numericColumns[0] == [1])
        let expected = [
            "missing-structure: line 13, row 2: column 'poscar' is blank",
            "unknown-structure: line 14, row 3: column 'poscar', 'cubic' is of no known structure format",
            "bad-element: line 15, row 4: column 'poscar', line 6: 'Xx' is no element",
            "truncated: line 26, row 5: column 'poscar', line 10: the file ends after 2 of 3 positions",
            "overlapping-sites: line 37, row 6: column 'poscar', atoms 1 (Na) and 2 (Na) are 0 Å apart",
        ]
        #expect(b.rejections.map { "\($0.defect.reason): \($0.defect.detail)" } == expected)
    }

    /// A formula beside a structure is the composition, where the two agree.
    @Test func comparesFormulaAndStructure() throws {
        let b = try batch(
            "formula,poscar\nNa2Cl2,\"\(poscar("Na Cl"))\"\nNaCl2,\"\(poscar("Na Cl"))\"\nKBr,\nNaBr,\"\(poscar("Na Cl"))\"\n")
        #expect((0..<b.count).map { b.composition($0).hillFormula } == ["Cl2Na2", "BrK"])
        #expect(b.structures?.count == 2 && b.structures?[1] == nil && b.structures?[0]?.count == 2)
        #expect(b.rejections.map(\.defect.reason) == ["composition-mismatch", "composition-mismatch"])
        #expect(b.rejections[0].defect.detail.hasSuffix("the formula is Cl2Na, column 'poscar' has ClNa"))
    }

    @Test func readsOnlyWhatIsWanted() throws {
        let both = "formula,cif,structure,x\nNaCl,\"\(poscar("Na Cl"))\",cubic,1\n"
        // Beside a formula, `structure` may be the name of a type.
        let b = try batch(both)
        #expect(b.schema.hasStructures && b.schema.names == ["x", "structure"] && b.count == 1)
        // Where nobody looks at structures they are neither read nor carried as text.
        let plain = try batch(both) { $0.readsStructures = false }
        #expect(!plain.schema.hasStructures && plain.schema.names == ["x", "structure"] && plain.structures == nil)
        let joined = try batch(both.replacing("formula", with: "id")) { $0.formulaIsOptional = true }
        #expect(!joined.schema.hasStructures && joined.schema.names == ["x", "structure"] && joined.composition(0).elementCount == 0)
        // The composition may still have to come from there.
        let composition = try batch("cif\n\"\(poscar("Na Cl"))\"\n") { $0.readsStructures = false }
        #expect(!composition.schema.hasStructures && composition.composition(0).hillFormula == "ClNa")
        // A column that is asked for by name is carried.
        let named = try batch("a,b\n1,\"\(poscar("Na Cl"))\"\n") {
            ($0.structureColumn, $0.columns) = ("b", [CandidateColumn(name: "b", kind: .text)])
        }
        #expect(named.schema.hasStructures && named.textColumns[0][0] == poscar("Na Cl"))
        #expect(throws: MatSieveError.self) { try batch("a,formula\n1,NaCl\n") { $0.structureColumn = "c" } }
        #expect(throws: MatSieveError.self) { try batch("a,b\n1,2\n") }
    }

    /// Whole sets of crystals with CIF text: every row is a candidate with its structure.
    @Test(arguments: [("perov5", 3787, 5.0...5.0), ("carbon24", 2032, 6.0...24.0)])
    func readsWholeSets(_ name: String, _ rows: Int, _ atoms: ClosedRange<Double>) throws {
        let input = inMemoryInput([UInt8](try dataset("structures/\(name).csv.gz")), path: "\(name).csv")
        let batches = try allBatches(CSVFormat.open(input, request: TableRequest(columns: nil)))
        #expect(batches.reduce(0) { $0 + $1.count } == rows)
        for batch in batches {
            #expect(batch.rejections.isEmpty && !batch.schema.names.contains("cif"))
            #expect(batch.textColumns.isEmpty || name == "carbon24")
            for row in 0..<batch.count {
                let structure = try #require(batch.structures?[row])
                #expect(atoms.contains(structure.composition.atomCount) && structure.composition.elementCount > 0)
            }
        }
    }
}
