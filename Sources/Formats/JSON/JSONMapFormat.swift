import MaterialsCore

/// A map from ids to structures: texts of CIF, POSCAR, extended XYZ, or objects of pymatgen, JARVIS or OPTIMADE.
///
/// - Input:  `{"id": "text", …}` or `{"id": {…}, …}`, also in groups (`{"train": {"id": …}, "test": {…}}`).
/// - Output: the name is the id; where there are groups, theirs is the value `group`.
/// - Scope:  rejected: `unknown-structure` (the text is of no known format), and whatever the format of a text or object refuses.
public enum JSONMapFormat: StructureFormat {
    /// `json-map`.
    public static let name = "json-map"
    /// Endings.
    public static let fileExtensions = ["json"]
    /// Groups, and fields beside the structures of objects.
    public static let carriesValues = true

    /// True for an object of such texts or objects.
    public static func recognizes(_ text: Span<UInt8>) -> Bool { JSONContent(text) == .map }

    /// Cuts a file into records.
    public static func records(in input: ByteInput) throws -> any StructureRecordReader { try JSONMapReader(input) }

    /// Reads a record.
    public static func decode(_ record: StructureRecord) throws(CandidateDefect) -> DecodedStructure {
        var decoded = try structure(record.bytes)
        decoded.id = record.label ?? decoded.id
        if let group = record.context as? JSONMapReader.Group { decoded.values.insert(("group", .text(group.name)), at: 0) }
        return decoded
    }

    private static func structure(_ bytes: [UInt8]) throws(CandidateDefect) -> DecodedStructure {
        // A text ends with the record, as it was cut.
        if bytes.count >= 2, bytes[0] == UInt8(ascii: "\""), JSONBytes.passString(bytes.span) == bytes.count - 1 {
            return try StructureText.decode(JSONBytes.unescaped(bytes.span, 1..<bytes.count - 1))
        }
        let document = try JSONDocument(bytes)
        let root = document.root
        switch document.kind(root) {
        case .string: return try StructureText.decode(document.stringBytes(root))
        case .object: break
        default: throw CandidateDefect("no-structure", "the value is neither a text nor an object")
        }
        if document.member(root, "attributes") != nil || document.member(root, "species_at_sites") != nil {
            return try OPTIMADEStructure.decode(document, root)
        }
        return try StructureDocument.decode(document, root)
    }
}
