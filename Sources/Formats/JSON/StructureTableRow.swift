import MaterialsCore

/// A row of a table in JSON: a structure, an id and values, each in its column.
enum StructureTableRow {
    /// What a row holds.
    static func decode(_ document: JSONDocument, _ columns: JSONTableColumns) throws(CandidateDefect) -> DecodedStructure {
        guard let names = columns.names else { throw CandidateDefect("bad-json", "the table's columns cannot be read") }
        let cells = Array(document.elements(document.root))
        guard cells.count == names.count else {
            throw CandidateDefect("ragged-row", "the row has \(cells.count) cells; the table has \(names.count) columns")
        }
        guard let place = columns.structurePlace, document.kind(cells[place]) != .null else {
            throw CandidateDefect("no-structure", "the row has no structure")
        }
        let structure = try StructureDocument.structure(document, cells[place])
        let idPlace = columns.idPlace
        var values: [(name: String, value: DecodedStructure.Value)] = []
        values.reserveCapacity(names.count)
        for k in names.indices where k != place && k != idPlace {
            if let value = document.columnValue(cells[k]) { values.append((names[k], value)) }
        }
        return DecodedStructure(structure, id: idPlace.flatMap { document.label(cells[$0]) }, values: values)
    }
}
