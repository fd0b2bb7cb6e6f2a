import Formats
import Foundation
import MaterialsCore
import Reporting
import Storage

/// `matsieve export`: a candidate store, or the short list of a run, as CSV, JSON lines, extended XYZ, or a folder of POSCAR files.
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
    private enum Form {
        case csv, jsonLines, extendedXYZ, poscar

        var holdsStructures: Bool { self == .extendedXYZ || self == .poscar }
    }

    /// Some rows as text.
    private struct Part: Sendable {
        var bytes: [UInt8]
        var rows: Int
        var leftOut: [String] = []
        /// Files of their own, by name.
        var files: [(name: String, text: String)] = []
    }

    /// Name of the candidate store in the folder of a run that kept structures.
    static let shortListName = "shortlist.h5"

    /// Writes every candidate with all its columns: `id,formula`, numeric columns, text columns; extended XYZ also its atoms.
    /// - Parameters:
    ///   - given: a candidate store, or the folder of a run
    ///   - dataClass: the strictest class that may be exported; nil allows all
    public static func run(_ given: String, output: String, dataClass: String?, workers: Workers) throws -> Outcome {
        let path = try storePath(given)
        let store = try CandidateStore(path: path)
        try requireClass(store.dataClass, allowed: dataClass, of: path)
        let form = try form(output)
        let source = try CandidateStoreSource(store, structures: form.holdsStructures)
        if form.holdsStructures, !source.schema.hasStructures {
            throw MatSieveError.input("\(path): has no structures to export; export it as .csv or .jsonl")
        }
        if form == .poscar { return try writeFolder(source, store.dataClass, to: output, workers) }
        let file = try AtomicFile(path: output)
        if form == .csv { try file.write(header(source.schema)) }
        var outcome = start(store.dataClass)
        if !form.holdsStructures, store.schema.hasStructures {
            outcome.notes.append("structures are left out; export to .extxyz keeps them")
        }
        try source.forEachBatch(
            workers, transform: { rows(of: $0, as: form) },
            commit: { part in
                try file.write(part.bytes)
                count(part, &outcome)
            })
        try file.commit()
        return outcome
    }

    private static func start(_ dataClass: DataClass) -> Outcome {
        Outcome(notes: dataClass > .open ? ["the data are \(dataClass.rawValue); the file itself cannot say so"] : [])
    }

    private static func count(_ part: Part, _ outcome: inout Outcome) {
        outcome.written += part.rows
        outcome.leftOutCount += part.leftOut.count
        outcome.leftOut += part.leftOut.prefix(20 - outcome.leftOut.count)
    }

    /// The store itself, or the short list in the folder of a run.
    private static func storePath(_ given: String) throws -> String {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: given, isDirectory: &isFolder), isFolder.boolValue else { return given }
        let path = (given.hasSuffix("/") ? given : given + "/") + shortListName
        guard FileManager.default.fileExists(atPath: path) else {
            throw MatSieveError.input(
                "\(given): holds no \(shortListName); a run leaves one where its plan reads structures or has keep_structures: true")
        }
        return path
    }

    /// One POSCAR a candidate, in a folder that appears when whole.
    private static func writeFolder(
        _ source: CandidateStoreSource, _ dataClass: DataClass, to output: String, _ workers: Workers
    ) throws -> Outcome {
        let files = FileManager.default
        let folder = String(output.reversed().drop { $0 == "/" }.reversed())
        guard !files.fileExists(atPath: folder) else {
            throw MatSieveError.usage("\(folder): is there already; give the name of a new folder")
        }
        let pending = folder + ".part"
        try? files.removeItem(atPath: pending)
        do { try files.createDirectory(atPath: pending, withIntermediateDirectories: false) } catch {
            throw MatSieveError.usage("\(folder): the folder can't be made; check that the one above it is there and can be written")
        }
        defer { try? files.removeItem(atPath: pending) }
        var outcome = start(dataClass)
        try source.forEachBatch(
            workers, transform: { poscars($0) },
            commit: { part in
                for file in part.files { try AtomicFile.write(Array(file.text.utf8), to: pending + "/" + file.name) }
                count(part, &outcome)
            })
        try files.moveItem(atPath: pending, toPath: folder)
        return outcome
    }

    private static func form(_ output: String) throws -> Form {
        if output.hasSuffix("/") { return .poscar }
        let name = output.hasSuffix(".gz") ? String(output.dropLast(3)) : output
        if name.hasSuffix(".jsonl") { return .jsonLines }
        if name.hasSuffix(".extxyz") || name.hasSuffix(".xyz") { return .extendedXYZ }
        guard name.hasSuffix(".csv") || name == "-" else {
            throw MatSieveError.usage(
                "\(output): give a name that ends in .csv, .jsonl or .extxyz (.gz behind it), a folder/ for POSCAR files, or -")
        }
        return .csv
    }

    private static func rows(of batch: CandidateBatch, as form: Form) -> Part {
        switch form {
        case .csv: csvRows(batch)
        case .jsonLines: jsonLines(batch)
        case .extendedXYZ: frames(batch)
        case .poscar: poscars(batch)
        }
    }

    /// Named by the row and the id: `00001_mp-149.vasp`.
    private static func poscars(_ batch: CandidateBatch) -> Part {
        var part = Part(bytes: [], rows: 0)
        for row in 0..<batch.count {
            guard let structure = batch.structures?[row] else {
                part.leftOut.append("\(batch.ids[row]): has no structure")
                continue
            }
            if let obstacle = POSCARWriter.obstacle(structure) {
                part.leftOut.append("\(batch.ids[row]): \(obstacle)")
                continue
            }
            let id = batch.ids[row]
            let safe = String(id.prefix(80).map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "_" })
            let number = String(batch.indices[row].position + 1)
            let name = String(repeating: "0", count: max(0, 5 - number.count)) + number + "_" + safe + ".vasp"
            part.files.append((name, POSCARWriter.text(structure, title: "\(structure.composition.reducedFormula) \(id)")))
            part.rows += 1
        }
        return part
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
