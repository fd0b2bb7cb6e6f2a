import Formats
import MaterialsCore
import TestSupport
import Testing

@Suite struct OPTIMADETests {
    /// After the specification's examples of species: a shared position with a vacancy, and one of two elements.
    private func resource(_ changes: (String, String)...) -> String {
        var text = """
            {"id": "odbx/1", "type": "structures", "links": {"self": null}, "attributes": {"immutable_id": null, "last_modified": \
            "2026-01-01T00:00:00Z", "elements": ["O", "Si", "Ti"], "nelements": 3, "dimension_types": [1, 1, 1], "nperiodic_dimensions": 3, \
            "lattice_vectors": [[4.0, 0.0, 0.0], [0.0, 4.0, 0.0], [0.0, 1.0, 4.0]], "cartesian_site_positions": [[0, 0, 0], [2, 2.5, 2], [2, 0.5, 2], \
            [0, 0, 0.5]], "nsites": 4, "species_at_sites": ["Ti", "mix", "O-vac", "Ti"], "species": [{"name": "Ti", "chemical_symbols": ["Ti"], \
            "concentration": [1.0]}, {"name": "mix", "chemical_symbols": ["Si", "Ti"], "concentration": [0.4, 0.6]}, {"name": "O-vac", \
            "chemical_symbols": ["O", "vacancy"], "concentration": [0.9, 0.1]}], "structure_features": ["disorder"], "_exmpl_gap": 1.5, \
            "_exmpl_stable": true}}
            """
        for (old, new) in changes { text = text.replacing(old, with: new) }
        return text
    }

    @Test func sharedAndPartlyEmptyPositions() throws {
        let read = try JSONRead("optimade", "{\"data\": [\(resource())], \"meta\": {\"api_version\": \"1.2.0\"}}")
        let decoded = try #require(read.decoded.first).structure
        #expect(decoded.id == "odbx/1" && read.reasons.isEmpty)
        #expect(decoded.structure.atomicNumbers == [22, 14, 22, 8, 22] && decoded.structure.occupancies == [1, 0.4, 0.6, 0.9, 1])
        #expect(decoded.structure.sites == [0, 1, 1, 2, 3])
        let expected = [SIMD3(0, 0, 0), SIMD3(0.5, 0.5, 0.5), SIMD3(0.5, 0.5, 0.5), SIMD3(0.5, 0, 0.5), SIMD3(0, -0.03125, 0.125)]
        for (position, want) in zip(decoded.structure.positions, expected) {
            let difference = position.coordinates - want
            #expect((difference * difference).sum() < 1e-24)
        }
        #expect(read.number("_exmpl_gap") == 1.5 && read.number("_exmpl_stable") == 1 && read.number("nsites") == 4)
    }

    @Test func whatPymatgenWrites() throws {
        let references = Dictionary(uniqueKeysWithValues: try JSONReference.table("written.tsv").map { ($0.id, $0) })
        let text = String(decoding: try dataset("references/json_structures/optimade.jsonl"), as: UTF8.self)
        for chunk in [1, 10_000] {
            let read = try JSONRead("optimade", text, path: "a.jsonl", chunk: chunk)
            #expect(read.decoded.map(\.structure.id) == ["spin", "slab", "one two"] && read.reasons.isEmpty)
            for (_, decoded) in read.decoded { references[decoded.id!]!.check(decoded.structure, "\(decoded.id!)") }
        }
    }

    @Test func everyWayOfHoldingResources() throws {
        for text in [
            resource(), "[\(resource())]", "{\"data\": \(resource())}",
            "{\"links\": {\"next\": null}, \"meta\": {\"more_data_available\": false}, \"data\": [\(resource())], \"included\": []}",
            "{\"x-optimade\": {\"meta\": {\"api_version\": \"1.1.0\"}}}\n{\"type\": \"info\", \"id\": \"structures\"}\n\(resource())\n{\"type\": \"references\", \"id\": \"a\", \"attributes\": {}}\n",
        ] {
            let read = try JSONRead("optimade", text)
            #expect(read.decoded.count == 1 && read.reasons.isEmpty, "\(text.prefix(50)): \(read.reasons)")
            #expect(FormatRegistry.structures.filter { $0.recognizes(Array(text.utf8).span) }.map(\.name) == ["optimade"])
        }
    }

    @Test func axesThatDoNotRepeat() throws {
        let layer = resource(("[1, 1, 1]", "[1, 1, 0]"), ("[0.0, 1.0, 4.0]", "[null, null, null]"))
        let slab = try #require(try JSONRead("optimade", layer).decoded.first).structure.structure
        #expect(slab.periodicity == Periodicity(true, true, false) && slab.lattice.c == CartesianVector(0, 0, 1))
        #expect(slab.cartesian(1) == CartesianVector(2, 2.5, 2))
        let molecule = resource(("[1, 1, 1]", "[0, 0, 0]"), ("[[4.0, 0.0, 0.0], [0.0, 4.0, 0.0], [0.0, 1.0, 4.0]]", "null"))
        let atoms = try #require(try JSONRead("optimade", molecule).decoded.first).structure.structure
        #expect(atoms.periodicity == Periodicity.none && atoms.cartesian(1) == CartesianVector(2, 2.5, 2))
        let wire = resource(("[1, 1, 1]", "[0, 1, 0]"), ("[4.0, 0.0, 0.0], [0.0, 4.0, 0.0], [0.0, 1.0, 4.0]", "null, [0, 4.0, 3.0], null"))
        let thread = try #require(try JSONRead("optimade", wire).decoded.first).structure.structure
        #expect(abs(thread.lattice.volume - 5) < 1e-12 && (thread.cartesian(1) - CartesianVector(2, 2.5, 2)).length < 1e-12)
    }

    @Test func reasonsOfRefusal() throws {
        let cases: [(String, String)] = [
            (resource(("\"chemical_symbols\": [\"Ti\"]", "\"chemical_symbols\": [\"X\"]")), "unknown-element"),
            (resource(("[0.4, 0.6]", "[0.5, 0.6]")), "bad-occupancy"), (resource(("[0.4, 0.6]", "[0.5]")), "bad-structure"),
            (resource(("\"mix\", \"O-vac\"", "\"none\", \"O-vac\"")), "bad-structure"),
            (resource((", \"Ti\"], \"species\"", "], \"species\"")), "bad-structure"),
            (resource(("\"disorder\"", "\"disorder\", \"assemblies\"")), "assemblies"),
            (resource(("\"cartesian_site_positions\"", "\"other\"")), "no-structure"),
            (resource(("[0.0, 1.0, 4.0]", "null")), "bad-structure"),
        ]
        for (text, reason) in cases {
            let read = try JSONRead("optimade", text)
            #expect(read.decoded.isEmpty && read.reasons == [reason])
        }
    }
}
