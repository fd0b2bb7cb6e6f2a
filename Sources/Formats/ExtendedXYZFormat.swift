import MaterialsCore

/// Extended XYZ, and plain XYZ: any number of frames, each with a count, a comment and a line an atom.
///
/// - Input:    the comment is `key=value` pairs with quotes, brackets or braces around values with spaces and `\` before what is meant
///   literally; a key alone is true. `Lattice` has nine numbers (a, b, c one after the other) or three (a box), `Properties` the columns,
///   in any order, of which `pos` and `species` or `Z` are read; `pbc` three flags, by default true where there is a lattice. A vector of
///   zeros along an open axis is replaced by 1 Å perpendicular to the others. A comment without any of these three keys is free text:
///   the file is plain XYZ (symbol or atomic number, x, y, z), a molecule in a cell of 1 Å without periodicity.
/// - Output:   values with one number, a truth value (`true`, `false`) or a text become columns; several numbers or truth values
///   (`stress`, `dipole`) and JSON do not. `material_id` or `id` is the id.
/// - Scope:    rejected as `bad-count`, `bad-comment`, `bad-lattice`, `no-species`, `bad-element`, `bad-coordinates`, `truncated`, `no-atoms`,
///   `too-many-atoms`. Where a count is none, the rest of the file cannot be read.
/// - Source:   libAtoms extended XYZ; ASE's `ase.io.extxyz`. Differences: the box of three numbers, atomic numbers in the place of symbols.
public enum ExtendedXYZFormat: StructureFormat {
    /// `extxyz`
    public static var name: String { "extxyz" }
    /// `.extxyz`, `.xyz`
    public static var fileExtensions: [String] { ["extxyz", "xyz"] }
    /// Values of the comment.
    public static var carriesValues: Bool { true }

    /// True where line 1 is a count, and line 2 has a lattice or properties or line 3 is an atom.
    public static func recognizes(_ text: Span<UInt8>) -> Bool {
        var cursor = TextCursor(StructureRecord(bytes: TextBytes.array(text.extracting(first: StructureLimits.recognizedBytes))))
        guard cursor.nextLine(), let count = cursor.word(), cursor.count(count) != nil, cursor.word() == nil, cursor.nextLine() else {
            return false
        }
        let comment = ExtendedXYZComment(cursor.bytes[cursor.lineRange])
        if comment.isExtended { return true }
        return cursor.nextLine() && cursor.word() != nil && cursor.threeNumbers() != nil
    }

    /// A frame a record.
    public static func records(in input: ByteInput) throws -> any StructureRecordReader { try ExtendedXYZRecordReader(input) }

    /// Reads a frame.
    public static func decode(_ record: StructureRecord) throws(CandidateDefect) -> DecodedStructure {
        var parser = ExtendedXYZParser(record)
        return try parser.parse()
    }
}

/// Cuts frames by their counts.
private final class ExtendedXYZRecordReader: StructureRecordReader {
    private var bytes: RecordBytes

    init(_ input: ByteInput) throws { bytes = try RecordBytes(input) }

    func next() throws -> StructureRecord? {
        guard try bytes.passBlankLines() else { return nil }
        let line = bytes.line
        let headEnd = try bytes.offset(afterLines: 1)
        let count = try Self.count(bytes.head(headEnd), line: line)
        let end = try bytes.offset(afterLines: count + 1, from: headEnd ?? bytes.left)
        // A frame that is cut short says so when it is decoded.
        return StructureRecord(bytes: bytes.take(end ?? bytes.left, lines: count + 2), line: line)
    }

    private static func count(_ head: [UInt8], line: Int) throws -> Int {
        var cursor = TextCursor(StructureRecord(bytes: head, line: line))
        guard cursor.nextLine(), let word = cursor.word(), let count = cursor.count(word), cursor.word() == nil else {
            throw CandidateDefect("bad-count", "line \(line): '\(cursor.shownLine)' where the number of atoms of a frame must stand")
        }
        if count > CrystalStructure.largestCount {
            throw CandidateDefect("too-many-atoms", "line \(line): \(count) atoms; at most \(CrystalStructure.largestCount) are read")
        }
        return count
    }
}
