/// What a JSON text holds, told by its first bytes.
enum JSONContent {
    /// Records of pymatgen's kind, OPTIMADE structures, or a map from ids to structures.
    case documents, optimade, map

    private static let optimadeNames: [StaticString] = [
        "x-optimade", "attributes", "lattice_vectors", "species_at_sites", "cartesian_site_positions", "nperiodic_dimensions",
        "more_data_available",
    ]
    /// Names that an object with a structure has.
    static let recordNames: [StaticString] = [
        "@module", "@class", "lattice", "sites", "structure", "lattice_mat", "coords", "atoms", "final_structure", "initial_structure",
        "material_id", "entry_id", "jid", "task_id", "numbers", "cell", "positions",
    ]
    private static let tableNames: [StaticString] = ["columns", "index"]

    /// Looks at the begin of a text, which may be cut off anywhere; nil where it is no JSON, or none of these.
    init?(_ text: Span<UInt8>) {
        // Mostly the beginning says it.
        let found = Self(probing: text.extracting(first: 16 << 10)) ?? Self(probing: text.extracting(first: StructureLimits.searchedBytes))
        guard let found else { return nil }
        self = found
    }

    private init?(probing text: Span<UInt8>) {
        let probe = JSONProbe(text)
        guard let first = probe.first, first | 32 == UInt8(ascii: "{") else { return nil }
        let names = probe.names(text)
        if names.contains(where: { $0.isOne(of: Self.optimadeNames, text) }) {
            self = .optimade
        } else if first == UInt8(ascii: "{"), probe.isMap(text, names) {
            self = .map
        } else if names.contains(where: { $0.isOne(of: Self.recordNames, text) || $0.depth == 1 && $0.isOne(of: Self.tableNames, text) }) {
            self = .documents
        } else {
            return nil
        }
    }
}
