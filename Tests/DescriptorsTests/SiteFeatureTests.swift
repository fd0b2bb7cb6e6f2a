import Descriptors
import Foundation
import MaterialsCore
import TestSupport
import Testing

/// Site features against values of matminer and freud, and against closed values of cubic and hexagonal crystals.
@Suite struct SiteFeatureTests {
    private func make(_ name: String, _ entries: [(String, Setting.Value)]) throws -> any StructureDescriptor {
        let mapping = entries.map { (key: $0.0, line: 1, value: Setting($0.1)) }
        let settings = try Settings(Setting(.mapping(mapping)), subject: "descriptor '\(name)'")
        return try #require(try DescriptorRegistry.make(name, settings: settings) as? any StructureDescriptor)
    }

    private func row(_ descriptor: any StructureDescriptor, _ crystal: CrystalStructure) throws -> [String: Double] {
        let names = descriptor.featureNames
        var features = FeatureMatrix(rows: 1, columns: names.count)
        try features.withRow(0, first: 0, width: names.count) { (out: inout MutableSpan<Double>) throws(CandidateDefect) in
            try descriptor.describe(crystal, into: &out)
        }
        return Dictionary(uniqueKeysWithValues: zip(names, features.values))
    }

    /// Columns of the reference that end in a label of the descriptor, after a prefix.
    private func compare(
        _ descriptor: any StructureDescriptor, _ table: SiteReference, prefix: String = "", tolerance: Double, zero: Double = 0
    ) throws -> Int {
        var compared = 0
        for (id, expected) in table.rows {
            let values = try row(descriptor, try #require(table.crystals[id]))
            for (label, value) in values {
                guard let want = expected[prefix + label], !want.isNaN else { continue }
                if max(abs(value), abs(want)) < zero { continue }
                #expect(abs(value - want) <= tolerance * max(1, abs(want)), "\(id) \(prefix)\(label): \(value), expected \(want)")
                compared += 1
            }
        }
        return compared
    }

    @Test(arguments: ["minimum-distance", "voronoi"]) func coordinationEqualsMatminer(_ rule: String) throws {
        let table = try SiteReference("matminer")
        for weights in ["none", "sum", "effective"] {
            let descriptor = try make("coordination", [("neighbors", .text(rule)), ("weights", .text(weights))])
            let compared = try compare(descriptor, table, prefix: "\(rule) \(weights) ", tolerance: 1e-7)
            #expect(compared == 4 * table.rows.count)
        }
    }

    @Test(arguments: ["minimum-distance", "voronoi"]) func bondsEqualMatminer(_ rule: String) throws {
        let table = try SiteReference("matminer")
        let lengths = try compare(
            try make("bond-lengths", [("neighbors", .text(rule))]), table, prefix: "\(rule) ", tolerance: 1e-9)
        let angles = try compare(try make("bond-angles", [("neighbors", .text(rule))]), table, prefix: "\(rule) ", tolerance: 1e-7)
        #expect(lengths == 4 * table.rows.count && angles >= 4 * 15)
    }

    @Test func orderEqualsMatminer() throws {
        let table = try SiteReference("matminer")
        let degrees = (1...10).map { Setting(.number(Double($0))) }
        let descriptor = try make("steinhardt", [("degrees", .list(degrees))])
        #expect(try compare(descriptor, table, tolerance: 1e-6) == 60 * table.rows.count)
    }

    @Test(arguments: ["cutoff", "average", "nearest"]) func orderEqualsFreud(_ kind: String) throws {
        let table = try SiteReference("freud")
        let degrees = Setting.Value.list([2, 3, 4, 6, 8, 10, 12].map { Setting(.number($0)) })
        var settings: [(String, Setting.Value)] = [("degrees", degrees)]
        settings +=
            kind == "nearest"
            ? [("neighbors", .text("nearest")), ("count", .number(8))] : [("neighbors", .text("cutoff")), ("cutoff", .number(4.2))]
        settings.append(("average", .boolean(kind == "average")))
        // freud computes in single precision, whose root is what it leaves of parameters that vanish.
        #expect(try compare(try make("steinhardt", settings), table, prefix: "\(kind) ", tolerance: 5e-4, zero: 2e-3) > 300)
    }

    @Test func fingerprintEqualsMatminer() throws {
        let table = try SiteReference("matminer")
        #expect(try compare(try make("site-fingerprint", []), table, tolerance: 1e-10) == 16 * table.rows.count)
    }

    /// Closed values of the perfect crystals: q and ŵ by hand from the shells' harmonics.
    @Test func perfectCrystals() throws {
        let table = try SiteReference("matminer")
        let expected: [(String, Int, [String: Double])] = [
            ("sc", 6, ["q4": (7.0 / 12).squareRoot(), "q6": 0.125.squareRoot(), "w4": 0.159317, "w6": 0.013161]),
            ("fcc", 12, ["q4": 0.190941, "q6": 0.574524, "w4": -0.159317, "w6": -0.013161]),
            ("hcp", 12, ["q4": 0.097222, "q6": 0.484762, "w4": 0.134097, "w6": -0.012442]),
            ("bcc", 14, ["q4": 0.036370, "q6": 0.510688, "w4": 0.159317, "w6": 0.013161]),
        ]
        for (id, count, values) in expected {
            let descriptor = try make("steinhardt", [("neighbors", .text("nearest")), ("count", .number(Double(count)))])
            let result = try row(descriptor, try #require(table.crystals[id]))
            for (label, value) in values {
                #expect(abs((result["\(label) mean"] ?? .nan) - value) < 2e-6, "\(id) \(label): \(result["\(label) mean"] ?? .nan)")
                #expect((result["\(label) std"] ?? .nan) < 1e-9)
            }
        }
    }

    @Test func moleculesAndLoneAtoms() throws {
        let cell = Lattice(lengths: SIMD3(1, 1, 1), degrees: SIMD3(90, 90, 90))!
        let water = CrystalStructure(
            lattice: cell, periodicity: .none, atomicNumbers: [8, 1, 1],
            positions: [FractionalPosition(0, 0, 0), FractionalPosition(1, 0, 0), FractionalPosition(0, 1, 0)])
        #expect(try row(try make("coordination", []), water)["coordination max"] == 2)
        #expect(try row(try make("bond-angles", []), water)["bond angle mean"] == 90)
        #expect(try row(try make("bond-lengths", []), water)["bond length max"] == 1)
        let atom = CrystalStructure(lattice: cell, periodicity: .none, atomicNumbers: [2], positions: [FractionalPosition(0, 0, 0)])
        #expect(try row(try make("coordination", []), atom)["coordination mean"] == 0)
        #expect(try row(try make("bond-lengths", []), atom).values.allSatisfy(\.isNaN))
    }

    @Test func wrongSettings() {
        let wrong: [(String, [(String, Setting.Value)], String)] = [
            ("coordination", [("neighbors", .text("voronoy"))], "did you mean 'voronoi'?"),
            ("coordination", [("cutoff", .number(3))], "unknown key 'cutoff'"),
            ("bond-lengths", [("neighbors", .text("cutoff")), ("cutoff", .number(300))], "between 0.1 and 30"),
            ("steinhardt", [("degrees", .list([Setting(.number(17), line: 4)]))], "line 4"),
            ("steinhardt", [("degrees", .list([Setting(.number(4)), Setting(.number(4))]))], "different"),
            ("site-fingerprint", [("statistics", .list([Setting(.text("median"))]))], "'median' is not among the statistics"),
            ("site-fingerprint", [("windows", .list([]))], "one or more different"),
        ]
        for (name, entries, message) in wrong {
            let error = #expect(throws: MatSieveError.self) { try make(name, entries) }
            #expect(error?.kind == .usage && error?.message.contains(message) == true, "\(name): \(error?.message ?? "")")
        }
    }
}

/// Crystals and values of `Datasets/references/site_features`.
struct SiteReference {
    var crystals: [String: CrystalStructure] = [:]
    var rows: [(id: String, values: [String: Double])] = []

    init(_ name: String) throws {
        for cells in try Self.table("crystals").rows {
            let numbers = cells[1].split(separator: " ").map { Double($0)! }
            let f = cells[3].split(separator: " ").map { Double($0)! }
            let vectors = stride(from: 0, to: 9, by: 3).map { CartesianVector(numbers[$0], numbers[$0 + 1], numbers[$0 + 2]) }
            crystals[cells[0]] = CrystalStructure(
                lattice: Lattice(a: vectors[0], b: vectors[1], c: vectors[2]),
                atomicNumbers: cells[2].split(separator: " ").map { UInt8($0)! },
                positions: stride(from: 0, to: f.count, by: 3).map { FractionalPosition(f[$0], f[$0 + 1], f[$0 + 2]) })
        }
        let table = try Self.table(name)
        for cells in table.rows {
            let values = zip(table.labels.dropFirst(), cells.dropFirst()).map { ($0, Double($1) ?? .nan) }
            rows.append((cells[0], Dictionary(uniqueKeysWithValues: values)))
        }
    }

    static func table(_ name: String) throws -> (labels: [String], rows: [[String]]) {
        let text = String(decoding: try dataset("references/site_features/\(name).csv.gz"), as: UTF8.self)
        let lines = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        return (lines[0], Array(lines.dropFirst()))
    }
}
