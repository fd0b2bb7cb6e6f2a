import Foundation
import MaterialsCore
import Testing

/// What people write, and what it means: the elements in ascending atomic number.
private let readable: [(String, String)] = [
    ("Fe2O3", "O3 Fe2"), ("TiSrO3", "O3 Ti1 Sr1"), ("SrTiO3", "O3 Ti1 Sr1"), ("Cd5Fe2O28P8", "O28 P8 Fe2 Cd5"),
    ("Ba0.5Sr0.5TiO3", "O3 Ti1 Sr0.5 Ba0.5"), ("CuSO4·5H2O", "H10 O9 S1 Cu1"), ("CuSO4*5H2O", "H10 O9 S1 Cu1"),
    ("CuSO4∙5H2O", "H10 O9 S1 Cu1"), ("CuSO4•5H2O", "H10 O9 S1 Cu1"), ("CuSO4⋅5H2O", "H10 O9 S1 Cu1"), ("CuSO4・5H2O", "H10 O9 S1 Cu1"),
    ("CuSO4 · 5 H2O", "H10 O9 S1 Cu1"), ("CaSO4·0.5H2O", "H1 O4.5 S1 Ca1"), ("2H2O", "H4 O2"), ("2Fe2O3·3(H2O)2", "H12 O12 Fe4"),
    ("K4[Fe(CN)6]", "C6 N6 K4 Fe1"), ("{[Cu(NH3)4]2(SO4)}2", "H48 N16 O8 S2 Cu4"), ("(Fe2O3·2H2O)2", "H8 O10 Fe4"),
    ("(Mg0.5Fe.5)2SiO4", "O4 Mg1 Si1 Fe1"), ("(C2H4)2.5", "H10 C5"), ("CH3CH2OH", "H6 C2 O1"), ("H₂SO₄", "H2 O4 S1"),
    ("Ba₀.₅Sr₀.₅TiO₃", "O3 Ti1 Sr0.5 Ba0.5"), ("Fe２O３", "O3 Fe2"), ("D2O", "H2 O1"), ("DTO", "H2 O1"), ("HDO", "H2 O1"),
    ("Dy2Ti2O7", "O7 Ti2 Dy2"),
    (" Fe2O3 ", "O3 Fe2"), ("Mo1 Nb1 Ta1", "Nb1 Mo1 Ta1"), ("Al0.5 Cr1 Cu1", "Al0.5 Cr1 Cu1"), ("Fe 2 O 3", "O3 Fe2"),
    ("Na\u{a0}Cl", "Na1 Cl1"),
    ("Fe.5O", "O1 Fe0.5"), ("Fe1.", "Fe1"), ("Fe0O2", "O2"), ("Fe2O3\t", "O3 Fe2"), ("Fe1.000", "Fe1"), ("Co", "Co1"), ("CO", "C1 O1"),
    ("Og", "Og1"),
    ("Fe0.1Fe0.2", "Fe0.30000000000000004"), ("U0.00000000000000000001", "U1e-20"),
    ("LaAlO3", "O3 Al1 La1"), ("Si1000000O2000000", "O2000000 Si1000000"), ("CuSO4.5H2O", "H2 O5.5 S1 Cu1"), ("Fe^2+", "Fe1"),
    ("Fe(2+)", "Fe1"),
    ("SO4 2-", "O4 S1"), ("SO4^2-", "O4 S1"), ("SO₄²⁻", "O4 S1"), ("Na +", "Na1"), ("Cl^-", "Cl1"),
]

