import MaterialsCore

/// Crystallographic Information Files, and magnetic ones (moments and time reversal are left out).
///
/// A data block with a cell or atoms is a record; its name is the id. The structure is what the positions say: hydrogens that are only
/// counted (`_atom_site_attached_hydrogens`, `Wat`) are not added. Coordinates near 1/3 and 2/3 become exactly these; occupancies that add
/// up to more than 1 by at most 0.001 are scaled. Rows marked as dummies, and with occupancy 0, are no atoms.
///
/// - Scope:    CIF 1.1 in any encoding that has ASCII; names of later dictionaries; no CIF 2.0 lists or triple quotes where they matter
/// - Errors:   `no-structure`, `missing-cell`, `bad-lattice`, `singular-cell`, `no-atoms`, `missing-coordinates`, `unknown-element`, `bad-number`, `bad-position`, `bad-occupancy`,
///   `overlapping-sites`, `bad-operator`, `too-many-operators`, `too-many-atoms`, `unknown-space-group`, `modulated-structure`,
///   `ragged-loop`, `repeated-loop`, `unterminated-quote`, `unterminated-text`, `bad-syntax`, `record-too-large`, `bad-encoding`
/// - Numerics: thirds, tolerances and merging as pymatgen's reader has them; see `CIFSites`, `CIFBlock.operations`
/// - Cost:     one pass; memory of one block, at most 64 MiB of text
/// - Source:   S. R. Hall, F. H. Allen, I. D. Brown, Acta Cryst. A47, 655 (1991), doi:10.1107/S010876739101067X
public struct CIFFormat: StructureFormat {
    /// `cif`.
    public static let name = "cif"
    /// `.cif`, `.mcif`.
    public static let fileExtensions = ["cif", "mcif"]

    /// True where the first word is `data_…`.
    public static func recognizes(_ text: Span<UInt8>) -> Bool {
        var tokenizer = CIFTokenizer()
        let start = CIFRecordReader.hasMark(text) ? 3 : 0
        let token = try? tokenizer.next(text.extracting(start..<text.count))
        return token?.kind == .block
    }

    /// Cuts a file into blocks.
    public static func records(in input: ByteInput) throws -> any StructureRecordReader { try CIFRecordReader(input) }

    /// Reads a block.
    public static func decode(_ record: StructureRecord) throws(CandidateDefect) -> DecodedStructure {
        let bytes = record.bytes.span
        do throws(CIFDefect) {
            let block = try CIFBlock(bytes)
            let structure = try block.structure(bytes)
            let name = TextBytes.clipped(bytes.extracting(block.name), limit: 200)
            return DecodedStructure(structure, id: record.label ?? (name.isEmpty ? nil : name))
        } catch {
            let line = record.line + lineEnds(bytes, before: error.offset)
            throw CandidateDefect(error.reason, "line \(line): \(error.detail)")
        }
    }

    private static func lineEnds(_ bytes: Span<UInt8>, before offset: Int) -> Int {
        var count = 0
        for i in 0..<min(offset, bytes.count) where bytes[i] == CIFTokenizer.lineFeed || bytes[i] == CIFTokenizer.carriageReturn {
            // CR LF is one line end.
            if bytes[i] == CIFTokenizer.lineFeed, i > 0, bytes[i - 1] == CIFTokenizer.carriageReturn { continue }
            count += 1
        }
        return count
    }
}

extension CIFBlock {
    /// The crystal that the block describes.
    func structure(_ bytes: Span<UInt8>) throws(CIFDefect) -> CrystalStructure {
        guard atoms.isMentioned || lengths.x == lengths.x else {
            throw CIFDefect("no-structure", "neither a cell nor atoms", at: 0)
        }
        let lattice = try lattice(bytes)
        guard atoms.count > 0 else { throw CIFDefect("no-atoms", "a cell without atoms", at: 0) }
        var atoms = atoms
        atoms.makeFractional(lattice)
        let operations = try operations(bytes, lattice)
        return try CIFSites(atoms, operations).structure(lattice)
    }
}
