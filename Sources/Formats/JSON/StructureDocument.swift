import MaterialsCore

/// A JSON object that holds a structure, by itself or among other fields.
struct StructureDocument {
    private typealias Value = JSONDocument.Value
    /// Names under which a document's structure stands; the first that is there counts.
    private static let structureNames: [StaticString] = ["structure", "final_structure", "atoms", "initial_structure", "molecule"]
    /// Names under which a document's id stands; the first that is there counts.
    private static let idNames: [StaticString] = ["material_id", "entry_id", "jid", "id", "task_id"]
    /// Objects of a computed entry whose fields count as the document's own.
    private static let innerNames: [StaticString] = ["data", "parameters", "properties"]

    private let document: JSONDocument

    /// What an object holds.
    /// - Errors: `no-structure` where there is none.
    static func decode(_ document: JSONDocument, _ object: JSONDocument.Value) throws(CandidateDefect) -> DecodedStructure {
        try StructureDocument(document: document).decode(object)
    }

    /// The structure of a value: an object, or a text that holds one.
    static func structure(_ document: JSONDocument, _ value: JSONDocument.Value) throws(CandidateDefect) -> CrystalStructure {
        if document.kind(value) == .string { return try StructureText.decode(document.stringBytes(value)).structure }
        if document.member(value, "lattice_mat") != nil { return try JARVISAtoms.read(document, value) }
        return try PymatgenStructure.read(document, value)
    }

    private func decode(_ object: Value) throws(CandidateDefect) -> DecodedStructure {
        guard document.kind(object) == .object else { throw CandidateDefect("no-structure", "the record is no object") }
        if document.member(object, "sites") != nil || document.member(object, "lattice_mat") != nil {
            let structure = try Self.structure(document, object)
            return DecodedStructure(structure, values: values(of: object, without: ["charge", "spin_multiplicity"]))
        }
        for name in Self.structureNames {
            guard let value = document.member(object, name) else { continue }
            let structure = try Self.structure(document, value)
            let (id, idName) = id(of: object)
            return DecodedStructure(structure, id: id, values: values(of: object, without: idName.map { [$0] } ?? []))
        }
        throw noStructure(object)
    }

    private func noStructure(_ object: Value) -> CandidateDefect {
        let isEntry = document.member(object, "composition") != nil && document.member(object, "energy") != nil
        return CandidateDefect("no-structure", isEntry ? "the computed entry has no structure" : "the object has no structure")
    }

    private func id(of object: Value) -> (id: String?, name: StaticString?) {
        for name in Self.idNames {
            if let id = document.member(object, name).flatMap(document.label), !id.isEmpty { return (id, name) }
        }
        return (nil, nil)
    }

    /// Fields that a column can take, then those of the inner objects; of two of one name the first counts.
    private func values(of object: Value, without left: [StaticString]) -> [(name: String, value: DecodedStructure.Value)] {
        var values: [(name: String, value: DecodedStructure.Value)] = []
        var inner: [Value] = []
        for (name, value) in document.members(object) {
            if document.kind(value) == .object {
                if Self.innerNames.contains(where: { document.equals(name, $0) }) { inner.append(value) }
            } else if !document.isSerialization(name), !left.contains(where: { document.equals(name, $0) }) {
                if let read = document.columnValue(value), let label = document.string(name) { values.append((label, read)) }
            }
        }
        for object in inner {
            for (name, value) in document.members(object) where !document.isSerialization(name) {
                if let read = document.columnValue(value), let label = document.string(name) { values.append((label, read)) }
            }
        }
        return values
    }
}

extension JSONDocument {
    /// True for names such as `@class`, which say how the object is to be read.
    fileprivate func isSerialization(_ name: Value) -> Bool {
        let range = range(name)
        return !range.isEmpty && bytes[range.lowerBound] == UInt8(ascii: "@")
    }
}
