import Foundation
import MaterialsCore
import TestSupport

/// Structures, settings and values that DScribe computed for single atoms of them, or for their average.
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
        let structures = (root["structures"] as! [String: [String: Any]]).mapValues(DScribeCase.crystal)
        self.structures = structures
        cases = (root["cases"] as! [[String: Any]]).enumerated().map { index, record in
            let name = record["structure"] as! String
            return Case(
                name: "case \(index), \(name)", crystal: structures[name]!,
                settings: (record["settings"] as! [String: Any]).filter { !($0.value is NSNull) }.mapValues { Setting(json: $0) },
                rows: record["rows"] as? [Int],
                values: (record["values"] as! [[NSNumber]]).map { $0.map(\.doubleValue) })
        }
    }
}

/// Settings of a descriptor.
func settings(_ values: [String: Setting], of descriptor: String) throws -> Settings {
    let mapping = values.sorted { $0.key < $1.key }.map { (key: $0.key, line: 3, value: $0.value) }
    return try Settings(Setting(.mapping(mapping), line: 2), subject: "descriptor '\(descriptor)'")
}
