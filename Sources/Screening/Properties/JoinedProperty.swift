import MaterialsCore
import Storage

/// Values joined in from a table: `{file: measurements.csv, column: gap_ev, by: formula}`.
struct JoinedProperty: PropertyKind {
    static let name = "file"
    static let summary = "values of a table, joined in by formula or id"
    static let example = "{file: measured.csv, column: gap_ev, by: formula}"

    private let file: String
    private let column: String
    private let key: JoinKey
    private let keys: KeyColumns
    private let dataClass: DataClass?

    init(_ settings: inout Settings, of property: PropertyHead) throws {
        file = try settings.requiredText("file")
        column = try settings.requiredText("column")
        key = try settings.choice("by", default: .formula)
        keys = try KeyColumns(&settings)
        dataClass = try DataClass(given: &settings)
    }

    func check(_ context: PropertyContext) throws {
        let path = context.resolve(file)
        let names = try CandidateInput.columnNames(path, format: nil)
        if key == .id, keys.id == nil, !names.contains(where: { ["id", "material_id"].contains($0.lowercased()) }),
            try FileKind.detect(path) == .notHDF5
        {
            throw context.error("\(file) has no column 'id' or 'material_id' to join by; name it with id_column")
        }
        guard names.contains(column) else {
            throw context.error("\(file) has no column '\(column)'" + suggestion(for: column, among: names))
        }
    }

    func open(_ context: PropertyContext) throws -> OpenedProperty {
        var request = keys.request([CandidateColumn(name: column, kind: .numeric)], structures: false)
        request.formulaIsOptional = key == .id
        let source = try CandidateInput.open(context.resolve(file), request: request)
        let input = try context.input(source, file: file, role: "values of \(context.name)", dataClass: dataClass)
        let values = try JoinedValues(source, column: column, by: key, idsArePrefixed: context.idsArePrefixed)
        return OpenedProperty(
            computation: JoinedComputation(values: values, unit: source.schema.numeric.first?.unit), files: [input], notes: values.notes)
    }
}

/// What rows of a joined table are matched by.
enum JoinKey: String, CaseIterable, Sendable { case formula, id }

private struct JoinedComputation: PropertyComputation {
    let values: JoinedValues
    let unit: String?

    func columns(inputs: [PropertyDefinition]) -> [PropertyColumn] { [PropertyColumn(unit: unit)] }

    func values(of batch: CandidateBatch, inputs: [PropertyValues], cache: inout FeatureCache) -> ComputedColumns {
        ComputedColumns(values.values(for: batch))
    }
}
