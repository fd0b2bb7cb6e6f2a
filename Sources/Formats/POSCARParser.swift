import MaterialsCore

/// Reads one POSCAR.
struct POSCARParser {
    private var cursor: TextCursor
    private var comment = 0..<0
    /// Factors of x, y, z.
    private var scale = SIMD3<Double>(repeating: 1)
    private var lattice: Lattice
    /// Atomic number of each group of atoms; empty in version 4.
    private var species: [UInt8] = []
    private var counts: [Int] = []
    private var atomCount = 0
    private var isSelective = false
    private var isCartesian = false
    private var positions: [FractionalPosition] = []
    /// Species from behind the coordinates, as long as every line has one.
    private var trailing: [UInt8] = []

    /// A parser of a record.
    init(_ record: StructureRecord) {
        cursor = TextCursor(record)
        let zero = CartesianVector(0, 0, 0)
        lattice = Lattice(a: zero, b: zero, c: zero)
    }

    /// The structure.
    mutating func parse() throws(CandidateDefect) -> CrystalStructure {
        guard cursor.nextLine() else { throw CandidateDefect("truncated", "the file is empty") }
        comment = cursor.lineRange
        try readLattice()
        try readSpeciesAndCounts()
        try readMode()
        try readPositions()
        let groups = try species.isEmpty ? speciesOfVersion4() : species
        var atomicNumbers: [UInt8] = []
        atomicNumbers.reserveCapacity(atomCount)
        if groups.isEmpty { atomicNumbers = trailing }
        for (number, count) in zip(groups, counts) { atomicNumbers.append(contentsOf: repeatElement(number, count: count)) }
        return CrystalStructure(lattice: lattice, atomicNumbers: atomicNumbers, positions: positions)
    }

    private mutating func nextLine(_ missing: String) throws(CandidateDefect) {
        if !cursor.nextLine() { throw CandidateDefect("truncated", "line \(cursor.line): the file ends before \(missing)") }
    }

    private func defect(_ reason: String, _ what: String) -> CandidateDefect {
        CandidateDefect(reason, "line \(cursor.line): \(what)")
    }

    private mutating func readLattice() throws(CandidateDefect) {
        try nextLine("the scale factor")
        guard let first = cursor.number() else { throw defect("bad-scale", "'\(cursor.shownLine)' is no scale factor") }
        var factors = SIMD3(repeating: first)
        if let y = cursor.number(), let z = cursor.number() { factors = SIMD3(first, y, z) }
        let line = cursor.line
        let (a, b, c) = (try vector(), try vector(), try vector())
        scale = factors.x > 0 && factors.y > 0 && factors.z > 0 ? factors : try Self.scale(factors, Lattice(a: a, b: b, c: c), line: line)
        func scaled(_ v: CartesianVector) -> CartesianVector { CartesianVector(v.angstroms * scale) }
        lattice = Lattice(a: scaled(a), b: scaled(b), c: scaled(c))
    }

    private mutating func vector() throws(CandidateDefect) -> CartesianVector {
        try nextLine("the third lattice vector")
        guard let v = cursor.threeNumbers() else { throw defect("bad-lattice", "'\(cursor.shownLine)' is no lattice vector") }
        return CartesianVector(v)
    }

    /// A single negative factor is the volume that the cell shall have.
    private static func scale(_ factors: SIMD3<Double>, _ lattice: Lattice, line: Int) throws(CandidateDefect) -> SIMD3<Double> {
        guard factors.x < 0, factors.y == factors.x, factors.z == factors.x else {
            throw CandidateDefect("bad-scale", "line \(line): scale factor \(factors.x), which must be above 0, or one volume below 0")
        }
        if lattice.isSingular { throw CandidateDefect("singular-cell", "line \(line + 1): the lattice vectors lie in one plane") }
        return SIMD3(repeating: PortableMath.cbrt(-factors.x / lattice.volume))
    }

    private mutating func readSpeciesAndCounts() throws(CandidateDefect) {
        try nextLine("the counts of the species")
        var first = cursor.wordBeforeComment()
        if first == nil { throw defect("bad-header", "species or counts are missing") }
        while let word = first, isName(word) {
            species.append(try element(word))
            while let word = cursor.wordBeforeComment() { species.append(try element(word)) }
            try nextLine("the counts of the species")
            first = cursor.wordBeforeComment()
        }
        // As many lines of counts as it takes.
        while let word = first {
            try readCount(word)
            while let word = cursor.wordBeforeComment() { try readCount(word) }
            if counts.count >= species.count { break }
            try nextLine("the counts of all species")
            first = cursor.wordBeforeComment()
        }
        if !species.isEmpty, counts.count != species.count {
            throw defect("bad-count", "\(counts.count) counts for \(species.count) species")
        }
        if atomCount == 0 { throw defect("no-atoms", "all counts are 0") }
    }

