import MaterialsCore

extension NamedSettings {
    /// Reads `magpie,stoichiometry` or `{magpie: {missing: reject}}` from the command line.
    public static func list(_ text: String) throws -> [NamedSettings] {
        if text.contains("{") {
            let setting = try YAMLSettings.decode("[" + text + "]", subject: "--descriptor")
            guard case .list(let items) = setting.value else { return [] }
            return try items.map { try NamedSettings($0, what: "a descriptor") }
        }
        let names = text.split(separator: ",").map { String($0.trimmingPrefix(" ")) }
        if names.isEmpty { throw MatSieveError.usage("--descriptor: give at least one name (matsieve list descriptors)") }
        return names.map { NamedSettings($0) }
    }

    /// Reads `ridge` or `{ridge: {alpha: 1}}` from the command line.
    public static func parse(_ text: String, what: String) throws -> NamedSettings {
        try NamedSettings(try YAMLSettings.decode(text, subject: what), what: what)
    }
}

extension TrainingPlan {
    /// Reads `a,b`; a column whose name holds a comma is taken whole.
    public static func targets(_ text: String, in table: String, format: String?) throws -> [String] {
        if try !text.contains(",") || CandidateInput.columnNames(table, format: format).contains(text) { return [text] }
        let names = text.split(separator: ",").map { String($0.trimmingPrefix(" ")) }
        if names.isEmpty { throw MatSieveError.usage("--target: give at least one column") }
        return names
    }

    /// Reads `temperature,space_group:category` from the command line.
    public static func featureColumns(_ text: String) throws -> [CandidateColumn] {
        text.split(separator: ",").map { part in
            part.hasSuffix(":category")
                ? CandidateColumn(name: String(part.dropLast(9)), kind: .text) : CandidateColumn(name: String(part), kind: .numeric)
        }
    }
}
