import MaterialsCore
import Selection

/// A number computed from other properties: `{expression: gap - 1.4}`.
struct ExpressionProperty: PropertyKind {
    static let name = "expression"
    static let summary = "a number computed from other properties and columns"
    static let example = "{expression: gap - 1.4}"

    private let expression: Selection.Expression

    init(_ settings: inout Settings, of property: PropertyHead) throws {
        let text = try settings.requiredText("expression")
        let line = settings.line(of: "expression")
        do { expression = try Selection.Expression(text) } catch let e as MatSieveError { throw Settings.error(line, e.message) }
        guard expression.kind == .number else {
            throw Settings.error(
                line, "property '\(property.name)': '\(text)' is a condition, not a number; conditions go to 'filters'")
        }
    }

    var inputs: [String] { expression.propertyNames }

    func open(_ context: PropertyContext) -> OpenedProperty { OpenedProperty(computation: ExpressionValues(expression: expression)) }
}

private struct ExpressionValues: PropertyComputation {
    let expression: Selection.Expression

    func columns(inputs: [PropertyDefinition]) -> [PropertyColumn] { [PropertyColumn()] }

    func values(of batch: CandidateBatch, inputs: [PropertyValues], cache: inout FeatureCache) -> ComputedColumns {
        ComputedColumns(expression.values(inputs.map(\.values), rows: batch.count))
    }
}
