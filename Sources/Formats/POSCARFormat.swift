import MaterialsCore

/// POSCAR and CONTCAR, the structure files of VASP: versions 4, 5 and 6.
///
/// - Input:    a comment; a scale factor (negative: the cell's volume in Å³), or three, for x, y and z; three lattice vectors; species
///   (`Fe`, `Fe_pv`, `Fe_pv/1a2b3c`), over several lines if need be; their counts; `Selective dynamics`; `Direct`, or `Cartesian` as
///   C, c, K, k; the coordinates. What follows three coordinates in a line, and everything behind the last atom (velocities,
///   predictor-corrector), is ignored. Numbers may be Fortran's (`1.0D+00`).
/// - Scope:    version 4 has no line of species: they are taken from behind the coordinates, else from the comment where that is
///   exactly one element a count; else `no-species`. Other reasons: `bad-scale`, `bad-lattice`, `bad-element`, `bad-count`, `bad-header`,
///   `bad-coordinates`, `truncated`, `no-atoms`, `too-many-atoms`.
/// - Cost:     the file is read as a whole, at most 64 MiB.
/// - Source:   VASP wiki, POSCAR. Differences from pymatgen: a negative scale factor scales Cartesian coordinates by the factor that makes
///   the volume, as VASP does; a file of version 4 that names no elements (most test files of spglib) is refused, as ASE does, where pymatgen
///   invents H, He, Li … for its counts.
public enum POSCARFormat: StructureFormat {
    /// `poscar`
    public static var name: String { "poscar" }
    /// `.contcar`, `.poscar`, `.vasp`
    public static var fileExtensions: [String] { ["contcar", "poscar", "vasp"] }
    /// `CONTCAR…`, `POSCAR…`
    public static var fileNamePrefixes: [String] { ["CONTCAR", "POSCAR"] }

    /// True where a number or three stand in line 2, three numbers in lines 3 to 5, and line 6 is not blank.
    public static func recognizes(_ text: Span<UInt8>) -> Bool {
        var cursor = TextCursor(StructureRecord(bytes: TextBytes.array(text.extracting(first: StructureLimits.recognizedBytes))))
        guard cursor.nextLine(), cursor.nextLine(), cursor.number() != nil else { return false }
        for _ in 0..<3 { guard cursor.nextLine(), cursor.threeNumbers() != nil else { return false } }
        return cursor.nextLine() && cursor.word() != nil
    }

    /// The file is one record.
    public static func records(in input: ByteInput) throws -> any StructureRecordReader { try WholeFileRecordReader(input) }

    /// Reads a structure.
    public static func decode(_ record: StructureRecord) throws(CandidateDefect) -> DecodedStructure {
        var parser = POSCARParser(record)
        return DecodedStructure(try parser.parse())
    }
}
