import MaterialsCore

/// Structures and molecules as pymatgen writes them: `lattice` and `sites`, each with its species and coordinates.
struct PymatgenStructure {
    private let document: JSONDocument

    /// Reads the structure of an object.
    static func read(_ document: JSONDocument, _ object: JSONDocument.Value) throws(CandidateDefect) -> CrystalStructure {
        try PymatgenStructure(document: document).read(object)
    }

    private func read(_ object: JSONDocument.Value) throws(CandidateDefect) -> CrystalStructure {
        guard let sites = document.member(object, "sites"), document.kind(sites) == .array else {
            throw CandidateDefect("no-structure", "the structure has no list of sites")
        }
        guard let cell = document.member(object, "lattice") else { return try molecule(sites) }
        let lattice = try lattice(cell)
        var periodicity = Periodicity.full
        if let flags = document.member(cell, "pbc") {
            guard let read = document.periodicity(flags) else { throw malformed("lattice: pbc is not three truth values") }
            periodicity = read
        }
        return try self.sites(sites, lattice, prefersCartesian: false).structure(lattice, periodicity)
    }

    private func molecule(_ sites: JSONDocument.Value) throws(CandidateDefect) -> CrystalStructure {
        try self.sites(sites, unitLattice, prefersCartesian: true).structure(unitLattice, .none)
    }

    private func lattice(_ cell: JSONDocument.Value) throws(CandidateDefect) -> Lattice {
        if let matrix = document.member(cell, "matrix") {
            guard let lattice = document.matrix(matrix) else { throw malformed("lattice: the matrix is not three vectors of numbers") }
            return lattice
        }
        guard let lengths = parameters(cell, "a", "b", "c"), let degrees = parameters(cell, "alpha", "beta", "gamma") else {
            throw malformed("the lattice has neither a matrix nor a, b, c, alpha, beta, gamma")
        }
        guard let lattice = Lattice(lengths: lengths, degrees: degrees) else {
            throw CandidateDefect("singular-cell", "no cell has these lengths and angles")
        }
        return lattice
    }

    private func parameters(_ cell: JSONDocument.Value, _ x: StaticString, _ y: StaticString, _ z: StaticString) -> SIMD3<Double>? {
        func number(_ name: StaticString) -> Double? { document.member(cell, name).flatMap(document.number) }
        guard let x = number(x), let y = number(y), let z = number(z) else { return nil }
        return SIMD3(x, y, z)
    }

    private func sites(_ array: JSONDocument.Value, _ lattice: Lattice, prefersCartesian: Bool) throws(CandidateDefect) -> SiteList {
        var list = SiteList(capacity: 8)
        var index = 0
        for site in document.elements(array) {
            let position = try position(site, lattice, index, prefersCartesian)
            try species(site, at: position, index, &list)
            try list.endSite(name: index)
            index += 1
        }
        return list
    }

    private func position(
        _ site: JSONDocument.Value, _ lattice: Lattice, _ index: Int, _ prefersCartesian: Bool
    ) throws(CandidateDefect) -> FractionalPosition {
        if !prefersCartesian, let value = document.member(site, "abc") {
            guard let abc = document.vector(value) else { throw malformed("site \(index + 1): abc is not three numbers") }
            return FractionalPosition(abc)
        }
        guard let xyz = document.member(site, "xyz").flatMap(document.vector) else {
            throw malformed("site \(index + 1): it has no position")
        }
        return prefersCartesian ? FractionalPosition(xyz) : lattice.fractional(CartesianVector(xyz))
    }

    /// A list of species with their occupancies; in old files also a map from species to occupancy, or only a name.
    private func species(
        _ site: JSONDocument.Value, at position: FractionalPosition, _ index: Int, _ list: inout SiteList
    ) throws(CandidateDefect) {
        if let species = document.member(site, "species"), document.kind(species) == .array {
            for entry in document.elements(species) {
                guard let symbol = document.member(entry, "element") else { throw malformed("site \(index + 1): a species has no element") }
                try add(symbol, document.member(entry, "occu"), at: position, index, &list)
            }
        } else if let symbol = document.member(site, "label") ?? document.member(site, "name") {
            try add(symbol, nil, at: position, index, &list)
        } else {
            throw malformed("site \(index + 1): it has no species")
        }
    }

    private func add(
        _ symbol: JSONDocument.Value, _ amount: JSONDocument.Value?, at position: FractionalPosition, _ index: Int, _ list: inout SiteList
    ) throws(CandidateDefect) {
        guard document.kind(symbol) == .string else { throw malformed("site \(index + 1): its element is no text") }
        let number = SpeciesSymbol.atomicNumber(document.bytes.span.extracting(document.range(symbol)))
        if number == 0 {
            throw CandidateDefect("unknown-element", "site \(index + 1): '\(document.shown(symbol))' is no element")
        }
        var occupancy = 1.0
        if let amount {
            guard let value = document.number(amount) else { throw malformed("site \(index + 1): its occupancy is no number") }
            occupancy = value
        }
        if occupancy != 0 { list.add(number, occupancy, at: position) }
    }

    private func malformed(_ what: String) -> CandidateDefect { CandidateDefect("bad-structure", what) }
}
