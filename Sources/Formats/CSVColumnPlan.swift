import MaterialsCore

/// Which columns of a file go where.
struct CSVColumnPlan: Sendable {
    /// What is done with one column of the file.
    struct Use: Sendable {
        /// Place among the numeric columns, or -1.
        var numeric = -1
        /// Place among the text columns, or -1.
        var text = -1
    }

    /// Names of the file's columns.
    let header: [String]
    /// Between cells.
    let separator: UInt8
    /// Columns that batches carry.
    let schema: CandidateSchema
    /// Column of the formulas; nil where there is none and none is needed.
    let formula: Int?
    /// Column of the ids; nil where row numbers serve.
    let id: Int?
    /// Column of structures as text; nil where there is none or nobody looks at them.
    let structure: Int?
    /// One a column of the file.
    let uses: [Use]

    /// Finds the columns of a request.
    /// - Errors: input error where one is missing, doubtful or named twice in the file; usage error where the request names one twice
    ///   for the same kind (once as number and once as text is fine).
    init(header: [String], separator: UInt8, request: TableRequest, columns: [CandidateColumn], path: String) throws {
        self.header = header
        self.separator = separator
        let keys = try Self.keyColumns(header, request, path)
        (formula, id, structure) = (keys.formula, keys.id, keys.readsStructure ? keys.structure : nil)
        schema = CandidateSchema(columns, hasStructures: structure != nil && request.readsStructures)
        var uses = [Use](repeating: Use(), count: header.count)
        let places = Dictionary(uniqueKeysWithValues: header.enumerated().map { ($1, $0) })
        func claim(_ column: CandidateColumn, _ slot: WritableKeyPath<Use, Int>, _ k: Int) throws {
            let place = try places[column.name] ?? Self.place(column.name, header, path)
            guard uses[place][keyPath: slot] < 0 else {
                throw MatSieveError.usage("\(path): column '\(column.name)' is asked for twice as \(column.kind.rawValue); name it once")
            }
            uses[place][keyPath: slot] = k
        }
        for (k, column) in schema.numeric.enumerated() { try claim(column, \.numeric, k) }
        for (k, column) in schema.text.enumerated() { try claim(column, \.text, k) }
        self.uses = uses
    }

    /// Columns that make a candidate, and are not carried beside it.
    struct KeyColumns {
        var formula: Int?
        var id: Int?
        var structure: Int?
        /// False where structures are there, but not wanted.
        var readsStructure = false
    }

    /// Places of formula, id and structure.
    static func keyColumns(_ header: [String], _ request: TableRequest, _ path: String) throws -> KeyColumns {
        try checkDistinct(header, path)
        var keys = KeyColumns()
        keys.id = try request.idColumn.map { try place($0, header, path) } ?? find(["id", "material_id"], header)
        keys.formula = try request.formulaColumn.map { try place($0, header, path) }
        if keys.formula == nil, request.readsFormulas { keys.formula = find(["formula", "composition"], header) }
        keys.structure = try request.structureColumn.map { try place($0, header, path) }
        let needsStructure = keys.formula == nil && !request.formulaIsOptional
        // Beside a formula, a column `structure` may be the name of a type.
        if keys.structure == nil { keys.structure = find((needsStructure ? ["structure"] : []) + ["cif", "poscar"], header) }
        if needsStructure, keys.structure == nil {
            throw MatSieveError.input(
                "\(path) has no column 'formula' or 'composition'; name the formula column (there are: \(listed(header)))")
        }
        keys.readsStructure =
            needsStructure || request.structureColumn != nil || request.readsStructures && !request.formulaIsOptional
        return keys
    }

    /// The first of `names`, as written or else in any case.
    private static func find(_ names: [String], _ header: [String]) -> Int? {
        for name in names {
            if let k = header.firstIndex(of: name) { return k }
            if let k = header.firstIndex(where: { $0.lowercased() == name }) { return k }
        }
        return nil
    }

    private static func place(_ name: String, _ header: [String], _ path: String) throws -> Int {
        if let k = header.firstIndex(of: name) { return k }
        let near = nearestName(to: name, among: header).map { "; did you mean '\($0)'?" } ?? ""
        throw MatSieveError.input("\(path) has no column '\(name)'\(near) (there are: \(listed(header)))")
    }

    private static func checkDistinct(_ header: [String], _ path: String) throws {
        var seen: [String: Int] = [:]
        for (k, name) in header.enumerated() {
            if let before = seen.updateValue(k, forKey: name) {
                throw MatSieveError.input("\(path): columns \(before + 1) and \(k + 1) are both named '\(name)'; rename one")
            }
        }
    }

    private static func listed(_ header: [String]) -> String {
        header.prefix(30).joined(separator: ", ") + (header.count > 30 ? ", … \(header.count) in all" : "")
    }
}
