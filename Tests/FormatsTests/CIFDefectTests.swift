import MaterialsCore
import TestSupport
import Testing

@testable import Formats

/// Broken and hostile texts: a reason each, in bounded time and memory.
@Suite struct CIFDefectTests {
    private func reason(_ text: String) throws -> String {
        let all = try CIFFormatTests.decode(text)
        guard all.count == 1, case .failure(let defect) = all[0] else { return "read" }
        return defect.reason
    }

    private typealias Salt = CIFFormatTests

    private static let withOccupancy = "_atom_site_label _atom_site_fract_x _atom_site_fract_y _atom_site_fract_z _atom_site_occupancy"

    @Test(
        arguments: [
            ("", "no-structure"), ("nothing of the kind\n", "no-structure"), ("data_x\n_a 1\n", "no-structure"), ("data_", "no-structure"),
            ("data_x\n_cell_length_a 3", "missing-cell"), ("data_x\nloop_\n_atom_site_label\n", "missing-cell"),
            (Salt.salt(atoms: ""), "no-atoms"), (Salt.salt(atoms: "Na 0 0"), "ragged-loop"),
            (Salt.salt(atoms: "Na 0 0 0 Cl"), "ragged-loop"),
            (Salt.salt(atoms: "Na ? 0 0"), "missing-coordinates"), (Salt.salt(atoms: "Na . . ."), "missing-coordinates"),
            (Salt.salt(columns: "_atom_site_label _atom_site_fract_x", atoms: "Na 0"), "missing-coordinates"),
            (Salt.salt(columns: "_atom_site_label", atoms: "Na"), "no-atoms"),
            (Salt.salt(atoms: "Na nan 0 0"), "bad-number"), (Salt.salt(atoms: "Na 1e999 0 0"), "bad-number"),
            (Salt.salt(atoms: "Na 1e9 0 0"), "bad-position"), (Salt.salt(atoms: "Na 0 0 zero"), "bad-number"),
            (Salt.salt(atoms: "Xx 0 0 0"), "unknown-element"), (Salt.salt(atoms: "? 0 0 0"), "unknown-element"),
            (Salt.salt(atoms: "1 0 0 0"), "unknown-element"), (Salt.salt(atoms: "Q1 0 0 0"), "unknown-element"),
            (Salt.salt(atoms: "T1 0 0 0"), "unknown-element"),
            (Salt.salt(columns: "_atom_site_fract_x _atom_site_fract_y _atom_site_fract_z", atoms: "0 0 0"), "unknown-element"),
            (Salt.salt(columns: withOccupancy, atoms: "Na 0 0 0 7"), "bad-occupancy"),
            (Salt.salt(columns: withOccupancy, atoms: "Na 0 0 0 -0.5"), "bad-occupancy"),
            (Salt.salt(columns: withOccupancy, atoms: "Na 0 0 0 nan"), "bad-number"),
            (Salt.salt(columns: withOccupancy, atoms: "Na 0 0 0 0.6\nK 0 0 0 0.6"), "bad-occupancy"),
            (Salt.salt(columns: withOccupancy, atoms: "Na 0 0 0 0"), "no-atoms"),
            (Salt.salt(atoms: "Na 0 0 0\nK 0 0 0"), "overlapping-sites"), (Salt.salt(atoms: "Na 0 0 0\nNa 0 0 0"), "overlapping-sites"),
            (Salt.salt(atoms: "Na 0 0 0\nNa 0.5 0.5 0"), "overlapping-sites"),
            (Salt.salt(atoms: "Na 0 0 0\nCl 'a b"), "unterminated-quote"),
            (Salt.salt() + "_title\n;\nopen", "unterminated-text"), (Salt.salt() + Salt.salt().dropFirst(9), "repeated-loop"),
            (Salt.salt() + "_a data_b", "bad-syntax"), (Salt.salt(symmetry: "_symmetry_space_group_name_H-M 'Q m'"), "unknown-space-group"),
            (Salt.salt(symmetry: "_symmetry_Int_Tables_number 231"), "unknown-space-group"),
            (Salt.salt(symmetry: "_space_group_magn.name_BNS \"P_a 2_1/c\""), "unknown-space-group"),
            (Salt.salt(symmetry: "_symmetry_equiv_pos_as_xyz 'x,y,q'"), "bad-operator"),
            (Salt.salt(symmetry: "loop_ _symmetry_equiv_pos_site_id _symmetry_equiv_pos_as_xyz 1 x,y,z 2"), "ragged-loop"),
            (Salt.salt(symmetry: "_cell_modulation_dimension 1"), "modulated-structure"),
            (Salt.salt(cell: "_cell_length_a 5"), "missing-cell"), (Salt.salt(cell: "_cell_length_a nan"), "bad-number"),
        ])
    func reasons(_ text: String, _ reason: String) throws { #expect(try self.reason(text) == reason, "\(text.suffix(200))") }

    @Test(
        arguments: [
            ("0 5 5 90 90 90", "bad-lattice"), ("-5 5 5 90 90 90", "bad-lattice"), ("5 5 5 0 90 90", "bad-lattice"),
            ("5 5 5 180 90 90", "bad-lattice"), ("5 5 5 60 60 120", "singular-cell"), ("5 5 5 10 20 90", "singular-cell"),
            ("? 5 5 90 90 90", "missing-cell"), ("5 5 5 90 90 .", "missing-cell"), ("1e400 5 5 90 90 90", "bad-number"),
        ])
    func cells(_ numbers: String, _ reason: String) throws {
        let names = ["_cell_length_a", "_cell_length_b", "_cell_length_c", "_cell_angle_alpha", "_cell_angle_beta", "_cell_angle_gamma"]
        let cell = zip(names, numbers.split(separator: " ")).map { "\($0) \($1)" }.joined(separator: "\n")
        #expect(try self.reason(Salt.salt(cell: cell, symmetry: "")) == reason)
    }

    @Test func linesOfDefects() throws {
        let all = try CIFFormatTests.decode("# one\n\n" + Salt.salt(atoms: "Na 0 0 0\nXx 0 0 0"))
        #expect(all.map { if case .failure(let d) = $0 { d.detail } else { "" } } == ["line 14: no element in 'Xx'"])
    }

    @Test func encodingsThatAreRefused() throws {
        var wide: [UInt8] = [0xff, 0xfe]
        for b in Salt.salt().utf8 { wide += [b, 0] }
        let texts: [[UInt8]] = [wide, [0xfe, 0xff, 0, 0x64], Array(Salt.salt().utf8) + [0], [0, 1, 2]]
        for bytes in texts {
            let reasons = try CIFFormatTests.decode(bytes).map { if case .failure(let defect) = $0 { defect.reason } else { "read" } }
            #expect(reasons == ["bad-encoding"])
        }
    }

    @Test func millionsOfOperatorsAndAtoms() throws {
        let operators = "loop_ _symmetry_equiv_pos_as_xyz" + String(repeating: " x,y,z", count: 1_000_000)
        #expect(try reason(Salt.salt(symmetry: operators)) == "too-many-operators")
        let four = "loop_ _symmetry_equiv_pos_as_xyz" + (0..<4096).map { " x+\($0)/4099,y,z" }.joined()
        let atoms = (0..<6000).map { "Na 0.\($0) 0.1\($0) 0" }.joined(separator: "\n")
        #expect(try reason(Salt.salt(symmetry: four, atoms: atoms)) == "too-many-atoms")
        let some = (0..<300).map { "Na 0.00001 0.\(1000 + $0) 0.\(2000 + $0) .5" }.joined(separator: "\n")
        #expect(try reason(Salt.salt(symmetry: four, columns: Self.withOccupancy, atoms: some)) == "too-many-atoms")
    }

    @Test func atomsCrowdedIntoOneCorner() throws {
        // Half atoms just far enough from each other to stay apart.
        var atoms = ""
        func coordinate(_ i: Int) -> Double { 0.0027 + 0.00011 * Double(i) }
        for i in 0..<34 * 34 * 34 { atoms += "H \(coordinate(i % 34)) \(coordinate(i / 34 % 34)) \(coordinate(i / 1156)) .5\n" }
        #expect(try reason(Salt.salt(symmetry: "", columns: Self.withOccupancy, atoms: atoms)) == "too-many-atoms")
    }

    @Test func recordsThatNeverEnd() throws {
        final class Endless: ByteStream {
            var isFirst = true
            func read(_ capacity: Int) -> [UInt8] {
                defer { isFirst = false }
                return isFirst
                    ? Array("data_x\nloop_\n_atom_site_label\n".utf8) : [UInt8](repeating: UInt8(ascii: "C"), count: min(capacity, 1 << 20))
            }
        }
        let reader = try CIFFormat.records(in: ByteInput(path: "endless.cif") { Endless() })
        #expect(throws: CandidateDefect.self) { try reader.next() }
        #expect(try reader.next() == nil)
    }

    @Test func everyTruncationIsReadOrRefused() throws {
        let text = Array(CIFFormatTests.salt(symmetry: "loop_ _symmetry_equiv_pos_as_xyz 'x,y,z' '-x,-y,-z'\n_t\n;\ntext\n;").utf8)
        for length in 0...text.count { _ = try CIFFormatTests.decode(Array(text[..<length])) }
    }

    @Test func mutationsNeverCrash() throws {
        let source = Array(CIFFormatTests.salt().utf8)
        var random = SplitMix64(seed: 5)
        let pieces = Array("'\";_\n\r()?.,#loop_data_save_0123456789e+-/ xyz".utf8)
        for _ in 0..<4000 {
            var text = source
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let at = Int.random(in: 0..<text.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: text[at] = pieces.randomElement(using: &random)!
                case 1: text.insert(pieces.randomElement(using: &random)!, at: at)
                default: text.removeSubrange(at..<min(text.count, at + 9))
                }
            }
            for case .success(let decoded) in try CIFFormatTests.decode(text) { #expect(decoded.structure.count > 0) }
        }
    }
}
