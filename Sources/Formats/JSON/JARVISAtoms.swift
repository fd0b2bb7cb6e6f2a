import MaterialsCore

/// Atoms as JARVIS writes them: `lattice_mat`, `coords`, `elements`, `cartesian`.
enum JARVISAtoms {
    /// Reads the structure of an object.
    static func read(_ document: JSONDocument, _ object: JSONDocument.Value) throws(CandidateDefect) -> CrystalStructure {
        guard let lattice = document.member(object, "lattice_mat").flatMap(document.matrix) else {
            throw CandidateDefect("bad-structure", "lattice_mat is not three vectors of numbers")
        }
        guard let elements = document.member(object, "elements"), let coordinates = document.member(object, "coords") else {
            throw CandidateDefect("no-structure", "the atoms have no elements or no coords")
        }
        let isCartesian = document.member(object, "cartesian").map { document.kind($0) == .yes } ?? false
        var list = SiteList(capacity: 8)
        var positions = document.elements(coordinates)
        var index = 0
        for symbol in document.elements(elements) {
            guard let xyz = positions.next().flatMap(document.vector) else {
                throw CandidateDefect("bad-structure", "coords: there are not three numbers for atom \(index + 1)")
            }
            let position = isCartesian ? lattice.fractional(CartesianVector(xyz)) : FractionalPosition(xyz)
            list.add(try atomicNumber(document, symbol, index), 1, at: position)
            try list.endSite(name: index)
            index += 1
        }
        if positions.next() != nil { throw CandidateDefect("bad-structure", "there are more coords than elements") }
        return list.structure(lattice, .full)
    }

    private static func atomicNumber(
        _ document: JSONDocument, _ symbol: JSONDocument.Value, _ index: Int
    ) throws(CandidateDefect) -> UInt8 {
        let number = SpeciesSymbol.atomicNumber(document.bytes.span.extracting(document.range(symbol)))
        if number != 0, document.kind(symbol) == .string { return number }
        throw CandidateDefect("unknown-element", "atom \(index + 1): '\(document.shown(symbol))' is no element")
    }
}
