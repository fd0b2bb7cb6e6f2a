import Formats
import MaterialsCore
import TestSupport
import Testing

@Suite struct PymatgenJSONTests {
    private let sodiumChloride = """
        {"@module": "pymatgen.core.structure", "@class": "Structure", "charge": null, "lattice": {"matrix": [[0, 2.82, 2.82], [2.82, 0, 2.82], \
        [2.82, 2.82, 0]]}, "sites": [{"species": [{"element": "Na+", "occu": 1}], "abc": [0, 0, 0], "xyz": [9, 9, 9]}, \
        {"species": [{"element": "Cl", "oxidation_state": -1, "occu": 1.0}], "abc": [0.5, 0.5, 0.5]}]}
        """

    @Test func theElasticSetAsPymatgenReadsIt() throws {
        let references = try JSONReference.table("mp_elastic.tsv.gz")
        let file = inMemoryInput([UInt8](try dataset("structures/mp_elastic_2015.json.gz")), path: "mp_elastic_2015.json", chunk: 100_003)
        let read = JSONRead(try FormatRegistry.structure(named: "pymatgen-json"), file)
        #expect(read.decoded.count == 1_181 && read.reasons.isEmpty)
        for (reference, (label, decoded)) in zip(references, read.decoded) {
            #expect(label == reference.id)
            reference.check(decoded.structure, "row \(reference.id)")
            let numbers = decoded.values.filter { if case .number = $0.value { true } else { false } }
            #expect(numbers.count >= 137 - 3)
            for (name, text) in reference.values {
                #expect(decoded.values.contains { $0.name == name && $0.value == .number(Double(text)!) }, "\(name) of row \(reference.id)")
            }
        }
    }

    @Test(arguments: [1, 7, 1_000_000]) func whatPymatgenWritesIsReadBack(_ chunk: Int) throws {
        let references = try JSONReference.table("written.tsv")
        let lines = String(decoding: try dataset("references/json_structures/pymatgen.jsonl"), as: UTF8.self)
        for path in ["a.jsonl", "a.json"] {
            let read = try JSONRead("pymatgen-json", lines, path: path, chunk: chunk)
            #expect(read.decoded.map(\.structure.id) == references.map(\.id) && read.reasons.isEmpty)
            for (reference, (_, decoded)) in zip(references, read.decoded) {
                reference.check(decoded.structure, "\(reference.id)")
                #expect(decoded.values.map(\.name) == ["energy", "note"])
                #expect(decoded.values[0].value == .number(-1.5) && decoded.values[1].value == .text("é"))
            }
            #expect(read.decoded.map(\.structure.structure.periodicity)[2] == Periodicity(true, true, false))
            #expect(read.decoded.last?.structure.structure.periodicity == Periodicity.none)
        }
    }

