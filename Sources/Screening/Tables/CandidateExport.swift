import Foundation
import MaterialsCore
import Reporting
import Storage

/// `matsieve export`: a candidate store as CSV or JSON lines.
public struct CandidateExport {
    /// Writes every candidate with all its columns: `id,formula`, numeric columns, text columns.
    /// - Parameter dataClass: the strictest class that may be exported; nil allows all
    /// - Returns: rows written
    public static func run(_ path: String, output: String, dataClass: String?, workers: Workers) throws -> Int {
        let store = try CandidateStore(path: path)
        try requireClass(store.dataClass, allowed: dataClass, of: path)
        let source = try CandidateStoreSource(store)
        let asJSON = try isJSONLines(output)
        let file = try AtomicFile(path: output)
        if !asJSON { try file.write(header(source.schema)) }
        var rows = 0
        try source.forEachBatch(
            workers, transform: { asJSON ? jsonLines($0) : csvRows($0) },
            commit: { part in
                try file.write(part.bytes)
                rows += part.rows
            })
        try file.commit()
        return rows
    }

    private static func isJSONLines(_ output: String) throws -> Bool {
        let name = output.hasSuffix(".gz") ? String(output.dropLast(3)) : output
        if name.hasSuffix(".jsonl") { return true }
        guard name.hasSuffix(".csv") || name == "-" else {
            throw MatSieveError.usage("\(output): give a name that ends in .csv or .jsonl (.gz behind it), or -")
        }
        return false
    }

    private static func header(_ schema: CandidateSchema) -> [UInt8] {
        CSVWriter(header: ["id", "formula"] + schema.names).bytes
    }

    private static func csvRows(_ batch: CandidateBatch) -> (bytes: [UInt8], rows: Int) {
        var writer = CSVWriter()
        for row in 0..<batch.count {
            writer.write(batch.ids[row])
            writer.write(batch.composition(row).formula)
            for c in batch.numericColumns { writer.write(c[row]) }
            for c in batch.textColumns { writer.write(c[row]) }
            writer.endRow()
        }
        return (writer.bytes, batch.count)
    }

    private static func jsonLines(_ batch: CandidateBatch) -> (bytes: [UInt8], rows: Int) {
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
        return (Array(text.utf8), batch.count)
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