/// What cannot be read: the text, the column and a piece of the message.
private let unreadable: [(String, Int, String)] = [
    ("", 1, "empty"), ("   ", 1, "empty"), ("co", 1, "did you mean 'Co'"), ("nacl", 1, "capital"), ("Feo", 1, "unknown element 'Feo'"),
    ("FeXx2", 3, "unknown element 'Xx'; did you mean 'Xe'"), ("FE2", 2, "did you mean 'Fe'"), ("Fe2O3x", 6, "capital"),
    ("Fe1-xO", 4, "sign"),
    ("La1-xSrxMnO3", 4, "sign"), ("Fe-2", 3, "sign"), ("Fe2+", 4, "sign"), ("1-x", 2, "sign"), ("x", 1, "capital"), ("Fe0", 1, "zero"),
    ("Fe0O0.0", 1, "zero"),
    ("Fe1e400", 4, "capital"), ("1e400", 2, "capital"), ("Fe9999999999999", 3, "too large"), ("(Fe999999999)999999999", 1, "too large"),
    ("(FeO", 1, "never closed"), ("FeO)", 4, "closes nothing"), ("(FeO]2", 5, "')' expected"), ("Fe()2", 4, "empty"),
    ("((((FeO)2", 3, "never closed"),
    ("CuSO4.H2O", 6, "decimal point"), ("NaCl.H2O", 5, "decimal point"), ("Fe1.2.3", 6, "one decimal point"), ("Fe.", 3, "decimal point"),
    ("CuSO4 5H2O", 7, "number"), ("Na 2H2O", 4, "number"), ("CuSO4··5H2O", 7, "missing"), ("·H2O", 1, "missing"), ("CuSO4·", 7, "missing"),
    ("2", 2, "missing"),
    ("CuSO4·5", 8, "missing"), ("LiFePO4(s)", 9, "capital"), ("NaCl(aq)", 6, "capital"), ("Fe^2", 3, "charge"), ("Fe^", 3, "charge"),
    ("^2+", 1, "charge"),
    ("Fe^2+O", 3, "charge"), ("(Fe2+)", 5, "sign"), ("Fe(2+)O", 7, "nothing can follow"), ("Fe,O", 3, "unexpected ','"),
    ("Fe/O", 3, "unexpected '/'"), ("铁", 1, "unexpected '铁'"),
    ("H₂SOβ", 5, "unexpected 'β'"), ("Fe2O3;", 6, "unexpected ';'"), ("nan", 1, "capital"), ("A", 1, "unknown element 'A'"),
    ("MA2AgBiBr6", 1, "unknown element 'M'; write methylammonium as (CH3NH3)"), ("FAPbI3", 2, "write formamidinium as (CH(NH2)2)"),
    ("Pb(Ph)4", 4, "write the group as (C6H5)"),
    ("Fe2O3 (hematite)", 8, "capital"), ("Fe_2O_3", 3, "unexpected '_'"), ("Fe½", 3, "unexpected '½'"), ("Fe2O3\nNi", 6, "unexpected"),
    ("Uue", 1, "unknown element 'Uue'"),
    ("Fe 2+ O", 4, "number"), ("Fe 1+2", 4, "number"),
]

private func shown(_ c: Composition) -> String {
    zip(c.atomicNumbers, c.amounts).map { Element(atomicNumber: Int($0))!.symbol + numberText($1) }.joined(separator: " ")
}

private func parsed(_ text: String) throws -> FormulaParser {
    var parser = FormulaParser()
    let bytes = Array(text.utf8)
    try parser.parse(bytes.span)
    return parser
}

@Suite struct FormulaReadingTests {
    @Test func readsWhatPeopleWrite() throws {
        for (text, expected) in readable {
            #expect(throws: Never.self, "\(text)") { try #expect(shown(Composition(formula: text)) == expected, "\(text)") }
        }
    }

    @Test func refusesTheRestAtItsColumn() throws {
        for (text, column, piece) in unreadable {
            let error = #expect(throws: FormulaError.self, "\(text)") { try Composition(formula: text) }
            #expect(error?.column == column, "\(text): \(error?.description ?? "")")
            #expect(error?.reason.contains(piece) == true, "\(text): \(error?.description ?? "")")
        }
    }

    /// Every formula of every table of the repository.
    @Test func readsTheTablesOfTheRepository() throws {
        let datasets = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../Datasets").standardizedFileURL
        let tables = [
            ("mp_stability/formation_energy", 85_014), ("matbench/mp_e_form", 132_752), ("matbench/expt_is_metal", 4921),
            ("matbench/glass", 5680), ("matbench/steels", 312), ("matbench/perovskites", 18_928), ("matbench/dielectric", 4764),
        ]
        for (name, rows) in tables {
            let lines = try unzipped(datasets.appendingPathComponent(name + ".csv.gz")).split(separator: 10)
            let header = lines[0].split(separator: UInt8(ascii: ","))
            let column = try #require(header.firstIndex { $0.elementsEqual("formula".utf8) })
            var parser = FormulaParser()
            var warned = 0
            for line in lines.dropFirst() {
                let formula = Array(line.split(separator: UInt8(ascii: ","), maxSplits: column + 1)[column])
                do { try parser.parse(formula.span) } catch {
                    Issue.record("\(name): \(String(decoding: formula, as: UTF8.self)) \(error)")
                }
                warned += parser.warnings.count
            }
            #expect(lines.count == rows + 1 && warned == 0, "\(name)")
        }
    }

    private func unzipped(_ file: URL) throws -> [UInt8] {
        let (gzip, output) = (Process(), Pipe())
        gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        gzip.arguments = ["gzip", "-dc", file.path]
        gzip.standardOutput = output
        try gzip.run()
        defer { gzip.waitUntilExit() }
        return [UInt8](try output.fileHandleForReading.readToEnd() ?? Data())
    }

    @Test func knowsEveryElement() throws {
        for z in 1...118 {
            let symbol = Element(atomicNumber: z)!.symbol
            #expect(try Composition(formula: symbol + "3") == Composition(sortedAtomicNumbers: [UInt8(z)], amounts: [3]))
            #expect(try Composition(formula: "(\(symbol))3").atomicNumbers == [UInt8(z)])
        }
        let all = Element.symbols.joined()
        #expect(try Composition(formula: all).atomicNumbers == (1...118).map { UInt8($0) })
    }

