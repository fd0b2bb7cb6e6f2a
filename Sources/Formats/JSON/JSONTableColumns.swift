import MaterialsCore

/// Names of the columns of a table in JSON (`{"columns": […], "index": […], "data": [[…], …]}`), which all its rows need.
struct JSONTableColumns: Sendable {
    /// Names in the order of the rows' cells; nil where they cannot be read.
    let names: [String]?
    /// Column of the structures and of the ids; nil where there is none.
    let structurePlace: Int?, idPlace: Int?
    private let labels: [String]
    private static let structureNames = ["structure", "atoms", "final_structure", "initial_structure", "cif", "poscar"]
    private static let idNames = ["material_id", "jid", "id"]

    /// Reads the arrays of names and of labels.
    init(_ columns: [UInt8], labels: [UInt8]?) {
        let names = Self.texts(columns)
        self.names = names
        // Of the names that there are, the first of the list counts.
        func place(of wanted: [String]) -> Int? { wanted.lazy.compactMap { name in names?.firstIndex(of: name) }.first }
        (structurePlace, idPlace) = (place(of: Self.structureNames), place(of: Self.idNames))
        self.labels = labels.flatMap(Self.texts) ?? []
    }

    /// The label of a row, where the table has one.
    func label(_ row: Int) -> String? { row < labels.count ? labels[row] : nil }

    private static func texts(_ array: [UInt8]) -> [String]? {
        guard let document = try? JSONDocument(array) else { return nil }
        return document.elements(document.root).map { value in
            document.string(value) ?? String(decoding: document.bytes[document.range(value)], as: UTF8.self)
        }
    }
}
