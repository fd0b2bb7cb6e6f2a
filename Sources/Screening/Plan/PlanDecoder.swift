import MaterialsCore
import Selection
import Supply

/// Decodes the parts of a plan, each strictly.
enum PlanDecoder {
    static func sources(_ plan: inout Settings) throws -> [ScreeningPlan.Source] {
        guard let list = plan.list("candidates"), !list.isEmpty else {
            throw Settings.error(plan.line(of: "candidates"), "the plan needs 'candidates': a list with at least one '- file: …'")
        }
        return try list.map { item in
            if case .text(let file) = item.value { return ScreeningPlan.Source(kind: FileCandidates(file: file), line: item.line) }
            var s = try Settings(item, subject: "candidates")
            let kind = try CandidateSourceRegistry.decode(&s)
            try s.finish()
            return ScreeningPlan.Source(kind: kind, line: item.line)
        }
    }

    static func properties(_ plan: inout Settings, seed: UInt64) throws -> [ScreeningPlan.Property] {
        guard let setting = plan.setting("properties") else { return [] }
        guard case .mapping(let entries) = setting.value else {
            throw Settings.error(setting.line, "'properties' must be a mapping of names to how they are computed")
        }
        return try entries.map { name, line, value in
            guard !name.isEmpty else { throw Settings.error(line, "a property needs a name") }
            guard name != knownPropertyName else {
                throw Settings.error(line, "'\(name)' is reserved: it marks what a model was trained on")
            }
            var s = try Settings(value, subject: "property '\(name)'")
            let kind = try PropertyKindRegistry.decode(&s, of: PropertyHead(name: name, line: line, seed: seed))
            try s.finish()
            return ScreeningPlan.Property(name: name, kind: kind, line: line)
        }
    }

    static func filters(_ plan: inout Settings) throws -> [ScreeningPlan.Filter] {
        try (plan.list("filters") ?? []).map { item in
            if case .text = item.value { return try filter("where", item, name: nil, line: item.line) }
            var s = try Settings(item, subject: "a filter")
            let name = try s.text("name")
            let kinds = s.keys.filter { $0 != "name" }
            guard let kind = kinds.first, kinds.count == 1 else {
                throw Settings.error(
                    item.line, "a filter needs exactly one of \(FilterRegistry.entries.map(\.name).joined(separator: ", "))")
            }
            return try filter(kind, s.setting(kind)!, name: name, line: s.line(of: kind))
        }
    }

    private static func filter(_ kind: String, _ setting: Setting, name: String?, line: Int) throws -> ScreeningPlan.Filter {
        let made = try FilterRegistry.entry(named: kind, line: line).make(setting).resolvingElementLists {
            try ElementTableRegistry.list(named: $0, line: $1)
        }
        return ScreeningPlan.Filter(name: name ?? made.label, filter: made, line: line)
    }

    /// Shares of the mass in review by the lists that filters judge by, as properties where the plan shows none of them.
    static func reviews(of filters: [ScreeningPlan.Filter], beside properties: [ScreeningPlan.Property]) throws -> [ScreeningPlan.Property]
    {
        var shown = properties.compactMap { ($0.kind as? ElementTableProperty)?.reviewedList }
        var result: [ScreeningPlan.Property] = []
        for (name, line) in filters.flatMap(\.filter.elementLists) where !shown.contains(name) {
            let table = try ElementTableRegistry.table(named: name, line: line)
            if table.reviewElements.isEmpty { continue }
            shown.append(name)
            result.append(ScreeningPlan.Property(name: name + "_review", kind: ElementTableProperty(reviewOf: table), line: line))
        }
        return result
    }
}
