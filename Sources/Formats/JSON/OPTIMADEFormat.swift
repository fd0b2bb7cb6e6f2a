import MaterialsCore

/// Structures as databases with an OPTIMADE interface answer, and as they are exported.
///
/// - Input:  a response (`{"data": [{"type": "structures", "id": …, "attributes": …}, …]}`, or a single one under `data`), a list of
///   resources, or JSON lines with a resource each; headers and other resources are passed over.
/// - Output: ids as given; numbers, truth values (1, 0) and short texts among the attributes as values, those of providers included.
/// - Scope:  a species of several symbols is a shared position, `vacancy` leaves it partly empty. Rejected: `no-structure` (no positions or
///   species), `unknown-element` (`X`), `assemblies` (sites that exclude each other), `bad-occupancy`, `bad-structure`, `bad-json`.
/// - Source: OPTIMADE specification 1.2; Andersen et al., Sci. Data 8, 217 (2021), doi:10.1038/s41597-021-00974-z
public enum OPTIMADEFormat: StructureFormat {
    /// `optimade`.
    public static let name = "optimade"
    /// Endings.
    public static let fileExtensions = ["json", "jsonl", "ndjson"]
    /// Attributes.
    public static let carriesValues = true

    private static let layout = JSONLayout(
        recordNames: ["attributes", "type", "id", "x-optimade"], listNames: ["data"], readsTables: false, isHeader: isHeader)

    /// True for JSON with names that OPTIMADE prescribes.
    public static func recognizes(_ text: Span<UInt8>) -> Bool { JSONContent(text) == .optimade }

    /// Cuts a file into records.
    public static func records(in input: ByteInput) throws -> any StructureRecordReader { try JSONRecordReader(input, layout) }

    /// Reads a record.
    public static func decode(_ record: StructureRecord) throws(CandidateDefect) -> DecodedStructure {
        let document = try JSONDocument(record.bytes)
        let single = document.member(document.root, "data") ?? document.root
        return try OPTIMADEStructure.decode(document, single)
    }

    /// True for lines that describe the file or hold no structure. They are short, or say early what they are.
    private static func isHeader(_ record: [UInt8]) -> Bool {
        let text = record.span.extracting(first: 16 << 10)
        let probe = JSONProbe(text)
        let names = probe.names(text).filter { $0.depth == 1 }
        if names.contains(where: { $0.isOne(of: ["x-optimade"], text) }) { return true }
        guard let type = names.first(where: { $0.isOne(of: ["type"], text) }) else { return false }
        return !type.isValue("structures", text)
    }
}
