import MaterialsCore

/// Names of everything that a plan computes, in the order of the outputs: the properties, their further columns, and what models know.
struct ComputedNames {
    /// Names of the properties of the plan.
    let properties: [String]
    /// Names of the further columns of each.
    let further: [[String]]
    /// Columns that are 1 where surrogates were trained on a candidate, and the properties that those predict.
    let known: [(name: String, properties: [Int])]

    init(_ plan: ScreeningPlan, classes: PlanClasses) {
        properties = plan.properties.map(\.name)
        further = plan.properties.map { p in
            (p.isPredicted ? classes.furtherColumns(of: p.name) : p.kind.furtherColumns).map { p.name + "_" + $0 }
        }
        let predicted = plan.properties.indices.filter { plan.properties[$0].isPredicted }
        known =
            (predicted.isEmpty ? [] : [(knownPropertyName, predicted)])
            + (predicted.count > 1 ? predicted.map { (knownName(plan.properties[$0].name), [$0]) } : [])
    }

    /// All of them.
    var all: [String] { properties + further.flatMap(\.self) + known.map(\.name) }

    /// Which property of the plan gives a column.
    func owner(of name: String) -> Int? {
        properties.firstIndex(of: name) ?? further.firstIndex { $0.contains(name) }
    }
}

/// Name of the property that is 1 for candidates that the surrogate of one property was trained on; there where a plan has several.
func knownName(_ property: String) -> String { property + "_known" }

/// Name of the property that is 1 for candidates that a surrogate of the plan was trained on.
public let knownPropertyName = "known"
