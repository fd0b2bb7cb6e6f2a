import MaterialsCore
import TestSupport
import Testing

@testable import Formats

private func frames(_ text: String, chunk: Int = .max) throws -> [DecodedStructure] {
    let reader = try ExtendedXYZFormat.records(in: inMemoryInput(text, chunk: chunk))
    var result: [DecodedStructure] = []
    while let record = try reader.next() { result.append(try ExtendedXYZFormat.decode(record)) }
    return result
}

private func refusal(_ text: String) -> String {
    do {
        for frame in try frames(text) { try StructureValidation.check(frame.structure) }
        return "read"
    } catch let defect as CandidateDefect { return "\(defect.reason): \(defect.detail)" } catch { return "\(error)" }
}

private func one(_ comment: String, _ atoms: String = "H 0 0 0") throws -> DecodedStructure {
    try frames("1\n\(comment)\n\(atoms)\n")[0]
}

private func values(_ comment: String) throws -> [String: DecodedStructure.Value] {
    Dictionary(uniqueKeysWithValues: try one("Properties=species:S:1:pos:R:3 \(comment)").values.map { ($0.name, $0.value) })
}

private let box = "Lattice=\"4 0 0 0 5 0 0 0 6\""

@Suite struct ExtendedXYZFormatTests {
    @Test func readsFramesHoweverTheyAreCut() throws {
        let text = "2\n\(box) energy=-1.5\nNa 0 0 0\nCl 2 2.5 3\n1\n\nHe 1 2 3\n\n3\r\n\(box)\r\nO 0 0 0\r\nH 1 0 0\r\nH 0 1 0\r\n  \n"
        for chunk in [1, 2, 3, 7, 1000] {
            let all = try frames(text, chunk: chunk)
            #expect(all.map(\.structure.count) == [2, 1, 3])
            #expect(all[0].structure.positions[1] == FractionalPosition(0.5, 0.5, 0.5) && all[0].structure.periodicity == .full)
            #expect(all[1].structure.periodicity == .none && all[1].structure.cartesian(0) == CartesianVector(1, 2, 3))
            #expect(all[2].structure.atomicNumbers == [8, 1, 1])
        }
    }

    @Test func readsPropertiesInAnyOrder() throws {
        let s = try one("\(box) Properties=forces:R:3:Z:I:1:flag:L:1:pos:R:3:species:S:1", "9 9 9 26 T 2 0 3 Co").structure
        #expect(s.atomicNumbers == [26] && s.positions[0] == FractionalPosition(0.5, 0, 0.5))
        #expect(try one("Properties=species:S:1:pos:R:3", "fe 1 2 3").structure.atomicNumbers == [26])
        // Plain XYZ: numbers for symbols, further columns.
        #expect(try one("energy is = high", "26 1 2 3 0.5 x").structure.atomicNumbers == [26])
    }

    @Test func readsLatticeAndPeriodicity() throws {
        #expect(try one("Lattice=\"1 2 3 4 5 6 7 8 10\"").structure.lattice.b == CartesianVector(4, 5, 6))
        #expect(try one("Lattice=[4,5,6]").structure.lattice.lengths == SIMD3(4, 5, 6))
        for pbc in ["\"T T F\"", "[T, T, F]", "{True true FALSE}", "\"1 1 0\""] {
            #expect(try one("\(box) pbc=\(pbc)").structure.periodicity == Periodicity(true, true, false), "\(pbc)")
        }
        #expect(try one("\(box) pbc=F").structure.periodicity == .none)
        let slab = try one("Lattice=\"3 0 0 1 3 0 0 0 0\" pbc=\"T T F\"").structure
        #expect(slab.lattice.c == CartesianVector(0, 0, 1) && slab.lattice.volume == 9)
        let wire = try one("Lattice=\"0 0 0 0 0 0 0 0 4\" pbc=\"F F T\"").structure.lattice
        #expect(wire.volume == 4 && wire.a.length == 1 && wire.b.length == 1)
        #expect(try one("Lattice=\"0 0 0 0 0 0 0 0 0\" pbc=\"F F F\"").structure.lattice.volume == 1)
    }

    @Test func keepsScalars() throws {
        let found = try values(
            "energy=-3.25 n=7 config_type=\"bulk Si\" ok=T bad=FALSE flag 'k k'={a b} quote=\"say \\\"x\\\"\" dipole=\"1 2 3\" m=[1,2] b=[T,F] "
                + "e=1e-3 j=\"_JSON [1, {}]\" nested=[[1,2],[3,4]] eq=a=b spaced = 5 miss=nan text=1x energy=-4")
        #expect(found["energy"] == .number(-4) && found["n"] == .number(7) && found["config_type"] == .text("bulk Si"))
        #expect(found["ok"] == .text("true") && found["bad"] == .text("false") && found["flag"] == .text("true"))
        #expect(found["k k"] == .text("a b") && found["quote"] == .text("say \"x\"") && found["e"] == .number(1e-3))
        #expect(found["eq"] == .text("a=b") && found["spaced"] == .number(5) && found["text"] == .text("1x"))
        guard case .number(let missing) = found["miss"] else { throw CandidateDefect("test", "no miss") }
        #expect(missing.isNaN)
        #expect(["dipole", "m", "b", "j", "nested", "Properties"].allSatisfy { found[$0] == nil })
        #expect(try one("free text = 5 of people").values.isEmpty)
    }

