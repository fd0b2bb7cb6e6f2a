import MaterialsCore
import Selection

extension ScreeningPlan.Property {
    /// Names that an expression looks at.
    var inputs: [String] { if case .expression(let e) = kind { e.propertyNames } else { [] } }
}

extension ScreeningPlan {
    /// Names that expressions, filters, objectives and the ranking use, with the line that uses them.
    var references: [(name: String, line: Int)] {
        properties.flatMap { p in p.inputs.map { ($0, p.line) } }
            + filters.flatMap { f in f.filter.requiredProperties.map { ($0, f.line) } }
            + zip(objectives, objectiveLines).map { ($0.property, $1) } + ranking.references + groupReference
    }

    /// The property that lines are limited by, where it is no text column that the candidates carry.
    private var groupReference: [(name: String, line: Int)] {
        guard let limit = ranking.limit, limit.key != GroupLimit.chemicalSystem,
            !sources.contains(where: { $0.columns.contains(limit.key) })
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
    /// A property that is the probability of a class.
    struct Probability: Equatable {
        /// Name of the classification.
        var property: String
        /// Class; nil is class 1 of 0 and 1, else the class that is predicted.
        var className: String?
        /// Name of the probability.
        var name: String { property + "_probability" + (className.map { "_" + $0 } ?? "") }
    }

    /// In the order of the outputs.
    private(set) var probabilities: [Probability] = []

    init(_ plan: ScreeningPlan, files: ModelFiles, planPath: String, workers: Workers) throws {
        let compared = plan.filters.flatMap { f in f.filter.comparedClasses.map { (property: $0.property, name: $0.name, line: f.line) } }
        for property in plan.properties where Self.isClassification(property, files) {
            probabilities.append(Probability(property: property.name))
            let prefix = property.name + "_probability_"
            let named = plan.references.filter { r in r.name.hasPrefix(prefix) && !plan.properties.contains { $0.name == r.name } }
            let wanted = named.map { (name: String($0.name.dropFirst(prefix.count)), line: $0.line) }
            let own = compared.filter { $0.property == property.name }.map { (name: $0.name, line: $0.line) }
            if wanted.isEmpty && own.isEmpty { continue }
            let classes = try Self.classes(of: property, plan, files, workers)
            for (name, line) in wanted + own where !classes.contains(name) {
                throw Settings.error(line, "'\(property.name)' has no class '\(name)'" + suggestion(for: name, among: classes)).at(planPath)
            }
            for (name, _) in wanted {
                let probability = Probability(property: property.name, className: name)
                if !probabilities.contains(probability) { probabilities.append(probability) }
            }
        }
        let known = Set(probabilities.map(\.property))
        for c in compared where !known.contains(c.property) {
            throw Settings.error(c.line, "'\(c.property)' is compared with the text '\(c.name)', but is no classification of the plan")
                .at(planPath)
        }
    }

    private static func isClassification(_ p: ScreeningPlan.Property, _ files: ModelFiles) -> Bool {
        switch p.kind {
        case .train(let training): training.task == .classification
        case .model: files[p.name].surrogate.card.task == .classification
        case .join, .expression, .feature: false
        }
    }

    private static func classes(
        of p: ScreeningPlan.Property, _ plan: ScreeningPlan, _ files: ModelFiles, _ workers: Workers
    ) throws -> [String] {
        guard case .train(let training) = p.kind else { return files[p.name].surrogate.card.classes }
        return try TrainingTable(training, path: plan.resolve(training.file), workers: workers).targets[0].classes
    }
}
