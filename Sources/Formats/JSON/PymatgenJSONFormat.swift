import MaterialsCore

/// Structures, molecules and computed entries as pymatgen writes them, and documents that hold one.
///
/// - Input:  JSON or JSON lines: one object, a list, a list under `data`, `entries`, `structures`, `results` or `docs`, or a table as pandas
///   writes it (`{"columns": …, "index": …, "data": …}`). A record is a `Structure` or `Molecule`, an object with one under `structure`
///   (computed entries, documents of the Materials Project) or `atoms` (JARVIS), or JARVIS atoms themselves.
/// - Output: ids from `material_id`, `entry_id`, `jid`, `id`, `task_id`, or the table's index. Values: numbers, truth values (1, 0) and short
///   texts beside the structure, and those under `data`, `parameters` and `properties`.
/// - Scope:  charges and spins of species are dropped, their elements kept; D and T are hydrogen. Rejected: `no-structure` (computed entries
///   without one), `unknown-element` (dummy species), `bad-occupancy`, `bad-structure`, `bad-json`, `json-too-deep`.
/// - Source: Ong et al., Comput. Mater. Sci. 68, 314 (2013), doi:10.1016/j.commatsci.2012.10.028
public enum PymatgenJSONFormat: StructureFormat {
    /// `pymatgen-json`.
    public static let name = "pymatgen-json"
    /// Endings.
    public static let fileExtensions = ["json", "jsonl", "ndjson"]
    /// Energies, moduli and the like.
    public static let carriesValues = true

    private static let layout = JSONLayout(
        recordNames: [
            "@class", "@module", "lattice", "sites", "structure", "lattice_mat", "atoms", "material_id", "entry_id", "energy", "jid",
        ],
        listNames: ["data", "entries", "structures", "results", "docs"], readsTables: true)

    /// True for JSON with what such records have, that is neither OPTIMADE nor a map.
    public static func recognizes(_ text: Span<UInt8>) -> Bool { JSONContent(text) == .documents }

    /// Cuts a file into records.
    public static func records(in input: ByteInput) throws -> any StructureRecordReader { try JSONRecordReader(input, layout) }

    /// Reads a record.
    public static func decode(_ record: StructureRecord) throws(CandidateDefect) -> DecodedStructure {
        let document = try JSONDocument(record.bytes)
        if let columns = record.context as? JSONTableColumns { return try StructureTableRow.decode(document, columns) }
        return try StructureDocument.decode(document, document.root)
    }
}
