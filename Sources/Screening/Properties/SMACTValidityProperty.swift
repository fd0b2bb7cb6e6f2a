import Generation
import MaterialsCore

/// 1 for formulas that make chemical sense, 0 for others: `{smact_validity: {oxidation_states: icsd24}}`, or `{smact_validity: icsd24}`.
struct SMACTValidityProperty: PropertyKind {
    static let name = "smact_validity"
    static let summary = "1 where the formula is charge neutral and passes the electronegativity test, as SMACT says"
    static let example = "{smact_validity: {include_alloys: false}}"

    private let rules: CompositionValidity

    init(_ settings: inout Settings, of property: PropertyHead) throws {
        let given = settings.setting(Self.name)!
        let subject = "'\(Self.name)'"
        var nested: Settings
        if case .text(_) = given.value {
            nested = try Settings(
                Setting(.mapping([(key: "oxidation_states", line: given.line, value: given)]), line: given.line), subject: subject)
        } else {
            nested = try Settings(given, subject: subject)
        }
        rules = try CompositionValidity(&nested)
        try nested.finish()
    }

    func open(_ context: PropertyContext) -> OpenedProperty { OpenedProperty(computation: ValidityComputation(rules: rules)) }
}

private struct ValidityComputation: PropertyComputation {
    let rules: CompositionValidity

    func columns(inputs: [PropertyDefinition]) -> [PropertyColumn] { [PropertyColumn()] }

    func values(of batch: CandidateBatch, inputs: [PropertyValues], cache: inout FeatureCache) -> ComputedColumns {
        ComputedColumns((0..<batch.count).map { rules.isValid(batch.composition($0)) ? 1 : 0 })
    }
}
