import MaterialsCore

/// A file of a collection, as its candidates need to know it.
final class StructureMember: Sendable {
    /// Path for messages.
    let path: String
    /// Begin of its candidates' ids: the path without the format's ending; of a single file only its last part.
    let stem: String
    /// True where the file's path is part of every id, because there are others.
    let isOneOfMany: Bool
    /// How to read its records; nil where it could not be opened.
    let format: StructureFormatEntry?

    /// A file; `isOneOfMany` where the collection has others.
    init(path: String, format: StructureFormatEntry?, isOneOfMany: Bool) {
        let path = Self.printable(path)
        (self.path, self.format, self.isOneOfMany) = (path, format, isOneOfMany)
        stem = Self.stem(path, format?.fileExtensions ?? [], isOneOfMany: isOneOfMany)
    }

    /// Control characters in a name would break lines of messages and tables.
    private static func printable(_ path: String) -> String {
        if !path.utf8.contains(where: { $0 < 32 || $0 == 127 }) { return path }
        return String(String.UnicodeScalarView(path.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
    }

    private static func stem(_ path: String, _ extensions: [String], isOneOfMany: Bool) -> String {
        var stem = isOneOfMany ? Substring(path) : path.split(separator: "/").last ?? Substring(path)
        func dropEnding(_ endings: [String]) {
            guard let dot = stem.lastIndex(of: "."), dot > stem.startIndex, stem[stem.index(before: dot)] != "/" else { return }
            if endings.contains(stem[stem.index(after: dot)...].lowercased()) { stem = stem[..<dot] }
        }
        dropEnding(["gz"])
        dropEnding(extensions)
        return String(stem)
    }

    /// Id of a candidate.
    ///
    /// - Parameters:
    ///   - own: as the file gives it, or the label of the cut
    ///   - ordinal: number of the record in the file, from 1
    ///   - isOnly: true where the file has no other
    func id(own: String?, ordinal: Int, isOnly: Bool) -> String {
        let own = own.flatMap { $0.isEmpty ? nil : $0 }
        if !isOneOfMany, let own { return own }
        return isOnly ? stem : "\(stem):\(own ?? String(ordinal))"
    }
}

/// What the serial step of reading hands on of one position.
struct PendingStructure: Sendable {
    /// What is known of it.
    enum Content: Sendable {
        /// Its text.
        case record(StructureRecord)
        /// Its structure, where the text would have taken too much memory; the label is that of its record.
        case decoded(DecodedStructure, label: String?)
        /// Why there is none.
        case defect(CandidateDefect, label: String?)
    }

    /// What is known of it.
    var content: Content
    /// The file that it is from.
    var member: StructureMember
    /// Number of the record in the file, from 1.
    var ordinal: Int
    /// True where the file has no other.
    var isOnly: Bool

    /// Bytes of text that it holds.
    var byteCount: Int { if case .record(let record) = content { record.bytes.count } else { 0 } }

    /// Decodes and checks the record, where that is not done yet.
    mutating func decode() {
        guard case .record(let record) = content, let format = member.format else { return }
        do throws(CandidateDefect) {
            let decoded = try format.decode(record)
            try StructureValidation.check(decoded.structure)
            content = .decoded(decoded, label: record.label)
        } catch {
            // A format may know the line better than the record's first.
            let place = error.detail.hasPrefix("line ") ? "" : "line \(record.line): "
            content = .defect(CandidateDefect(error.reason, "\(member.path): \(place)\(error.detail)"), label: record.label)
        }
    }
}
