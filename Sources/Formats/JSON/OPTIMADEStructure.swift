import MaterialsCore

/// A structure resource of OPTIMADE.
struct OPTIMADEStructure {
    private typealias Value = JSONDocument.Value
    private struct Species {
        var name: [UInt8]
        var parts: [(atomicNumber: UInt8, concentration: Double)]
    }

    private let document: JSONDocument

    /// What a resource holds: its attributes, or they themselves.
    static func decode(_ document: JSONDocument, _ resource: JSONDocument.Value) throws(CandidateDefect) -> DecodedStructure {
        let attributes = document.member(resource, "attributes") ?? resource
        let reader = OPTIMADEStructure(document: document)
        let structure = try reader.structure(attributes)
        let id = (document.member(resource, "id") ?? document.member(attributes, "id")).flatMap(document.label)
        return DecodedStructure(structure, id: id, values: reader.values(attributes))
    }

    private func structure(_ attributes: Value) throws(CandidateDefect) -> CrystalStructure {
        guard let positions = document.member(attributes, "cartesian_site_positions"),
            let siteSpecies = document.member(attributes, "species_at_sites")
        else { throw CandidateDefect("no-structure", "the resource has no cartesian_site_positions or no species_at_sites") }
        if let features = document.member(attributes, "structure_features"),
            document.elements(features).contains(where: { document.equals($0, "assemblies") })
        {
            throw CandidateDefect("assemblies", "some of its sites exclude each other (assemblies)")
        }
        let periodicity = try periodicity(attributes)
        let lattice = try lattice(attributes, periodicity)
        let species = try species(attributes)
        var list = SiteList(capacity: 8)
        var names = document.elements(siteSpecies)
        var (index, last) = (0, 0)
        for position in document.elements(positions) {
            guard let xyz = document.vector(position) else { throw malformed("site \(index + 1): its position is not three numbers") }
            guard let name = names.next() else { throw malformed("there are more positions than species_at_sites") }
            last = try place(of: name, species, near: last, index)
            let place = lattice.fractional(CartesianVector(xyz))
            for part in species[last].parts { list.add(part.atomicNumber, part.concentration, at: place) }
            try list.endSite(name: index)
            index += 1
        }
        if names.next() != nil { throw malformed("there are more species_at_sites than positions") }
        return list.structure(lattice, periodicity)
    }

    private func periodicity(_ attributes: Value) throws(CandidateDefect) -> Periodicity {
        guard let types = document.member(attributes, "dimension_types") else { return .full }
        guard let periodicity = document.periodicity(types) else { throw malformed("dimension_types is not three numbers") }
        return periodicity
    }

    /// Vectors that are not given, or zero, along axes that do not repeat are replaced by one of 1 Å perpendicular to the others.
    private func lattice(_ attributes: Value, _ periodicity: Periodicity) throws(CandidateDefect) -> Lattice {
        var vectors: [CartesianVector?] = []
        if let rows = document.member(attributes, "lattice_vectors") {
            for row in document.elements(rows) {
                let vector = document.vector(row).map { CartesianVector($0) }
                vectors.append(vector.flatMap { $0.squaredLength == 0 ? nil : $0 })
            }
        } else {
            vectors = [nil, nil, nil]
        }
        guard vectors.count == 3 else { throw malformed("lattice_vectors are not three") }
        for axis in 0..<3 where vectors[axis] == nil && periodicity[axis] {
            throw malformed("lattice vector \(axis + 1) is not three numbers")
        }
        let whole = OpenAxes.completed(vectors)
        return Lattice(a: whole[0], b: whole[1], c: whole[2])
    }

    private func species(_ attributes: Value) throws(CandidateDefect) -> [Species] {
        guard let array = document.member(attributes, "species") else { return [] }
        var all: [Species] = []
        for entry in document.elements(array) {
            guard let name = document.member(entry, "name"), let symbols = document.member(entry, "chemical_symbols") else {
                throw malformed("a species has no name or no chemical_symbols")
            }
            all.append(Species(name: document.stringBytes(name), parts: try parts(entry, symbols)))
        }
        return all
    }

    private func parts(_ entry: Value, _ symbols: Value) throws(CandidateDefect) -> [(atomicNumber: UInt8, concentration: Double)] {
        let concentrations = document.member(entry, "concentration").map { document.elements($0).map(document.number) }
        let symbols = Array(document.elements(symbols))
        if let concentrations, concentrations.count != symbols.count {
            throw malformed("a species has \(symbols.count) symbols, but \(concentrations.count) concentrations")
        }
        var parts: [(atomicNumber: UInt8, concentration: Double)] = []
        for k in symbols.indices where !document.equals(symbols[k], "vacancy") {
            guard let concentration = concentrations?[k] ?? (concentrations == nil ? 1 : nil) else {
                throw malformed("a concentration is no number")
            }
            let number = SpeciesSymbol.atomicNumber(document.bytes.span.extracting(document.range(symbols[k])))
            guard number != 0 else {
                throw CandidateDefect("unknown-element", "'\(document.shown(symbols[k]))' is no element")
            }
            if concentration != 0 { parts.append((number, concentration)) }
        }
        return parts
    }

    /// The species of a name; sites of one species mostly follow each other.
    private func place(of name: Value, _ species: [Species], near last: Int, _ index: Int) throws(CandidateDefect) -> Int {
        func isNamed(_ k: Int) -> Bool { species[k].name.elementsEqual(document.bytes[document.range(name)]) }
        if last < species.count, isNamed(last) { return last }
        if let place = species.indices.first(where: isNamed) { return place }
        throw malformed("site \(index + 1): its species '\(document.shown(name))' is not described")
    }

    private func values(_ attributes: Value) -> [(name: String, value: DecodedStructure.Value)] {
        var values: [(name: String, value: DecodedStructure.Value)] = []
        for (name, value) in document.members(attributes) where !document.equals(name, "id") && !document.equals(name, "type") {
            if let read = document.columnValue(value), let label = document.string(name) { values.append((label, read)) }
        }
        return values
    }

    private func malformed(_ what: String) -> CandidateDefect { CandidateDefect("bad-structure", what) }
}