    @Test func computedEntriesCarryTheirEnergies() throws {
        let references = Dictionary(uniqueKeysWithValues: try JSONReference.table("written.tsv").map { ($0.id, $0) })
        let text = String(decoding: try dataset("references/json_structures/entries.json"), as: UTF8.self)
        let read = try JSONRead("pymatgen-json", text)
        #expect(read.decoded.map(\.structure.id) == ["spin", "slab", "one two", "deuterium"])
        for (_, decoded) in read.decoded {
            references[decoded.id!]!.check(decoded.structure, "\(decoded.id!)")
            let values = Dictionary(decoded.values.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
            #expect(values["energy"] == .number(-3.25 * Double(decoded.structure.count)) && values["correction"] == .number(0.5))
            #expect(values["run_type"] == .text("GGA"))
            guard case .number(let volume)? = values["volume"] else {
                Issue.record("no volume")
                continue
            }
            #expect(abs(volume - decoded.structure.lattice.volume) < 1e-6)
        }
    }

    @Test func everyWayOfHoldingStructures() throws {
        let files = [
            sodiumChloride, "[\(sodiumChloride)]", "\u{feff}[\n\(sodiumChloride)\n]\n", "{\"structure\": \(sodiumChloride)}",
            "{\"count\": 1, \"data\": [{\"material_id\": \"x\", \"structure\": \(sodiumChloride)}], \"meta\": {\"a\": [1, {}]}}",
            "{\"entries\": [\(sodiumChloride)]}", "{\"columns\": [\"structure\"], \"index\": [5], \"data\": [[\(sodiumChloride)]]}",
            "{\"id\": 3, \"atoms\": {\"lattice_mat\": [[0, 2.82, 2.82], [2.82, 0, 2.82], [2.82, 2.82, 0]], \"coords\": [[0, 0, 0], [2.82, 2.82, 2.82]], \"elements\": [\"Na\", \"Cl\"], \"cartesian\": true}}",
            "{\"lattice_mat\": [[0, 2.82, 2.82], [2.82, 0, 2.82], [2.82, 2.82, 0]], \"coords\": [[0, 0, 0], [0.5, 0.5, 0.5]], \"elements\": [\"Na\", \"Cl\"], \"cartesian\": false}",
            "{\"id\": \"q\", \"structure\": \"\(sodiumChloride.replacing("\"", with: "\\\""))\"}",
        ]
        let expected = try JSONRead("pymatgen-json", sodiumChloride).decoded[0].structure.structure
        #expect(expected.composition.reducedFormula == "NaCl" && abs(expected.lattice.volume - 2 * 2.82 * 2.82 * 2.82) < 1e-9)
        for text in files {
            for chunk in [3, Int.max] {
                let read = try JSONRead("pymatgen-json", text, chunk: chunk)
                #expect(read.reasons.isEmpty && read.decoded.count == 1, "\(text.prefix(60))")
                guard let found = read.decoded.first?.structure.structure else { continue }
                #expect(found.atomicNumbers == expected.atomicNumbers)
                for k in 0..<2 { #expect((found.cartesian(k) - expected.cartesian(k)).length < 1e-12) }
            }
            #expect(
                FormatRegistry.structures.filter { $0.recognizes(Array(text.utf8).span) }.map(\.name) == ["pymatgen-json"],
                "\(text.prefix(60))")
        }
    }

    @Test func reasonsOfRefusal() throws {
        func site(_ species: String) -> String { sodiumChloride.replacing("{\"element\": \"Na+\", \"occu\": 1}", with: species) }
        let cases: [(String, String)] = [
            (site("{\"element\": \"X\", \"oxidation_state\": 0, \"occu\": 1}"), "unknown-element"),
            (site("{\"element\": \"Vac\", \"occu\": 1}"), "unknown-element"), (site("{\"element\": 11, \"occu\": 1}"), "bad-structure"),
            (site("{\"element\": \"Na\", \"occu\": 0.7}, {\"element\": \"K\", \"occu\": 0.4}"), "bad-occupancy"),
            (site("{\"element\": \"Na\", \"occu\": 7}"), "bad-occupancy"),
            (site("{\"element\": \"Na\", \"occu\": \"1\"}"), "bad-structure"),
            ("{\"@class\": \"ComputedEntry\", \"energy\": -1.0, \"composition\": {\"Fe\": 2}}", "no-structure"),
            (sodiumChloride.replacing("[0, 0, 0]", with: "[0, 0]"), "bad-structure"),
            (sodiumChloride.replacing("[0, 0, 0]", with: "[0, 0, 1e999]"), "bad-structure"),
            (sodiumChloride.replacing("[0, 2.82, 2.82], ", with: ""), "bad-structure"), ("[1, 2]", "no-structure"), ("{}", "no-structure"),
            ("{\"columns\": [\"structure\", \"a\"], \"data\": [[\(sodiumChloride)]]}", "ragged-row"), ("{\"data\": [[1]]}", "no-structure"),
        ]
        for (text, reason) in cases {
            let read = try JSONRead("pymatgen-json", text)
            #expect(read.decoded.isEmpty && read.reasons.first == reason, "\(read.reasons) for \(text.suffix(160))")
        }
    }

    @Test func numbersAndNamesAsTheyCome() throws {
        let text =
            "{\"structure\": \(sodiumChloride), \"a\": NaN, \"b\": -Infinity, \"c\": true, \"d\": null, \"e\": [1], \"f\": 1e-3, \"a\": 7, \"g\": \"\\u00e9\\ud83d\\ude00\\n\", \"h\\u0069\": \"\\u00e9\\ud83d\\ude00\\ud800\"}"
        let read = try JSONRead("pymatgen-json", text)
        #expect(read.decoded.first?.structure.values.map(\.name) == ["a", "b", "c", "f", "a", "hi"])
        #expect(read.number("a")?.isNaN == true && read.number("b") == -.infinity && read.number("c") == 1 && read.number("f") == 0.001)
        #expect(read.decoded.first?.structure.values.last?.value == .text("é😀\u{fffd}"))
    }

    @Test func everyTruncationIsOneReason() throws {
        let whole =
            "{\"meta\": [1, 2], \"data\": [{\"structure\": \(sodiumChloride)}, {\"structure\": \(sodiumChloride), \"x\": \"a\\\"b\"}]}"
        let count = Array(whole.utf8).count
        for length in 1..<count {
            let read = try JSONRead("pymatgen-json", String(decoding: whole.utf8.prefix(length), as: UTF8.self), chunk: 11)
            #expect(read.reasons.count == 1 && read.decoded.count <= 2, "cut at \(length): \(read.reasons)")
        }
        let lines = "{\"structure\": \(sodiumChloride)}\n{\"structure\": [}\n\n{\"structure\": \(sodiumChloride)}"
        let read = try JSONRead("pymatgen-json", lines, path: "a.jsonl.gz")
        #expect(read.decoded.count == 2 && read.reasons == ["bad-json"], "a broken line ends at its end")
    }

    @Test func hostileTextsAreRefusedInBoundedTime() throws {
        let deep = String(repeating: "[", count: 1_000_000)
        #expect(
            try JSONRead("pymatgen-json", "{\"structure\": \(deep)\(String(repeating: "]", count: 1_000_000))}").reasons == [
                "json-too-deep"
            ])
        #expect(try JSONRead("pymatgen-json", deep).reasons == ["bad-json"])
        let digits = String(repeating: "9", count: 1_000_000)
        #expect(
            try JSONRead("pymatgen-json", sodiumChloride.replacing("0.5, 0.5, 0.5", with: "0.5, 0.5, \(digits)")).reasons == [
                "bad-structure"
            ])
        #expect(try JSONRead("pymatgen-json", "{\"structure\": \(sodiumChloride), \"n\": \(digits)}").decoded.count == 1)
        let claims = sodiumChloride.replacing("\"charge\": null", with: "\"num_sites\": 1000000000, \"nsites\": 1e9")
        #expect(
            try JSONRead("pymatgen-json", claims).decoded.first?.structure.structure.count == 2,
            "a count that is only claimed costs nothing")
        let many = "{\"sites\": [" + String(repeating: "0,", count: 3_000_000) + "0]}"
        #expect(try JSONRead("pymatgen-json", many).reasons == ["bad-structure"])
    }

    @Test func mutationsNeitherCrashNorHang() throws {
        let seeds = [
            "[\(sodiumChloride), \(sodiumChloride)]",
            "{\"columns\": [\"structure\", \"x\"], \"index\": [5], \"data\": [[\(sodiumChloride), 3]]}",
            "{\"train\": {\"a\": \"x\\n1.0\\n1 0 0\\n0 1 0\\n0 0 1\\nH\\n1\\ndirect\\n0 0 0\\n\"}, \"b\": \(sodiumChloride)}",
        ]
        var random = SplitMix64(seed: 17)
        let alphabet = Array("{}[]\",:\\0179.-eENnItfu \n".utf8)
        for seed in seeds {
            for round in 0..<700 {
                var bytes = Array(seed.utf8)
                for _ in 0..<(1 + random.nextInt(below: 6)) {
                    let place = random.nextInt(below: bytes.count)
                    let byte = round % 2 == 0 ? alphabet[random.nextInt(below: alphabet.count)] : UInt8(random.nextInt(below: 256))
                    if random.nextInt(below: 3) == 0 { bytes.remove(at: place) } else { bytes[place] = byte }
                }
                for format in FormatRegistry.structures where ["pymatgen-json", "optimade", "json-map"].contains(format.name) {
                    _ = format.recognizes(bytes.span)
                    let read = JSONRead(format, inMemoryInput(bytes, path: "a.json", chunk: 50))
                    for entry in read.decoded { try? StructureValidation.check(entry.structure.structure) }
                }
            }
        }
    }
}
