import MaterialsCore
import TestSupport
import Testing

@testable import Formats

private func structure(_ text: String) throws -> CrystalStructure {
    try POSCARFormat.decode(StructureRecord(bytes: Array(text.utf8))).structure
}

private func refusal(_ text: String) -> String {
    do throws(CandidateDefect) {
        try StructureValidation.check(POSCARFormat.decode(StructureRecord(bytes: Array(text.utf8))).structure)
        return "read"
    } catch { return "\(error.reason): \(error.detail)" }
}

/// A cubic cell with the given lines after the lattice.
private func cubic(_ rest: String, scale: String = "1.0", comment: String = "test") -> String {
    "\(comment)\n\(scale)\n4 0 0\n0 4 0\n0 0 4\n\(rest)"
}

private let plain = cubic("Sr Ti O\n1 1 3\nDirect\n0 0 0\n.5 .5 .5\n.5 .5 0\n.5 0 .5\n0 .5 .5\n")

private func near(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Bool { (0..<3).allSatisfy { abs(a[$0] - b[$0]) < 1e-12 } }

@Suite struct POSCARFormatTests {
    @Test func readsVersion5() throws {
        let s = try structure(plain)
        #expect(s.atomicNumbers == [38, 22, 8, 8, 8] && s.periodicity == .full && !s.isDisordered)
        #expect(s.lattice.volume == 64 && s.composition.hillFormula == "O3SrTi")
        #expect(s.positions[3] == FractionalPosition(0.5, 0, 0.5))
    }

    /// The same structure in every dress.
    @Test func dressDoesNotMatter() throws {
        let reference = try structure(plain)
        let lines = plain.split(separator: "\n").map(String.init)
        func replaced(_ k: Int, _ new: String) -> String {
            var copy = lines
            copy[k] = new
            return copy.joined(separator: "\n")
        }
        let selective = lines[..<7] + ["Selective dynamics"] + lines[7...].enumerated().map { $0 == 0 ? $1 : $1 + " T F T" }
        let dresses: [String] = [
            lines.joined(separator: "\r\n"), lines.joined(separator: "\n"),
            plain.replacing(" ", with: "\t  "),
            plain.replacing("4 0 0", with: "4.0D+00 0.0d0 0E0"), plain + "\n  0.1 0.2 0.3\n 1 2 3\n", plain + "0.0 0.0 0.0\n0.0 0.0 0.0\n",
            plain.replacing("4 0 0", with: "4 0 0 # a").replacing("Sr Ti O", with: "Sr Ti O ! species").replacing(
                "1 1 3", with: "1 1 3 ! five"),
            plain.replacing(".5 .5 .5", with: ".5 .5 .5 Ti1 ! centre"), replaced(5, "Sr_sv Ti_sv_GW O_s"),
            replaced(5, "Sr_sv/11ab Ti/22 O/33"),
            replaced(5, "SR ti o"), replaced(7, "direct"), replaced(7, "Fractional"), selective.joined(separator: "\n"),
            replaced(5, "Sr Ti\n O"), replaced(5, "Sr Ti\n O").replacing("1 1 3", with: "1 1\n3"), replaced(0, ""),
            cubic("Sr Ti O\n1 1 3\nDirect\n", scale: "2.0").replacing("4", with: "2") + lines[8...].joined(separator: "\n"),
            cubic("Sr Ti O\n1 1 3\nDirect\n", scale: "-64").replacing("\n4 0 0\n0 4 0\n0 0 4", with: "\n1 0 0\n0 1 0\n0 0 1")
                + lines[8...].joined(separator: "\n"),
            cubic("Sr Ti O\n1 1 3\nDirect\n", scale: "2 2.0 4").replacing("\n4 0 0\n0 4 0\n0 0 4", with: "\n2 0 0\n0 2 0\n0 0 1")
                + lines[8...].joined(separator: "\n"),
            replaced(5, "Sr Ti O O").replacing("1 1 3", with: "1 1 1 2"), replaced(5, "Sr Ti Fe O").replacing("1 1 3", with: "1 1 0 3"),
            // Version 4: species behind the coordinates, or in the comment.
            cubic("1 1 3\nDirect\n0 0 0 Sr\n.5 .5 .5 Ti\n.5 .5 0 O\n.5 0 .5 O\n0 .5 .5 O\n", comment: "H He Li"),
            cubic("1 1 3\nDirect\n0 0 0\n.5 .5 .5\n.5 .5 0\n.5 0 .5\n0 .5 .5\n", comment: "Sr Ti O"),
            cubic("1 1 3\nS\nD\n0 0 0 F F F Sr\n.5 .5 .5 T T T Ti\n.5 .5 0 F F F O\n.5 0 .5 T T T O\n0 .5 .5 F F T O\n"),
        ]
        for dress in dresses { #expect(try structure(dress) == reference, "\(dress)") }
    }

    @Test func scalesCartesianCoordinates() throws {
        for mode in ["Cartesian", "cart", "Kartesian", "k"] {
            let s = try structure(cubic("Na Cl\n1 1\n\(mode)\n0 0 0\n1 2 3\n", scale: "1.5"))
            #expect(near(s.cartesian(1).angstroms, SIMD3(1.5, 3, 4.5)) && s.lattice.lengths == SIMD3(6, 6, 6))
        }
        // The factor that makes the volume holds for coordinates too.
        let volume = try structure(cubic("Na Cl\n1 1\nC\n0 0 0\n2 2 2\n", scale: "-512"))
        #expect(near(volume.lattice.lengths, SIMD3(8, 8, 8)) && near(volume.cartesian(1).angstroms, SIMD3(4, 4, 4)))
        let three = try structure(cubic("Na Cl\n1 1\nC\n0 0 0\n1 1 1\n", scale: "1 2 3"))
        #expect(three.lattice.lengths == SIMD3(4, 8, 12) && near(three.cartesian(1).angstroms, SIMD3(1, 2, 3)))
    }

    @Test func readsNumbersThatRunTogether() throws {
        let s = try structure(cubic("Na Cl\n1 1\nD\n0 0 0\n0.125-0.375-1.5E-01\n"))
        #expect(s.positions[1] == FractionalPosition(0.125, -0.375, -0.15))
    }

    @Test(arguments: [
        ("", "truncated: the file is empty"), ("Si\n", "truncated: line 1: the file ends before the scale factor"),
        ("Si\n1\n1 0 0\n", "truncated: line 3: the file ends before the third lattice vector"),
        ("Si\nx\n", "bad-scale: line 2: 'x' is no scale factor"), ("Si\nNaN\n", "bad-scale: line 2: 'NaN' is no scale factor"),
        (cubic("Si\n1\nD\n0 0 0", scale: "0"), "bad-scale: line 2: scale factor 0.0, which must be above 0, or one volume below 0"),
        ("Si\n1\n1 0\n", "bad-lattice: line 3: '1 0' is no lattice vector"),
        ("Si\n1\n1 0 inf\n", "bad-lattice: line 3: '1 0 inf' is no lattice vector"),
        ("Si\n1\n1 0 0\n0 1 0\n1 1 0\nSi\n1\nD\n0 0 0", "singular-cell: line 1: the lattice vectors lie in one plane (volume 0 Å³)"),
        ("Si\n-5\n1 0 0\n0 1 0\n1 1 0\nSi\n1\nD\n0 0 0", "singular-cell: line 3: the lattice vectors lie in one plane"),
        (cubic("\n1\nD\n0 0 0"), "bad-header: line 6: species or counts are missing"),
        (cubic("Xx\n1\nD\n0 0 0"), "bad-element: line 6: 'Xx' is no element"),
        (cubic("Si\n-1\nD\n0 0 0"), "bad-count: line 7: '-1' is no number of atoms"),
        (cubic("Si O\n1\n"), "truncated: line 7: the file ends before the counts of all species"),
        (cubic("Si O\n1\n2 3\nD\n"), "bad-count: line 8: 3 counts for 2 species"),
        (cubic("Si\n1.5\nD\n0 0 0"), "bad-count: line 7: '1.5' is no number of atoms"),
        (cubic("Si\n0\nD\n0 0 0"), "no-atoms: line 7: all counts are 0"),
        (cubic("Si\n1000000000\nD\n0 0 0"), "too-many-atoms: line 7: '1000000000': at most 1000000 atoms are read"),
        (cubic("Si O\n900000 900000\nD\n0 0 0"), "too-many-atoms: line 7: '900000 900000': at most 1000000 atoms are read"),
        (cubic("Si\n99999999999999999999999\nD\n"), "bad-count: line 7: '99999999999999999999999' is no number of atoms"),
        (cubic("Si\n1000000\nD\n0 0 0\n"), "truncated: line 9: the file ends after 1 of 1000000 positions"),
        (cubic("Si\n1\n0 0 0\n"), "bad-header: line 8: '0 0 0' where 'Direct' or 'Cartesian' must stand"),
        (cubic("Si\n1\nD\n0 nan 0\n"), "bad-coordinates: line 9: '0 nan 0' is no position (atom 1 of 1)"),
        (cubic("Si\n2\nD\n0 0 0\n\n.5 .5 .5\n"), "bad-coordinates: line 10: '' is no position (atom 2 of 2)"),
        (cubic("Si\n2\nD\n0 0 0\n0 0 1\n"), "overlapping-sites: line 1: atoms 1 (Si) and 2 (Si) are 0 Å apart"),
        (
            cubic("1 1\nD\n0 0 0\n.5 .5 .5\n"),
            "no-species: neither line 6, nor the comment, nor the lines of the atoms name the elements of the 2 counts"
        ),
    ])
    func refusesWithAReason(_ text: String, _ expected: String) {
        let found = refusal(text)
        // What validation says has no line; the source adds that of the record.
        #expect(found == expected || found == expected.replacing("line 1: ", with: ""), "\(found)")
    }

    @Test func recognizesOnlyItsLikes() {
        func isOne(_ text: String) -> Bool { POSCARFormat.recognizes(Array(text.utf8).span) }
        #expect(isOne(plain) && isOne(cubic("1 1\n")) && isOne(plain.replacing("\n", with: "\r\n")))
        for text in [
            "", "a\nb\nc", "data_x\n_cell_length_a 4\n", "3\n\nO 0 0 0\nH 0 0 1\nH 0 1 0\n", "{\"a\": 1}", "1\n2\n3\n4\n5\n6\n", cubic(""),
        ] {
            #expect(!isOne(text), "\(text)")
        }
        #expect(!isOne(String(repeating: "\0", count: 100)))
    }

    /// Cut anywhere, or with any byte changed, a file is read or refused.
    @Test func survivesDamage() {
        let bytes = Array(plain.utf8)
        for length in 0..<bytes.count { _ = refusal(String(decoding: bytes[..<length], as: UTF8.self)) }
        var random = SplitMix64(seed: 5)
        var read = 0
        for _ in 0..<3000 {
            var copy = bytes
            for _ in 0...random.nextInt(below: 3) {
                let odd: [UInt8] = [0, 10, 13, 32, 45, 46, 57, 69, 101, 255, UInt8(truncatingIfNeeded: random.next())]
                copy[random.nextInt(below: copy.count)] = odd[random.nextInt(below: odd.count)]
            }
            do throws(CandidateDefect) {
                let s = try POSCARFormat.decode(StructureRecord(bytes: copy)).structure
                #expect(s.count == s.positions.count)
                read += 1
            } catch { #expect(!error.reason.isEmpty && !error.detail.contains("\n")) }
        }
        #expect(read > 100 && read < 2900)
    }
}
