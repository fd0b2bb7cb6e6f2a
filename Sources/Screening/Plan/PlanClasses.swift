import MaterialsCore
import Selection

extension ScreeningPlan {
    /// Names that properties, filters, objectives and the ranking use, with the line that uses them.
    var references: [(name: String, line: Int)] {
        properties.flatMap { p in p.kind.inputs.map { ($0, p.line) } }
            + filters.flatMap { f in f.filter.requiredProperties.map { ($0, f.line) } }
            + zip(objectives, objectiveLines).map { ($0.property, $1) } + ranking.references + groupReference
    }

    /// The property that lines are limited by, where it is no text column that the candidates carry.
    private var groupReference: [(name: String, line: Int)] {
        guard let limit = ranking.limit, limit.key != GroupLimit.chemicalSystem,
            !sources.contains(where: { $0.kind.carriedColumns.contains(limit.key) })
        else { return [] }
        return [(limit.key, limit.line)]
    }
}

/// The classifications of a plan: properties for probabilities, and the classes that the plan names.
///
/// Every classification `phase` brings `phase_probability`. A filter, goal or expression that names
/// `phase_probability_perovskite`, or asks for `phase == 'perovskite'`, is checked against the classes of the model or training table
/// before anything is trained.
struct PlanClasses {
    /// Classes of each classification whose probabilities the plan names, in the order of naming.
    private var named: [String: [String]] = [:]

    init(_ plan: ScreeningPlan, planPath: String, context: (ScreeningPlan.Property) -> PropertyContext) throws {
        let compared = plan.filters.flatMap { f in f.filter.comparedClasses.map { (property: $0.property, name: $0.name, line: f.line) } }
        for property in plan.properties {
            guard let kind = property.kind as? any PredictedPropertyKind, kind.task(context(property)) == .classification else { continue }
            named[property.name] = []
            let prefix = property.name + "_probability_"
            let references = plan.references.filter { r in r.name.hasPrefix(prefix) && !plan.properties.contains { $0.name == r.name } }
            let wanted = references.map { (name: String($0.name.dropFirst(prefix.count)), line: $0.line) }
            let own = compared.filter { $0.property == property.name }.map { (name: $0.name, line: $0.line) }
            if wanted.isEmpty && own.isEmpty { continue }
            let classes = try kind.classes(context(property))
            for (name, line) in wanted + own where !classes.contains(name) {
                throw Settings.error(line, "'\(property.name)' has no class '\(name)'" + suggestion(for: name, among: classes)).at(planPath)
            }
            for (name, _) in wanted where !self.classes(of: property.name).contains(name) { named[property.name]!.append(name) }
        }
        for c in compared where named[c.property] == nil {
            throw Settings.error(c.line, "'\(c.property)' is compared with the text '\(c.name)', but is no classification of the plan")
                .at(planPath)
        }
    }

    /// Classes of a property whose probabilities the plan names.
    func classes(of property: String) -> [String] { named[property] ?? [] }

    /// Endings of the columns with the probabilities of a property: class 1 of 0 and 1 or else the class that is predicted, then those
    /// that the plan names.
    func furtherColumns(of property: String) -> [String] {
        named[property].map { ["probability"] + $0.map { "probability_" + $0 } } ?? []
    }
}
