import MaterialsCore

/// Names of the columns of a table in JSON (`{"columns": […], "index": […], "data": [[…], …]}`), which all its rows need.
struct JSONTableColumns: Sendable {
    /// Names in the order of the rows' cells; nil where they cannot be read.
    let names: [String]?
    private let labels: [String]

    /// Reads the arrays of names and of labels.
    init(_ columns: [UInt8], labels: [UInt8]?) {
        names = Self.texts(columns)
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