    @Test func takesTheIdOfAFrame() throws {
        let named = try one("\(box) material_id=mp-1 id=7")
        #expect(named.id == "mp-1" && named.values.map(\.name) == ["id"])
        #expect(try one("\(box) id=7").id == "7" && one(box).id == nil)
    }

    @Test(arguments: [
        ("x\n", "bad-count: line 1: 'x' where the number of atoms of a frame must stand"),
        ("1\n\nH 0 0 0\nH 0 0 0\n", "bad-count: line 4: 'H 0 0 0' where the number of atoms of a frame must stand"),
        ("-1\n\nH 0 0 0\n", "bad-count: line 1: '-1' where the number of atoms of a frame must stand"),
        ("1000000000\n\nH 0 0 0\n", "too-many-atoms: line 1: 1000000000 atoms; at most 1000000 are read"),
        ("1000000\n\nH 0 0 0\n", "truncated: line 3: the frame ends after 1 of 1000000 atoms"),
        ("2", "truncated: line 1: the file ends before the comment"), ("0\n\n", "no-atoms: line 1: the frame has no atoms"),
        ("1\n\nH 0 0\n", "bad-coordinates: line 3: 'H 0 0' is no atom (1 of 1; 4 columns are needed)"),
        ("1\n\nH 0 NaN 0\n", "bad-coordinates: line 3: 'H 0 NaN 0' is no atom (1 of 1; 4 columns are needed)"),
        ("1\n\nQq 0 0 0\n", "bad-element: line 3: 'Qq' is no element"), ("1\n\n0 0 0 0\n", "bad-element: line 3: '0' is no element"),
        ("1\nLattice=\"1 2\"\nH 0 0 0\n", "bad-lattice: line 2: Lattice is '1 2'; nine numbers are needed"),
        ("1\npbc=T\nH 0 0 0\n", "bad-lattice: line 2: pbc says that the structure repeats, and there is no Lattice"),
        ("1\npbc=\"T F\"\nH 0 0 0\n", "bad-comment: line 2: pbc is 'T F'; three of T and F are needed"),
        ("1\nProperties=species:S:1\nH 0 0 0\n", "bad-comment: line 2: Properties has no 'pos:R:3'"),
        ("1\nProperties=pos:R:3\n0 0 0\n", "no-species: line 2: Properties has neither 'species:S:1' nor 'Z:I:1'"),
        ("1\nProperties=species:S:1:pos:Q:3\nH 0 0 0\n", "bad-comment: line 2: 'pos:Q:3' in Properties is no column"),
        (
            "1\nProperties=species:S:1:pos:R:3:forces:R:3\nH 0 0 0 1\n",
            "bad-coordinates: line 3: 'H 0 0 0 1' is no atom (1 of 1; 7 columns are needed)"
        ),
        ("1\nLattice=\"1 0 0 0 1 0 1 1 0\"\nH 0 0 0\n", "singular-cell: the lattice vectors lie in one plane (volume 0 Å³)"),
        ("1\nLattice=\"4 0 0 0 4 0 0 0 0\"\nH 0 0 0\n", "singular-cell: the lattice vectors lie in one plane (volume 0 Å³)"),
        ("2\n\nH 0 0 0\nO 0 0 0.001\n", "overlapping-sites: atoms 1 (H) and 2 (O) are 0.001 Å apart"),
    ])
    func refusesWithAReason(_ text: String, _ expected: String) { #expect(refusal(text) == expected) }

    @Test func recognizesOnlyItsLikes() {
        func isOne(_ text: String) -> Bool { ExtendedXYZFormat.recognizes(Array(text.utf8).span) }
        #expect(isOne("1\n\nH 0 0 0\n") && isOne("8\n\(box)\n") && isOne("1\r\nfree text\r\nH 0 0 0"))
        for text in ["", "1\n", "1\n1\n1 0 0\n0 1 0\n", "x\n\(box)\n", "1 2\n\nH 0 0 0\n", "1\n2\nH 0 x 0\n"] {
            #expect(!isOne(text), "\(text)")
        }
    }

    /// Keys are told apart without going through all of them each time.
    @Test func aCommentOfManyKeys() {
        let text = (0..<100_000).map { "k\($0 % 90_000)=\($0)" }.joined(separator: " ")
        let comment = ExtendedXYZComment(Array(text.utf8)[...])
        #expect(comment.pairs.count == 90_000 && comment["k5"] == "90005" && comment["k89999"] == "89999")
    }

    @Test func survivesDamage() {
        let bytes = Array("2\n\(box) Properties=species:S:1:pos:R:3 a=\"b c\"\nNa 0 0 0\nCl 2 2 2\n1\n\nHe 0 0 0\n".utf8)
        for length in 0..<bytes.count { _ = refusal(String(decoding: bytes[..<length], as: UTF8.self)) }
        var random = SplitMix64(seed: 6)
        var read = 0
        for _ in 0..<3000 {
            var copy = bytes
            for _ in 0...random.nextInt(below: 3) {
                let odd: [UInt8] = [0, 10, 34, 32, 45, 92, 57, 61, 91, 255, UInt8(truncatingIfNeeded: random.next())]
                copy[random.nextInt(below: copy.count)] = odd[random.nextInt(below: odd.count)]
            }
            read += refusal(String(decoding: copy, as: UTF8.self)) == "read" ? 1 : 0
        }
        #expect(read > 100 && read < 2900)
    }
}