    /// True for a word that a count cannot begin like.
    private func isName(_ word: Range<Int>) -> Bool { (cursor.bytes[word.lowerBound] | 32) &- UInt8(ascii: "a") < 26 }

    private mutating func readCount(_ word: Range<Int>) throws(CandidateDefect) {
        guard let count = cursor.count(word) else { throw defect("bad-count", "'\(cursor.shown(word))' is no number of atoms") }
        guard count <= CrystalStructure.largestCount, atomCount + count <= CrystalStructure.largestCount else {
            throw defect("too-many-atoms", "'\(cursor.shownLine)': at most \(CrystalStructure.largestCount) atoms are read")
        }
        counts.append(count)
        atomCount += count
    }

    /// `Fe`, `Fe_pv`, `Fe_pv/1a2b3c`.
    private func element(_ word: Range<Int>) throws(CandidateDefect) -> UInt8 {
        let end = word.first { cursor.bytes[$0] == UInt8(ascii: "_") || cursor.bytes[$0] == UInt8(ascii: "/") } ?? word.upperBound
        if let number = ElementSymbols.atomicNumberInAnyCase(cursor.bytes.span.extracting(word.lowerBound..<end)) { return number }
        throw defect("bad-element", "'\(cursor.shown(word))' is no element")
    }

    private mutating func readMode() throws(CandidateDefect) {
        try nextLine("'Direct' or 'Cartesian'")
        var letter = try modeLetter()
        if letter == UInt8(ascii: "s") {
            isSelective = true
            try nextLine("'Direct' or 'Cartesian'")
            letter = try modeLetter()
        }
        isCartesian = letter == UInt8(ascii: "c") || letter == UInt8(ascii: "k")
    }

    /// VASP looks only at the first letter; a line that begins with none has been left out.
    private mutating func modeLetter() throws(CandidateDefect) -> UInt8 {
        if let word = cursor.word() {
            let letter = cursor.bytes[word.lowerBound] | 32
            if letter &- UInt8(ascii: "a") < 26 { return letter }
        }
        throw defect("bad-header", "'\(cursor.shownLine)' where 'Direct' or 'Cartesian' must stand")
    }

    private mutating func readPositions() throws(CandidateDefect) {
        // A count is not believed before its lines are seen.
        positions.reserveCapacity(min(atomCount, cursor.bytes.count / 6))
        let readsSpecies = species.isEmpty
        for k in 0..<atomCount {
            guard cursor.nextLine() else {
                throw CandidateDefect("truncated", "line \(cursor.line): the file ends after \(k) of \(atomCount) positions")
            }
            guard let numbers = cursor.threeNumbers() ?? joinedNumbers() else {
                throw defect("bad-coordinates", "'\(cursor.shownLine)' is no position (atom \(k + 1) of \(atomCount))")
            }
            positions.append(isCartesian ? lattice.fractional(CartesianVector(numbers * scale)) : FractionalPosition(numbers))
            if readsSpecies { readTrailingSpecies(of: k) }
        }
    }

    /// Numbers that a Fortran format ran together: `0.1250000-0.3750000 0.5000000`.
    private func joinedNumbers() -> SIMD3<Double>? {
        var text: [UInt8] = []
        var before: UInt8 = 32
        for c in cursor.bytes[cursor.lineRange] {
            if c == UInt8(ascii: "-"), before &- UInt8(ascii: "0") < 10 { text.append(32) }
            text.append(c)
            before = c
        }
        var line = TextCursor(StructureRecord(bytes: text))
        return line.nextLine() ? line.threeNumbers() : nil
    }

    private mutating func readTrailingSpecies(of atom: Int) {
        guard trailing.count == atom else { return }
        if isSelective { for _ in 0..<3 { _ = cursor.word() } }
        guard let word = cursor.word(), let number = ElementSymbols.atomicNumber(cursor.bytes.span.extracting(word)) else { return }
        trailing.append(number)
    }

    /// One a count from the comment; none where the species stand behind the coordinates.
    private func speciesOfVersion4() throws(CandidateDefect) -> [UInt8] {
        if trailing.count == atomCount { return [] }
        let words = TextCursor.words(of: cursor.bytes[comment])
        let numbers = words.compactMap { ElementSymbols.atomicNumber($0.span) }
        if numbers.count == words.count, numbers.count == counts.count { return numbers }
        throw CandidateDefect(
            "no-species", "neither line 6, nor the comment, nor the lines of the atoms name the elements of the \(counts.count) counts")
    }
}