    @Test func chargesAreReadAndLeftOut() throws {
        let charges: [(String, Int?)] = [
            ("Fe^2+", 2), ("Fe(2+)", 2), ("Fe 2+", 2), ("Fe(+2)", 2), ("Fe^+2", 2), ("Fe^+", 1), ("Fe(+)", 1), ("Fe +", 1), ("SO4^2-", -2),
            ("SO4 2-", -2),
            ("SO4 -2", -2), ("PO4(3-)", -3), ("SO₄²⁻", -2), ("SO4^2−", -2), ("Fe", nil),
        ]
        for (text, charge) in charges { #expect(try parsed(text).charge == charge, "\(text)") }
        #expect(try parsed("Fe 2").charge == nil)
        #expect(try parsed("Fe 2").amounts == [2])
        #expect(throws: FormulaError.self) { try parsed("(NH4)+") }
    }

    @Test func warnsWhereADotMayBeMeantAndOfIsotopes() throws {
        let dots = [("CuSO4.5H2O", 6), ("CaSO4.2(H2O)", 6), ("NaCl.5H2O", 5), ("CoCl2.6NH3", 6), ("(CuSO4.5H2O)2", 7)]
        for (text, column) in dots { #expect(try parsed(text).warnings == [FormulaWarning(.decimalBeforeUnit, column: column)], "\(text)") }
        for text in ["Ba0.5Sr0.5TiO3", "Li1.2Mn0.6O2", "Mg0.5H2O", "Sr1.5H2O2", "Fe1.5Ho2", "La1.5Nd0.5NiO4", "CuSO4·5H2O"] {
            #expect(try parsed(text).warnings.isEmpty, "\(text)")
        }
        #expect(try parsed("D2O").warnings == [FormulaWarning(.hydrogenIsotope, column: 1)])
        #expect(try parsed("HTO").warnings == [FormulaWarning(.hydrogenIsotope, column: 2)])
    }

    @Test func invalidUTF8IsRefusedAtItsColumn() {
        for bytes in [[0x46, 0x65, 0xff], [0x46, 0x65, 0xe2, 0x82], [0x46, 0x65, 0xc0, 0x80], [0x46, 0x65, 0xed, 0xa0, 0x80]] as [[UInt8]] {
            var parser = FormulaParser()
            let error = #expect(throws: FormulaError.self) { try parser.parse(bytes.span) }
            #expect(error?.column == 3)
        }
    }

    @Test func aFaultLeavesTheArraysAndTheParserUsable() throws {
        var parser = FormulaParser()
        var z: [UInt8] = [8]
        var x: [Double] = [2]
        for text in ["Fe2O", "(FeO)2", "Fe2x", "(FeO", "CuSO4.5H2O", "Na 2+", "Li"] {
            let bytes = Array(text.utf8)
            try? parser.append(bytes.span, atomicNumbers: &z, amounts: &x)
        }
        #expect(z == [8, 8, 26, 8, 26, 1, 8, 16, 29, 11, 3])
        #expect(x == [2, 1, 2, 2, 2, 2, 5.5, 1, 1, 1, 1])
        #expect(parser.warnings.isEmpty && parser.charge == nil)
    }

    /// A space at the end takes the way through the whole grammar; both ways must agree to the last bit.
    @Test func theQuickWayAgreesWithTheGrammar() throws {
        var random = SplitMix64(seed: 11)
        for _ in 0..<20_000 {
            var text = ""
            for _ in 0...random.nextInt(below: 14) {
                text += Element.symbols[1 + random.nextInt(below: 118)]
                switch random.nextInt(below: 4) {
                case 0: text += "\(random.nextInt(below: 2_000_000))"
                case 1: text += "\(random.nextInt(below: 40)).\(random.nextInt(below: 100_000))"
                case 2: text += "0.\(random.next() >> 8)"
                default: break
                }
            }
            let quick = try? Composition(formula: text)
            let full = try? Composition(formula: text + " ")
            #expect(quick == full, "\(text)")
        }
    }

    @Test func noBytesCrashIt() {
        var random = SplitMix64(seed: 12)
        let alphabet = Array("FeOHCuXxD()[]{}0123459..··*^+- ₂²⁻é".utf8) + [0, 0xff, 0xc3]
        var parser = FormulaParser()
        var read = 0
        for _ in 0..<100_000 {
            let bytes = (0..<random.nextInt(below: 12)).map { _ in alphabet[random.nextInt(below: alphabet.count)] }
            do {
                try parser.parse(bytes.span)
                read += 1
                #expect(!parser.amounts.isEmpty && parser.amounts.allSatisfy { $0 > 0 && $0 <= 1e12 })
                #expect(zip(parser.atomicNumbers, parser.atomicNumbers.dropFirst()).allSatisfy { $0 < $1 })
            } catch { #expect(error.column >= 1 && error.column <= bytes.count + 1) }
        }
        #expect(read > 1000)
    }
}
