import MaterialsCore

/// Reads one frame.
struct ExtendedXYZParser {
    /// Where in a line the position and the species stand.
    private struct Columns {
        /// First of the three columns of `pos`.
        var position = 1
        /// Column of the symbol or atomic number.
        var species = 0
        /// Columns that a line must have.
        var count = 4
    }

    private var cursor: TextCursor
    private var columns = Columns()
    private var lattice = unitLattice
    private var periodicity = Periodicity.none
    private var atomicNumbers: [UInt8] = []
    private var positions: [FractionalPosition] = []

    /// A parser of a frame.
    init(_ record: StructureRecord) { cursor = TextCursor(record) }

    /// The structure and the values of the comment.
    mutating func parse() throws(CandidateDefect) -> DecodedStructure {
        guard cursor.nextLine(), let word = cursor.word(), let count = cursor.count(word) else {
            throw defect("bad-count", "'\(cursor.shownLine)' where the number of atoms must stand")
        }
        if count == 0 { throw defect("no-atoms", "the frame has no atoms") }
        if count > CrystalStructure.largestCount {
            throw defect("too-many-atoms", "\(count) atoms; at most \(CrystalStructure.largestCount) are read")
        }
        guard cursor.nextLine() else { throw defect("truncated", "the file ends before the comment") }
        let comment = ExtendedXYZComment(cursor.bytes[cursor.lineRange])
        if comment.isExtended { try read(comment) }
        try readAtoms(count)
        let structure = CrystalStructure(
            lattice: lattice, periodicity: periodicity, atomicNumbers: atomicNumbers, positions: positions)
        return comment.isExtended ? Self.decoded(structure, comment) : DecodedStructure(structure)
    }

    private func defect(_ reason: String, _ what: String) -> CandidateDefect {
        CandidateDefect(reason, "line \(cursor.line): \(what)")
    }

    private static func decoded(_ structure: CrystalStructure, _ comment: ExtendedXYZComment) -> DecodedStructure {
        let idKey = ["material_id", "id"].first { comment[$0] != nil }
        var values: [(name: String, value: DecodedStructure.Value)] = []
        for (key, value) in comment.pairs where !["Lattice", "Properties", "pbc"].contains(key) && key != idKey {
            if let value = ExtendedXYZComment.columnValue(value) { values.append((key, value)) }
        }
        return DecodedStructure(structure, id: idKey.flatMap { comment[$0] }, values: values)
    }

    private mutating func read(_ comment: ExtendedXYZComment) throws(CandidateDefect) {
        if let properties = comment["Properties"] { try readProperties(properties) }
        let vectors = try comment["Lattice"].map { (text) throws(CandidateDefect) in try latticeVectors(text) }
        periodicity = vectors == nil ? .none : .full
        if let pbc = comment["pbc"] { periodicity = try flags(pbc) }
        if let vectors {
            lattice = Self.completed(vectors, periodicity)
        } else if periodicity.count > 0 {
            throw defect("bad-lattice", "pbc says that the structure repeats, and there is no Lattice")
        }
    }

    private mutating func readProperties(_ text: String) throws(CandidateDefect) {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false)
        var (position, symbol, number) = (-1, -1, -1)
        var column = 0
        for k in stride(from: 0, to: fields.count - 2, by: 3) {
            guard let width = Int(fields[k + 2]), width > 0, width < 10_000, ["R", "I", "S", "L"].contains(fields[k + 1]) else {
                throw defect("bad-comment", "'\(fields[k...k + 2].joined(separator: ":"))' in Properties is no column")
            }
            if fields[k] == "pos", width == 3 { position = column }
            if fields[k] == "species", width == 1 { symbol = column }
            if fields[k] == "Z", width == 1 { number = column }
            column += width
        }
        if position < 0 { throw defect("bad-comment", "Properties has no 'pos:R:3'") }
        // Where both are given, ASE believes the number.
        let species = number >= 0 ? number : symbol
        if species < 0 { throw defect("no-species", "Properties has neither 'species:S:1' nor 'Z:I:1'") }
        columns = Columns(position: position, species: species, count: column)
    }

    private func latticeVectors(_ text: String) throws(CandidateDefect) -> [CartesianVector] {
        let numbers = ExtendedXYZComment.parts(text).compactMap(ExtendedXYZComment.number)
        if numbers.count == ExtendedXYZComment.parts(text).count, numbers.allSatisfy(\.isFinite) {
            if numbers.count == 9 {
                return (0..<3).map { CartesianVector(numbers[3 * $0], numbers[3 * $0 + 1], numbers[3 * $0 + 2]) }
            }
            if numbers.count == 3 {
                return [CartesianVector(numbers[0], 0, 0), CartesianVector(0, numbers[1], 0), CartesianVector(0, 0, numbers[2])]
            }
        }
        throw defect("bad-lattice", "Lattice is '\(text.prefix(60))'; nine numbers are needed")
    }

    private func flags(_ text: String) throws(CandidateDefect) -> Periodicity {
        let flags = ExtendedXYZComment.parts(text).compactMap { part in
            ExtendedXYZComment.flag(part) ?? (part == "1" ? true : part == "0" ? false : nil)
        }
        if flags.count == 3 { return Periodicity(flags[0], flags[1], flags[2]) }
        if flags.count == 1 { return Periodicity(flags[0], flags[0], flags[0]) }
        throw defect("bad-comment", "pbc is '\(text.prefix(60))'; three of T and F are needed")
    }

    /// Open axes without a vector get one of their own.
    private static func completed(_ vectors: [CartesianVector], _ periodicity: Periodicity) -> Lattice {
        let whole = OpenAxes.completed(vectors.indices.map { vectors[$0].squaredLength == 0 && !periodicity[$0] ? nil : vectors[$0] })
        return Lattice(a: whole[0], b: whole[1], c: whole[2])
    }

    private mutating func readAtoms(_ count: Int) throws(CandidateDefect) {
        // A count is not believed before its lines are seen.
        let room = min(count, cursor.bytes.count / 8)
        positions.reserveCapacity(room)
        atomicNumbers.reserveCapacity(room)
        for k in 0..<count {
            guard cursor.nextLine() else { throw defect("truncated", "the frame ends after \(k) of \(count) atoms") }
            try readAtom(k, count)
        }
    }

    private mutating func readAtom(_ atom: Int, _ count: Int) throws(CandidateDefect) {
        var position: SIMD3<Double>?
        var species: Range<Int>?
        var column = 0
        while column < columns.count {
            if column == columns.position {
                position = cursor.threeNumbers()
                if position == nil { break }
                column += 3
            } else {
                guard let word = cursor.word() else { break }
                if column == columns.species { species = word }
                column += 1
            }
        }
        guard let position, let species, column >= columns.count else {
            throw defect(
                "bad-coordinates", "'\(cursor.shownLine)' is no atom (\(atom + 1) of \(count); \(columns.count) columns are needed)")
        }
        atomicNumbers.append(try element(species))
        positions.append(lattice.fractional(CartesianVector(position)))
    }

    private func element(_ word: Range<Int>) throws(CandidateDefect) -> UInt8 {
        if let number = ElementSymbols.atomicNumberInAnyCase(cursor.bytes.span.extracting(word)) { return number }
        if let number = cursor.count(word), (1...118).contains(number) { return UInt8(number) }
        throw defect("bad-element", "'\(cursor.shown(word))' is no element")
    }
}
