import MaterialsCore

/// Columns that say what a row of a table is, where they do not have their usual names.
public struct KeyColumns: Sendable, Equatable {
    /// Formula column; nil finds `formula` or `composition`.
    public var formula: String?
    /// Id column; nil finds `id` or `material_id`.
    public var id: String?
    /// Column with a structure as text; nil finds `cif` or `poscar`, or `structure` where there is no formula.
    public var structure: String?

    /// Names of columns.
    public init(formula: String? = nil, id: String? = nil, structure: String? = nil) {
        (self.formula, self.id, self.structure) = (formula, id, structure)
    }

    /// Reads `formula_column`, `id_column` and `structure_column` of a plan.
    init(_ settings: inout Settings) throws {
        self.init(
            formula: try settings.text("formula_column"), id: try settings.text("id_column"),
            structure: try settings.text("structure_column"))
    }

    /// A request for some columns; nil asks for all.
    func request(_ columns: [CandidateColumn]?, structures: Bool) -> TableRequest {
        var request = TableRequest(formulaColumn: formula, idColumn: id, columns: columns)
        request.structureColumn = structure
        request.readsStructures = structures
        return request
    }
}
