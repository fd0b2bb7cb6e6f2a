import Descriptors
import Foundation
import MaterialsCore
import TestSupport
import Testing

/// Values of a descriptor that DScribe (or pymatgen) computed, with the structure and the settings.
struct DScribeCase: Sendable, CustomTestStringConvertible {
    var label: String
    var descriptor: String
    var crystal: CrystalStructure
    var settings: Setting
    var values: [Double]
    var testDescription: String { label }

    /// All cases of a file under `Datasets/references`.
    static func all(_ name: String) throws -> [DScribeCase] {
        let root = try JSONSerialization.jsonObject(with: dataset("references/\(name)/\(name).json.gz")) as! [String: Any]
        let structures = (root["structures"] as! [String: [String: Any]]).mapValues(crystal)
        return (root["cases"] as! [[String: Any]]).enumerated().map { index, record in
            let structure = record["structure"] as! String
            return DScribeCase(
                label: "case \(index): \(record["descriptor"]!) of \(structure), \(record["settings"]!)",
                descriptor: record["descriptor"] as! String, crystal: structures[structure]!, settings: Setting(json: record["settings"]!),
                values: (record["values"] as! [NSNumber]).map(\.doubleValue))
        }
    }

    static func crystal(_ record: [String: Any]) -> CrystalStructure {
        func numbers(_ value: Any) -> [Double] { (value as! [NSNumber]).map(\.doubleValue) }
        let cell = (record["cell"] as! [Any]).map(numbers).map { CartesianVector($0[0], $0[1], $0[2]) }
        let pbc = record["pbc"] as! [Bool]
        return CrystalStructure(
            lattice: Lattice(a: cell[0], b: cell[1], c: cell[2]), periodicity: Periodicity(pbc[0], pbc[1], pbc[2]),
            atomicNumbers: numbers(record["numbers"]!).map { UInt8($0) },
            positions: (record["fractional"] as! [Any]).map(numbers).map { FractionalPosition($0[0], $0[1], $0[2]) })
    }

    /// The row of features that the registry's descriptor gives.
    func computed() throws -> [Double] {
        try describedRow(
            crystal, by: DescriptorRegistry.make(descriptor, settings: Settings(settings, subject: "descriptor '\(descriptor)'")))
    }

    /// Largest difference from the values, over the largest value.
    func difference(_ row: [Double]) -> Double {
        guard row.count == values.count else { return .infinity }
        let scale = values.map(abs).max()!
        return zip(row, values).map { abs($0 - $1) / scale }.map { $0.isNaN ? .infinity : $0 }.max()!
    }
}

/// One row of features; a defect is thrown.
func describedRow(_ crystal: CrystalStructure, by descriptor: any Descriptor) throws -> [Double] {
    var batch = CandidateBatch(schema: CandidateSchema(hasStructures: true))
    batch.append(index: CandidateIndex(source: 0, position: 0), id: "x".utf8, composition: crystal.composition, structure: crystal)
    var features = FeatureMatrix(rows: 1, columns: descriptor.featureNames.count)
    if let (_, defect) = descriptor.compute(batch, into: &features, firstColumn: 0).first { throw defect }
    return features.values
}

extension Setting {
    /// What a plan would say, from its JSON.
    init(json value: Any) {
        switch value {
        case let map as [String: Any]:
            self.init(.mapping(map.sorted { $0.key < $1.key }.map { ($0.key, 3, Setting(json: $0.value)) }), line: 3)
        case let list as [Any]: self.init(.list(list.map { Setting(json: $0) }), line: 3)
        case let text as String: self.init(.text(text), line: 3, source: text)
        case let number as NSNumber where String(cString: number.objCType) == "c": self.init(.boolean(number.boolValue), line: 3)
        case let number as NSNumber: self.init(.number(number.doubleValue), line: 3, source: "\(number)")
        default: self.init(.null, line: 3)
        }
    }

    /// From JSON text.
    init(jsonText text: String) throws { self.init(json: try JSONSerialization.jsonObject(with: Data(text.utf8))) }
}

/// A registered descriptor with settings as JSON text.
func descriptor(_ name: String, _ json: String) throws -> any Descriptor {
    try DescriptorRegistry.make(name, settings: Settings(Setting(jsonText: json), subject: "descriptor '\(name)'"))
}
