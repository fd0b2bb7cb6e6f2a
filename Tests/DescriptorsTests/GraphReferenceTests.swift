import Foundation
import MaterialsCore
import TestSupport
import Testing

@testable import Descriptors

/// Edges and features against pymatgen, networkx and numpy (`scripts/generate-references/graph_features.py`).
@Suite struct GraphReferenceTests {
    struct Crystal: Decodable {
        let lattice: [Double]
        let atomicNumbers: [UInt8]
        let fractional: [Double]

        enum CodingKeys: String, CodingKey {
            case lattice, fractional
            case atomicNumbers = "atomic_numbers"
        }

        var structure: CrystalStructure {
            func vector(_ k: Int) -> CartesianVector { CartesianVector(lattice[k], lattice[k + 1], lattice[k + 2]) }
            return CrystalStructure(
                lattice: Lattice(a: vector(0), b: vector(3), c: vector(6)), atomicNumbers: atomicNumbers,
                positions: atomicNumbers.indices.map { i in
                    FractionalPosition(fractional[3 * i], fractional[3 * i + 1], fractional[3 * i + 2])
                })
        }
    }
    struct Rule: Decodable {
        let bonds: String
        let cutoff: Double?
        let neighbors: Int?
        let symmetric: Bool?

        var rule: GraphRule {
            switch bonds {
            case "cutoff": .cutoff(cutoff!)
            case "nearest": .nearest(neighbors!, symmetric: symmetric ?? true)
            default: .covalent()
            }
        }
        var settings: [(String, Setting.Value)] {
            [("bonds", .text(bonds))] + (cutoff.map { [("cutoff", .number($0))] } ?? [])
                + (neighbors.map { [("neighbors", .number(Double($0)))] } ?? [])
        }
    }
    struct Case: Decodable {
        let crystal: Int
        let rule: Rule
        let edges: [[Double]]
        let values: [String: [Double?]]
    }
    struct Reference: Decodable {
        let shells, largest, moments, distance: Int
        let cases: [Case]
    }

    static func load() throws -> (crystals: [CrystalStructure], reference: Reference) {
        let crystals = try JSONDecoder().decode([Crystal].self, from: dataset("references/graph_features/crystals.json"))
        let reference = try JSONDecoder().decode(Reference.self, from: dataset("references/graph_features/features.json.gz"))
        return (crystals.map(\.structure), reference)
    }

    @Test func edgesAreThoseOfPymatgen() throws {
        let (crystals, reference) = try Self.load()
        #expect(reference.cases.count == 96)
        for c in reference.cases {
            let graph = try CrystalNets.graph(crystals[c.crystal], c.rule.rule)
            let edges = (0..<graph.edgeCount).map { e in
                [Int(graph.sources[e]), Int(graph.targets[e])] + [0, 1, 2].map { Int(graph.images[e].cells[$0]) }
            }
            #expect(edges == c.edges.map { $0.prefix(5).map { Int($0) } }, "crystal \(c.crystal), \(c.rule)")
            for (d, edge) in zip(graph.distances, c.edges) { #expect(abs(d - edge[5]) < 1e-9) }
        }
    }

    @Test func featuresAreThoseOfNetworkx() throws {
        let (crystals, reference) = try Self.load()
        var compared: [String: Int] = [:]
        for c in reference.cases {
            for (name, values) in c.values {
                let descriptor = try Self.descriptor(name, c.rule, reference)
                let row = StructureConformanceTests.describe(descriptor, crystals[c.crystal]).row
                let wanted = name == "connected-components" ? Self.withoutNets(row) : row
                let isEqual = wanted.count == values.count && zip(wanted, values).allSatisfy { Self.agrees($0, $1) }
                #expect(isEqual, "\(name), crystal \(c.crystal), \(c.rule): \(wanted), \(values)")
                compared[name, default: 0] += 1
            }
        }
        #expect(compared.count == 7 && compared.values.allSatisfy { $0 >= 40 }, "\(compared)")
    }

    /// Other orders of summing change the last digits; eigenvalues bring 10⁻¹⁴ in.
    private static func agrees(_ value: Double, _ wanted: Double?) -> Bool {
        guard let wanted else { return value.isNaN }
        return abs(value - wanted) <= 1e-9 * max(1, abs(wanted))
    }

    /// The peer does not count nets.
    private static func withoutNets(_ row: [Double]) -> [Double] { Array(row[..<5]) + Array(row[6...]) }

    private static func descriptor(_ name: String, _ rule: Rule, _ reference: Reference) throws -> any Descriptor {
        var settings = rule.settings
        switch name {
        case "coordination-sequence": settings.append(("shells", .number(Double(reference.shells))))
        case "ring-statistics": settings.append(("largest", .number(Double(reference.largest))))
        case "laplacian-spectrum": settings.append(("moments", .number(Double(reference.moments))))
        case "shortest-path-correlation":
            settings.append(("distance", .number(Double(reference.distance))))
            let names = ["electronegativity", "covalent-radius", "atomic-number"]
            settings.append(("properties", .list(names.map { Setting(.text($0)) })))
        default: break
        }
        let mapping = Setting(.mapping(settings.map { (key: $0.0, line: 1, value: Setting($0.1)) }))
        return try DescriptorRegistry.make(name, settings: try Settings(mapping, subject: name))
    }
}
