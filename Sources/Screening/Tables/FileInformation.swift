import Foundation
import LinearAlgebra
import MaterialsCore
import Storage

/// `matsieve info`: what a file is and holds, or what this MatSieve is.
public enum FileInformation {
    private struct Store: Encodable {
        struct Property: Encodable {
            let unit: String?
            let missing: Int
        }
        let kind = "candidates"
        let rows: Int
        let withStructure: Int
        let properties: [String: Property]
        let text: [String]
        let dataClass: String
        let license: String?
        let source: String?
    }

    private struct Engine: Encodable {
        let kind = "matsieve"
        let version: String
        let cpus: Int
        let blasKernels: String
        let blasKernelsDetected: String
        let hdf5: String
    }

    /// The description of a file, for people or as JSON.
    public static func describe(_ path: String?, json: Bool) throws -> String {
        guard let path else { return try engine(json: json) }
        switch try FileKind.detect(path) {
        case .candidateStore: return try store(path, json: json)
        case .model: return try model(path, json: json)
        case .table:
            throw MatSieveError.input("\(path): is a table of results; read it with h5py or pandas (/id, /formula, /property, /features)")
        case .otherHDF5: throw MatSieveError.input("\(path): is HDF5, but not a candidate store or model of MatSieve")
        case .notHDF5: return try table(path, json: json)
        }
    }

    private static func store(_ path: String, json: Bool) throws -> String {
        let s = try CandidateStore(path: path).summary()
        if json {
            let properties = Dictionary(
                uniqueKeysWithValues: s.properties.map { ($0.name, Store.Property(unit: $0.unit, missing: $0.missing)) })
            return try JSONText.line(
                Store(
                    rows: s.rows, withStructure: s.withStructure, properties: properties, text: s.text, dataClass: s.dataClass.rawValue,
                    license: s.description.license, source: s.description.source))
        }
        var lines = [
            "\(path): candidate store, \(grouped(UInt64(s.rows))) candidates, \(grouped(UInt64(s.withStructure))) with structure, \(s.dataClass.rawValue)"
        ]
        if let source = s.description.source { lines.append("source   \(source)") }
        if let license = s.description.license { lines.append("licence  \(license)") }
        for p in s.properties {
            lines.append("  \(p.name)\(p.unit.map { " (\($0))" } ?? "")\(p.missing > 0 ? ", \(grouped(UInt64(p.missing))) missing" : "")")
        }
        for t in s.text { lines.append("  \(t) (text)") }
        return lines.joined(separator: "\n")
    }

    private static func model(_ path: String, json: Bool) throws -> String {
        let cards = try SurrogateFile(path).surrogates.map(\.card)
        guard cards.count > 1 else {
            return json ? try JSONText.line(cards[0]) : (["\(path): model"] + cards[0].lines).joined(separator: "\n")
        }
        if json { return try JSONText.line(["models": cards]) }
        return (["\(path): models of \(cards.count) targets"] + cards.flatMap { [""] + $0.lines }).joined(separator: "\n")
    }

    private static func table(_ path: String, json: Bool) throws -> String {
        let names = try CandidateInput.columnNames(path, format: nil)
        let source = try CandidateInput.open(path, request: TableRequest(columns: []))
        let rows = try source.positionCount()
        if json {
            struct Table: Encodable {
                let kind = "table"
                let rows: Int
                let columns: [String]
            }
            return try JSONText.line(Table(rows: rows, columns: names))
        }
        return "\(path): table, \(grouped(UInt64(rows))) rows\ncolumns  \(names.joined(separator: ", "))"
    }

    private static func engine(json: Bool) throws -> String {
        let kernels = OpenBLAS.prepare()
        let e = Engine(
            version: MatSieve.version, cpus: AvailableCPUs.count(), blasKernels: kernels.used, blasKernelsDetected: kernels.detected,
            hdf5: HDF5Library.version)
        if json { return try JSONText.line(e) }
        let note =
            kernels.used == kernels.detected
            ? "" : " (it would have run \(kernels.detected) kernels, which are slower; MatSieve chose better ones)"
        return "MatSieve \(e.version)\nCPUs     \(e.cpus)\nOpenBLAS \(e.blasKernels)\(note)\nHDF5     \(e.hdf5)"
    }
}
