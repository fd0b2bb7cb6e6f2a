import Formats
import Foundation
import MaterialsCore
import Reporting
import Storage

/// `matsieve export`: a candidate store as CSV, JSON lines or extended XYZ.
public struct CandidateExport {
    /// What came out.
    public struct Outcome: Sendable {
        /// Candidates written.
        public var written = 0
        /// Candidates that the format cannot hold, with the reason; the first 20.
        public var leftOut: [String] = []
        /// How many those are.
        public var leftOutCount = 0
        /// What people should mind.
        public var notes: [String] = []
    }

    /// What is written.
    private enum Form { case csv, jsonLines, extendedXYZ }

    /// Some rows as text.
    private struct Part: Sendable {
        var bytes: [UInt8]
        var rows: Int
        var leftOut: [String] = []
    }

    /// Writes every candidate with all its columns: `id,formula`, numeric columns, text columns; extended XYZ also its atoms.
    /// - Parameter dataClass: the strictest class that may be exported; nil allows all
    public static func run(_ path: String, output: String, dataClass: String?, workers: Workers) throws -> Outcome {
        let store = try CandidateStore(path: path)
        try requireClass(store.dataClass, allowed: dataClass, of: path)
        let form = try form(output)
        let source = try CandidateStoreSource(store, structures: form == .extendedXYZ)
        if form == .extendedXYZ, !source.schema.hasStructures {
            throw MatSieveError.input("\(path): has no structures to export; export it as .csv or .jsonl")
        }
        let file = try AtomicFile(path: output)
        if form == .csv { try file.write(header(source.schema)) }
        var outcome = Outcome()
        if store.dataClass > .open { outcome.notes.append("the data are \(store.dataClass.rawValue); the file itself cannot say so") }
        if form != .extendedXYZ, store.schema.hasStructures {
            outcome.notes.append("structures are left out; export to .extxyz keeps them")
        }
        try source.forEachBatch(
            workers, transform: { rows(of: $0, as: form) },
            commit: { part in
                try file.write(part.bytes)
                outcome.written += part.rows
                outcome.leftOutCount += part.leftOut.count
                outcome.leftOut += part.leftOut.prefix(20 - outcome.leftOut.count)
            })
        try file.commit()
        return outcome
    }

    private static func form(_ output: String) throws -> Form {
        let name = output.hasSuffix(".gz") ? String(output.dropLast(3)) : output
        if name.hasSuffix(".jsonl") { return .jsonLines }
        if name.hasSuffix(".extxyz") || name.hasSuffix(".xyz") { return .extendedXYZ }
        guard name.hasSuffix(".csv") || name == "-" else {
            throw MatSieveError.usage("\(output): give a name that ends in .csv, .jsonl or .extxyz (.gz behind it), or -")
        }
        return .csv
    }

    private static func rows(of batch: CandidateBatch, as form: Form) -> Part {
        switch form {
        case .csv: csvRows(batch)
        case .jsonLines: jsonLines(batch)
        case .extendedXYZ: frames(batch)
        }
    }

    private static func frames(_ batch: CandidateBatch) -> Part {
        var writer = ExtendedXYZWriter()
        var part = Part(bytes: [], rows: 0)
        for row in 0..<batch.count {
            guard let structure = batch.structures?[row], !structure.isDisordered else {
                let reason = batch.structures?[row] == nil ? "has no structure" : "has shared or partly occupied positions"
                part.leftOut.append("\(batch.ids[row]): \(reason)")
                continue
            }
            let numbers = zip(batch.schema.numeric, batch.numericColumns).map { ($0.name, DecodedStructure.Value.number($1[row])) }
            let texts = zip(batch.schema.text, batch.textColumns).map { ($0.name, DecodedStructure.Value.text($1[row])) }
            writer.write(structure, values: [("id", .text(batch.ids[row]))] + numbers + texts)
            part.rows += 1
        }
        part.bytes = writer.bytes
        return part
    }

    private static func header(_ schema: CandidateSchema) -> [UInt8] {
        CSVWriter(header: ["id", "formula"] + schema.names).bytes
    }

    private static func csvRows(_ batch: CandidateBatch) -> Part {
        var writer = CSVWriter()
        for row in 0..<batch.count {
            writer.write(batch.ids[row])
            writer.write(batch.composition(row).formula)
            for c in batch.numericColumns { writer.write(c[row]) }
            for c in batch.textColumns { writer.write(c[row]) }
            writer.endRow()
        }
        return Part(bytes: writer.bytes, rows: batch.count)
    }

    private static func jsonLines(_ batch: CandidateBatch) -> Part {
        var text = ""
        for row in 0..<batch.count {
            text.append("{\"id\":\(jsonString(batch.ids[row])),\"formula\":\(jsonString(batch.composition(row).formula))")
            for (c, column) in zip(batch.schema.numeric, batch.numericColumns) {
                text.append(",\(jsonString(c.name)):\(column[row].isFinite ? numberText(column[row]) : "null")")
            }
            for (c, column) in zip(batch.schema.text, batch.textColumns) {
                text.append(",\(jsonString(c.name)):\(jsonString(column[row]))")
            }
            text.append("}\n")
        }
        return Part(bytes: Array(text.utf8), rows: batch.count)
    }
}

extension DataClass {
    /// Reads the value of `--data-class`.
    public init(option text: String) throws {
        guard let known = DataClass(rawValue: text) else { throw MatSieveError.usage("--data-class \(text): give open, shared or closed") }
        self = known
    }
}

/// Refuses to hand out what is stricter than the class that `allowed` names; nil allows all.
func requireClass(_ found: DataClass, allowed: String?, of subject: String) throws {
    guard let allowed = try allowed.map(DataClass.init(option:)) else { return }
    guard found <= allowed else {
        throw MatSieveError.usage(
            "\(subject): is \(found.rawValue), not \(allowed.rawValue); ask the owner of its inputs, or leave them out")
    }
}
