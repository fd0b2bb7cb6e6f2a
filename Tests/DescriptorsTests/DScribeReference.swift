import Foundation
import MaterialsCore
import TestSupport

/// Structures, settings and values that DScribe computed from them.
struct DScribeReference: Sendable {
    struct Case: Sendable {
        var name: String
        var crystal: CrystalStructure
        var settings: [String: Setting]
        /// Atoms whose rows are kept; nil for all, or for an average.
        var rows: [Int]?
        var values: [[Double]]
    }

    var structures: [String: CrystalStructure]
    var cases: [Case]

    init(_ path: String) throws {
        let root = try JSONSerialization.jsonObject(with: dataset(path)) as! [String: Any]
        let structures = (root["structures"] as! [String: [String: Any]]).mapValues(Self.crystal)
        self.structures = structures
        cases = (root["cases"] as! [[String: Any]]).enumerated().map { index, record in
            let name = record["structure"] as! String
            return Case(
                name: "case \(index), \(name)", crystal: structures[name]!,
                settings: (record["settings"] as! [String: Any]).filter { !($0.value is NSNull) }.mapValues(setting),
                rows: record["rows"] as? [Int],
                values: (record["values"] as! [[NSNumber]]).map { $0.map(\.doubleValue) })
        }
    }

    private static func crystal(_ record: [String: Any]) -> CrystalStructure {
        let cell = (record["cell"] as! [[Double]]).map { CartesianVector($0[0], $0[1], $0[2]) }
        let pbc = record["pbc"] as! [Bool]
        return CrystalStructure(
            lattice: Lattice(a: cell[0], b: cell[1], c: cell[2]), periodicity: Periodicity(pbc[0], pbc[1], pbc[2]),
            atomicNumbers: (record["numbers"] as! [Int]).map { UInt8($0) },
            positions: (record["fractional"] as! [[Double]]).map { FractionalPosition($0[0], $0[1], $0[2]) })
    }
}

/// Settings of a descriptor.
func settings(_ values: [String: Setting], of descriptor: String) throws -> Settings {
    let mapping = values.sorted { $0.key < $1.key }.map { (key: $0.key, line: 3, value: $0.value) }
    return try Settings(Setting(.mapping(mapping), line: 2), subject: "descriptor '\(descriptor)'")
}

/// A setting made of texts, numbers, lists and dictionaries.
func setting(_ value: Any) -> Setting {
    switch value {
    case let d as [String: Any]: Setting(.mapping(d.sorted { $0.key < $1.key }.map { ($0.key, 3, setting($0.value)) }), line: 3)
    case let l as [Any]: Setting(.list(l.map(setting)), line: 3)
    case let t as String: Setting(.text(t), line: 3, source: t)
    case let n as Double: Setting(.number(n), line: 3, source: "\(n)")
    case let n as Int: Setting(.number(Double(n)), line: 3, source: "\(n)")
    default: Setting(.null, line: 3)
    }
}
